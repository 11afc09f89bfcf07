/** The longest that Node waits in one go, in milliseconds: `setTimeout` counts in 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;

/** Acts once at a time, however far away it is, unless it is cancelled. Keeps no process alive. */
export class LongTimer {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly atMs: number,
    private readonly act: () => void,
  ) {
    this.wait();
  }

  cancel(): void {
    clearTimeout(this.timer);
  }

  private wait(): void {
    const leftMs = this.atMs - Date.now();
    const step = leftMs > LONGEST_MS ? () => this.wait() : this.act;
    this.timer = setTimeout(step, Math.min(Math.max(leftMs, 0), LONGEST_MS));
    this.timer.unref();
  }
}
