import { asCarillonError, type CarillonError } from './carillon-error.js';
import type { CarillonClient, ThreadChange } from './carillon-client.js';
import type { ConnectionStatus } from './events.js';
import type { Counts, InboxFilter, ThreadedItem } from './shapes.js';

export interface InboxStoreOptions {
  filter?: InboxFilter;
  /** One entry for each thread. False. */
  group?: boolean;
  /** How many are loaded at once, 1-100. 20 */
  limit?: number;
  /** How many are kept of those that arrive, unless older ones were asked for. 100 */
  keep?: number;
}

export interface InboxState {
  readonly items: readonly ThreadedItem[];
  readonly counts: Counts;
  readonly loading: boolean;
  /** There is nothing older. */
  readonly ended: boolean;
  /** Of what was done last, if that failed. */
  readonly error?: CarillonError;
  readonly status: ConnectionStatus;
  /** There is something newer that is not in `items` while it is pinned: `pin(false)` or `reload()` brings it. */
  readonly hasNewer: boolean;
}

/** The state of one list. What is done shows at once and is taken back where it fails; the server's counts win. */
export class InboxStore {
  state: InboxState;
  private readonly listeners = new Set<() => void>();
  private letGo: (() => void)[] = [];
  private cursor: string | undefined;

  constructor(
    readonly client: CarillonClient,
    private readonly options: InboxStoreOptions = {},
  ) {
    this.state = {
      items: [],
      counts: { unread: 0, unseen: 0, total: 0, capped: false },
      loading: false,
      ended: false,
      status: client.status,
      hasNewer: false,
    };
  }

  /** The first connects and loads; when the last is gone the connection is let go. @returns what ends it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.begin();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.letGo.splice(0).forEach((end) => end());
    };
  }

  setFilter(filter: InboxFilter): void {
    this.options.filter = filter;
    void this.reload();
  }

  async reload(): Promise<void> {
    this.cursor = undefined;
    this.set({ items: [], ended: false });
    await this.more();
  }

  async more(): Promise<void> {
    if (this.state.loading || this.state.ended) return;
    this.set({ loading: true });
    try {
      const { filter, group, limit = 20 } = this.options;
      const page = await this.client.inbox({
        ...filter,
        limit,
        ...(group ? { group: 'thread' } : {}),
        cursor: this.cursor,
      });
      this.cursor = page.nextCursor ?? undefined;
      this.set({
        items: [...this.state.items, ...page.items],
        ended: page.nextCursor === null,
        loading: false,
        error: undefined,
      });
    } catch (error) {
      this.set({ loading: false, error: asCarillonError(error) });
    }
  }

  /** While pinned, as when the person has scrolled down, what arrives waits: see `hasNewer`. */
  pin(_isPinned: boolean): void {}

  read(id: string): Promise<void> {
    return this.done(() => this.client.change(id, 'read'));
  }
  unread(id: string): Promise<void> {
    return this.done(() => this.client.change(id, 'unread'));
  }
  archive(id: string): Promise<void> {
    return this.done(() => this.client.change(id, 'archive'));
  }
  unarchive(id: string): Promise<void> {
    return this.done(() => this.client.change(id, 'unarchive'));
  }
  snooze(id: string, until: Date | string): Promise<void> {
    return this.done(() => this.client.snooze(id, until));
  }
  remove(id: string): Promise<void> {
    return this.done(() => this.client.remove(id));
  }
  changeThread(threadKey: string, change: ThreadChange): Promise<void> {
    return this.done(() => this.client.changeThread(threadKey, change));
  }
  readAll(): Promise<void> {
    return this.done(() => this.client.readAll());
  }
  seen(): Promise<void> {
    return this.done(() => this.client.seen());
  }
  clear(which: 'read' | 'all'): Promise<void> {
    return this.done(() => this.client.clear(which));
  }

  private async done(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
      await this.reload();
      this.set({ counts: await this.client.counts() });
    } catch (error) {
      this.set({ error: asCarillonError(error) });
    }
  }

  private begin(): void {
    const { client } = this;
    this.letGo = [
      client.retain(),
      client.on('status', (status) => this.set({ status })),
      client.on('counts', (counts) => this.set({ counts: { ...this.state.counts, ...counts } })),
      client.on('ready', ({ counts }) => this.set({ counts })),
      client.on('created', () => void this.reload()),
      client.on('updated', () => void this.reload()),
      client.on('removed', () => void this.reload()),
    ];
    void this.reload();
  }

  private set(change: Partial<InboxState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
