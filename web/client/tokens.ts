import { asCarillonError, CarillonError } from './carillon-error.js';

/** A person's token, or who makes one; that is asked again when a token was refused. */
export type TokenSource = string | (() => string | Promise<string>);

/** The token in use. */
export class Tokens {
  private current: Promise<string> | undefined;

  constructor(private source: TokenSource) {}

  /** Whether there can be another one. */
  get isRenewable(): boolean {
    return typeof this.source !== 'string';
  }

  /** @throws CarillonError `unauthenticated` where the page has none, `unreachable` where it could not get one. */
  get(): Promise<string> {
    return (this.current ??= this.ask());
  }

  /** Another one than the one that was refused; undefined where there is none. Those who ask at once share the answer. */
  async renew(refused: string): Promise<string | undefined> {
    if (typeof this.source === 'string') return undefined;
    const inUse = this.current;
    if (inUse && (await inUse.catch(() => refused)) === refused && this.current === inUse)
      this.current = undefined;
    const token = await this.get();
    return token === refused ? undefined : token;
  }

  /** There is none any more, and nobody is asked for one. */
  end(): void {
    this.source = '';
    this.current = undefined;
  }

  private ask(): Promise<string> {
    const { source } = this;
    const asked = Promise.resolve()
      .then(() => (typeof source === 'string' ? source : source()))
      .then((token) => {
        if (typeof token === 'string' && token !== '') return token;
        throw new CarillonError('unauthenticated', 'the page has no token');
      })
      .catch((error: unknown) => {
        // The next who needs one asks again.
        if (this.current === asked) this.current = undefined;
        throw asCarillonError(error);
      });
    return asked;
  }
}
