import { asCarillonError, type CarillonError } from './carillon-error.js';
import { isHidden } from './page-signals.js';
import type { Counts } from './shapes.js';

export interface PollingOptions {
  everyMs: number;
  counts: () => Promise<Counts>;
  heard: (counts: Counts) => void;
  failed: (error: CarillonError) => void;
}

/** Asks for the counts now and then, while somebody looks. */
export class Polling {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: PollingOptions) {}

  get isOn(): boolean {
    return this.timer !== undefined;
  }

  /** Asks at once, and from then on. */
  ask(): void {
    const { everyMs, counts, heard, failed } = this.options;
    clearTimeout(this.timer);
    // Those who began together do not stay together.
    const timer = setTimeout(() => this.ask(), everyMs * (0.9 + Math.random() * 0.2));
    this.timer = timer;
    if (isHidden()) return;
    counts().then(
      (answer) => {
        if (timer === this.timer) heard(answer);
      },
      (error: unknown) => {
        if (timer === this.timer) failed(asCarillonError(error));
      },
    );
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
