/** Content follows its live region by this much, since not every screen reader says what a region is made with. */
const FILL_AFTER_MS = 40;

/** Whose live region stands in the page, and whose has been filled. */
export class LiveRegions {
  private readonly made = new Set<string>();
  private readonly filled = new Set<string>();

  /** @param fill told whose region may be filled now */
  constructor(private readonly fill: (key: string) => void) {}

  isFilled(key: string): boolean {
    return this.filled.has(key);
  }

  /** It stands in the page, since now or since before. */
  stands(key: string): void {
    if (this.made.has(key)) return;
    this.made.add(key);
    setTimeout(() => {
      if (!this.made.has(key)) return;
      this.filled.add(key);
      this.fill(key);
    }, FILL_AFTER_MS);
  }

  forget(key: string): void {
    this.made.delete(key);
    this.filled.delete(key);
  }
}
