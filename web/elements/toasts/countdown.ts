/** A timer that can be stopped for a while. */
export class Countdown {
  private timer?: ReturnType<typeof setTimeout>;
  private startedMs = 0;

  /** Runs at once. @param leftMs how long until `done` is called. */
  constructor(
    private leftMs: number,
    private readonly done: () => void,
  ) {
    this.resume();
  }

  pause(): void {
    if (this.timer === undefined) return;
    this.stop();
    this.leftMs -= performance.now() - this.startedMs;
  }

  resume(): void {
    if (this.timer !== undefined) return;
    this.startedMs = performance.now();
    this.timer = setTimeout(this.done, Math.max(0, this.leftMs));
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
