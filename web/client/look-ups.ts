/** What happens within this is looked up at once. */
const TOGETHER_MS = 100;
/** More threads than this are cheaper as a page. */
const MOST_THREADS = 5;

/** What has to be asked of the server because of what was heard, a little later and once. */
export class LookUps {
  private readonly threads = new Set<string>();
  private isAll = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: { thread: (key: string) => void; all: () => void }) {}

  thread(key: string): void {
    this.threads.add(key);
    this.later();
  }

  all(): void {
    this.isAll = true;
    this.later();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isAll = false;
    this.threads.clear();
  }

  private later(): void {
    this.timer ??= setTimeout(() => {
      const keys = this.isAll ? [] : [...this.threads];
      this.stop();
      if (keys.length === 0 || keys.length > MOST_THREADS) this.ask.all();
      else keys.forEach(this.ask.thread);
    }, TOGETHER_MS);
  }
}
