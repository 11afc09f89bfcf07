const CHANNEL = 'carillon-toasts';
/** The tab that is looked at goes first, then other windows in sight, then those out of sight. */
const WAIT_MS = { focused: 0, visible: 150, hidden: 500 };
/** Those that go at the same time hear of each other within this. */
const SETTLE_MS = 60;
/** How long it is known who had something: a word from the operator may be said again later. */
const KNOWN_MS = 10_000;

interface Bid {
  key: string;
  /** The lowest has it. */
  bid: number;
}

/** Sees to it that of the tabs of one browser only one shows a toast. */
export class TabTurn {
  private readonly channel = new BroadcastChannel(CHANNEL);
  /** What others went for before this tab did. */
  private readonly taken = new Set<string>();
  private readonly own = new Map<string, number>();

  constructor() {
    this.channel.onmessage = ({ data }: MessageEvent<Bid>) => this.hear(data);
  }

  /** @returns whether this tab is to show it. */
  async take(key: string): Promise<boolean> {
    await after(waitMs());
    if (this.taken.has(key)) return false;
    const bid = Math.random();
    this.own.set(key, bid);
    setTimeout(() => this.own.delete(key), KNOWN_MS);
    this.channel.postMessage({ key, bid } satisfies Bid);
    await after(SETTLE_MS);
    return !this.taken.has(key);
  }

  close(): void {
    this.channel.close();
  }

  private hear({ key, bid }: Bid): void {
    if (bid > (this.own.get(key) ?? Infinity)) return;
    this.taken.add(key);
    setTimeout(() => this.taken.delete(key), KNOWN_MS);
  }
}

function waitMs(): number {
  if (document.hasFocus()) return WAIT_MS.focused;
  return document.visibilityState === 'visible' ? WAIT_MS.visible : WAIT_MS.hidden;
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
