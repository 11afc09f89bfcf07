const CHANNEL = 'carillon-toasts';
/** The tab that is looked at goes first, then other windows in sight, then those out of sight. */
const WAIT_MS = { focused: 0, visible: 150, hidden: 500 };
/** Two tabs of the same kind do not go at the same instant. */
const SPREAD_MS = 120;
/** How long it is known that another tab has taken something: a word from the operator may be said again later. */
const TAKEN_MS = 10_000;

/** Sees to it that of the tabs of one browser only one shows a toast. */
export class TabTurn {
  private readonly channel = new BroadcastChannel(CHANNEL);
  private readonly taken = new Set<string>();

  constructor() {
    this.channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') this.note(data);
    };
  }

  /** @returns whether this tab is to show it. */
  async take(key: string): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, waitMs()));
    if (this.taken.has(key)) return false;
    this.note(key);
    this.channel.postMessage(key);
    return true;
  }

  close(): void {
    this.channel.close();
  }

  private note(key: string): void {
    this.taken.add(key);
    setTimeout(() => this.taken.delete(key), TAKEN_MS);
  }
}

function waitMs(): number {
  if (document.hasFocus()) return WAIT_MS.focused;
  const base = document.visibilityState === 'visible' ? WAIT_MS.visible : WAIT_MS.hidden;
  return base + Math.random() * SPREAD_MS;
}
