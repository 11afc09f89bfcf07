import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { asCarillonError, type CarillonError } from '../../client/carillon-error.js';
import { isAbort } from './api.js';

/**
 * Something that is read from the API for an element, which renders anew when it comes. A newer call gives up the one
 * before; one that fails leaves what was there before, beside its error.
 */
export class Loader<T> implements ReactiveController {
  value?: T;
  error?: CarillonError;
  isLoading = false;
  private underWay?: AbortController;
  private timer?: ReturnType<typeof setTimeout>;
  private everyMs?: number;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly read: (signal: AbortSignal) => Promise<T>,
    private readonly came: (value: T) => void = () => undefined,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.underWay?.abort();
    this.underWay = undefined;
    this.every(undefined);
    document.removeEventListener('visibilitychange', this.seen);
  }

  /** Reads it again so often, in milliseconds, while the page is seen; undefined ends that. */
  every(ms: number | undefined): void {
    if (ms === this.everyMs) return;
    this.everyMs = ms;
    document.removeEventListener('visibilitychange', this.seen);
    clearTimeout(this.timer);
    if (ms === undefined) return;
    document.addEventListener('visibilitychange', this.seen);
    this.wait();
  }

  /** Forgets what was there and reads anew. */
  restart(): Promise<void> {
    this.value = undefined;
    this.error = undefined;
    return this.load();
  }

  /** Never rejects: an error is kept. */
  async load(): Promise<void> {
    this.underWay?.abort();
    clearTimeout(this.timer);
    const own = (this.underWay = new AbortController());
    this.isLoading = true;
    this.host.requestUpdate();
    try {
      const value = await this.read(own.signal);
      if (own.signal.aborted) return;
      this.came(value);
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (own.signal.aborted || isAbort(error)) return;
      this.error = asCarillonError(error);
    }
    this.isLoading = false;
    this.host.requestUpdate();
    this.wait();
  }

  private wait(): void {
    clearTimeout(this.timer);
    if (this.everyMs === undefined || document.visibilityState === 'hidden') return;
    this.timer = setTimeout(() => void this.load(), this.everyMs);
  }

  private readonly seen = () => {
    if (document.visibilityState === 'hidden') clearTimeout(this.timer);
    else void this.load();
  };
}
