import { watchNpm } from './npm-parent.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes a Ctrl-C on that the terminal has sent to us as well: the second within this is no second wish. */
const ECHO_MS = 1500;

/** Somebody wants Carillon to stop: a signal, or the end of the npm that started us. */
export class StopRequest {
  /** Resolves to the reason, for people. */
  readonly requested: Promise<string>;
  private firstMs?: number;
  private resolve!: (reason: string) => void;

  /** @param onInsist is called when a signal comes again while stopping is under way. */
  constructor(private readonly onInsist: () => void) {
    this.requested = new Promise((resolve) => (this.resolve = resolve));
    for (const signal of signals) process.on(signal, () => this.request(signal));
    watchNpm(() => this.request('npm has ended'));
  }

  private request(reason: string): void {
    const nowMs = Date.now();
    if (this.firstMs === undefined) {
      this.firstMs = nowMs;
      this.resolve(reason);
    } else if (nowMs - this.firstMs > ECHO_MS) {
      this.onInsist();
    }
  }
}
