import { asCarillonError, type CarillonError } from './carillon-error.js';
import type { CarillonClient, ItemChange, ThreadChange } from './carillon-client.js';
import { connected } from './connected.js';
import type { ConnectionStatus } from './events.js';
import { InboxList } from './inbox-list.js';
import { LookUps } from './look-ups.js';
import { changes, type Change } from './pending-changes.js';
import type { Counts, InboxFilter, Item, ThreadedItem } from './shapes.js';
import { Unanswered } from './unanswered.js';

export interface InboxStoreOptions {
  filter?: InboxFilter;
  /** One entry for each thread. False. */
  group?: boolean;
  /** How many are loaded at once, 1-100. 20 */
  limit?: number;
  /** How many are kept at most, 1-100, unless older ones were asked for. 100 */
  keep?: number;
}

export interface InboxState {
  readonly items: readonly ThreadedItem[];
  /** `total` is as of the last connection and of what was done here since. */
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

/** How long the first page waits for the connection: what is loaded after it, nothing slips through between the two. */
const CONNECTION_MS = 1_000;

/**
 * The state of one list: what was loaded, what was heard since, and what the person does, which shows at once and is
 * taken back where it fails. The server's counts win. Listeners are called when `state` is another.
 */
export class InboxStore {
  private readonly listeners = new Set<() => void>();
  private readonly list: InboxList;
  private readonly unanswered: Unanswered;
  private filter: InboxFilter;
  private readonly limit: number;
  private readonly group: boolean;
  private loading = false;
  private error: CarillonError | undefined;
  private shown: InboxState | undefined;
  private isTelling = false;
  private letGo: (() => void)[] = [];
  /** Grows when what is being loaded has become pointless. */
  private turn = 0;
  /** What was heard while a page was on its way: the page may be older than that. */
  private heard: (() => void)[] = [];
  /** It is known that something was missed. */
  private isStale = false;
  private readonly lookUps = new LookUps({
    thread: (key) => void this.lookUp(key),
    all: () => {
      this.isStale = true;
      if (!this.list.isPinned) void this.reload();
    },
  });

  constructor(
    readonly client: CarillonClient,
    { filter = {}, group = false, limit = 20, keep = 100 }: InboxStoreOptions = {},
  ) {
    this.filter = filter;
    this.group = group;
    this.limit = limit;
    this.list = new InboxList({ group, keep, filter });
    this.unanswered = new Unanswered(client.knownCounts ?? { unread: 0, unseen: 0, total: 0, capped: false });
  }

  /** The same object until something changes. */
  get state(): InboxState {
    return (this.shown ??= {
      ...this.list.show(this.unanswered.items, this.isStale),
      counts: this.unanswered.counts,
      loading: this.loading,
      error: this.error,
      status: this.client.status,
    });
  }

  /** The first connects and loads; when the last is gone the connection is let go. @returns what ends it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.begin();
    return () => {
      if (!this.listeners.delete(listener) || this.listeners.size > 0) return;
      for (const end of this.letGo.splice(0)) end();
      this.lookUps.stop();
      this.turn += 1;
      this.loading = false;
    };
  }

  /** Another list: what was loaded is forgotten. */
  setFilter(filter: InboxFilter): void {
    this.filter = filter;
    this.list.reset(filter);
    // Without a subscriber, the first loads it.
    if (this.listeners.size > 0) void this.reload();
  }

  /** Loads the first page anew; what is there stays until it has come. */
  async reload(): Promise<void> {
    await this.load(async (isCurrent) => {
      const page = await this.page(undefined);
      if (!isCurrent()) return;
      this.isStale = false;
      this.list.replace(page);
    });
  }

  /** Loads the next page, unless there is none or one is on its way. */
  async more(): Promise<void> {
    if (this.loading || this.list.ended) return;
    await this.load(async (isCurrent) => {
      let isOlder = false;
      while (!isOlder && !this.list.ended) {
        const { cursor } = this.list;
        // What was let go of since is between here and there: from the top again.
        const page = await this.page(cursor, this.list.floor && !cursor ? 100 : this.limit);
        if (!isCurrent()) return;
        isOlder = this.list.append(page);
      }
    });
  }

  /** While pinned, as when the person has scrolled down, what arrives waits: see `hasNewer`. */
  pin(isPinned: boolean): void {
    if (isPinned === this.list.isPinned) return;
    this.list.pin(isPinned);
    if (!isPinned && this.isStale) this.missed();
    this.tell();
  }

  /** @returns whether it was done; why not stands in `state.error`. So do all of these. */
  read(id: string): Promise<boolean> {
    return this.change(id, 'read');
  }

  unread(id: string): Promise<boolean> {
    return this.change(id, 'unread');
  }

  archive(id: string): Promise<boolean> {
    return this.change(id, 'archive');
  }

  unarchive(id: string): Promise<boolean> {
    return this.change(id, 'unarchive');
  }

  /** @param until at most a year ahead. */
  snooze(id: string, until: Date | string): Promise<boolean> {
    const item = this.list.find(id);
    const change = item && changes.snooze(item, new Date(until).toISOString());
    return this.perform(change, () => this.client.snooze(id, until), id);
  }

  remove(id: string): Promise<boolean> {
    const item = this.list.find(id);
    return this.perform(item && changes.remove(item), () => this.client.remove(id), id);
  }

  changeThread(threadKey: string, change: ThreadChange): Promise<boolean> {
    return this.perform(changes.thread(threadKey, change), () => this.client.changeThread(threadKey, change));
  }

  readAll(): Promise<boolean> {
    return this.perform(changes.readAll(), () => this.client.readAll());
  }

  seen(): Promise<boolean> {
    return this.perform(changes.seen(), () => this.client.seen());
  }

  /** Deletes what is read, or everything. */
  clear(which: 'read' | 'all'): Promise<boolean> {
    return this.perform(changes.clear(which), () => this.client.clear(which));
  }

  private change(id: string, name: ItemChange): Promise<boolean> {
    const item = this.list.find(id);
    return this.perform(item && changes[name](item), () => this.client.change(id, name), id);
  }

  /** @param id of the item that it is done to. */
  private async perform(
    change: Change | undefined,
    call: () => Promise<unknown>,
    id?: string,
  ): Promise<boolean> {
    if (change) this.unanswered.add(change);
    this.error = undefined;
    this.tell();
    try {
      await call();
      if (change) this.settle(change);
      return true;
    } catch (error) {
      this.error = asCarillonError(error);
      // Deleted somewhere else.
      if (this.error.code === 'not_found' && id !== undefined) this.drop(id);
      return false;
    } finally {
      if (change) this.unanswered.drop(change);
      this.tell();
    }
  }

  /** What was done is as if it had been heard. */
  private settle(change: Change): void {
    this.list.apply(change.item);
    this.unanswered.settle(change);
  }

  private begin(): void {
    const { client } = this;
    this.letGo = [
      client.on('status', () => this.tell()),
      client.on('counts', (counts) => {
        this.unanswered.knowSome(counts);
        this.tell();
      }),
      client.on('ready', ({ counts, reload }) => {
        this.count(counts);
        if (reload || this.isStale) this.missed();
      }),
      client.on('created', ({ item }) => this.hear(() => this.merge(item))),
      client.on('updated', ({ item }) => this.hear(() => this.merge(item))),
      client.on('removed', ({ id }) => this.hear(() => this.drop(id))),
      client.retain(),
    ];
    if (client.knownCounts) this.unanswered.known = client.knownCounts;
    void this.load(async (isCurrent) => {
      await connected(client, CONNECTION_MS);
      if (!isCurrent()) return;
      const [page] = await Promise.all([this.page(undefined), this.knowCounts()]);
      if (isCurrent()) this.list.replace(page);
    });
  }

  /** Where no connection has told them. */
  private async knowCounts(): Promise<void> {
    if (this.client.knownCounts) return;
    const counts = await this.client.counts();
    if (!this.client.knownCounts) this.count(counts);
  }

  private count(counts: Counts): void {
    this.unanswered.know(counts);
    this.tell();
  }

  private missed(): void {
    this.isStale = true;
    this.lookUps.all();
    this.tell();
  }

  private hear(event: () => void): void {
    if (this.loading) this.heard.push(event);
    event();
    this.tell();
  }

  private merge(item: Item): void {
    this.list.merge(item);
    this.hearOfThread(item);
  }

  private drop(id: string): void {
    const item = this.list.drop(id);
    if (item) this.hearOfThread(item);
    // Nobody knows which thread it was of.
    else if (this.group && !this.list.isDropped(id)) this.missed();
  }

  /** A thread's numbers, and what it stands at once its newest is gone, are the server's. */
  private hearOfThread({ threadKey }: Item): void {
    if (this.group && threadKey !== null) this.lookUps.thread(threadKey);
  }

  private async lookUp(threadKey: string): Promise<void> {
    const { turn } = this;
    try {
      const { items } = await this.client.inbox({ ...this.filter, threadKey, group: 'thread', limit: 1 });
      if (turn === this.turn) this.list.setThread(threadKey, items[0]);
    } catch (error) {
      this.error = asCarillonError(error);
    }
    this.tell();
  }

  private page(cursor: string | undefined, limit = this.limit) {
    return this.client.inbox({ ...this.filter, ...(this.group ? { group: 'thread' } : {}), limit, cursor });
  }

  private async load(pages: (isCurrent: () => boolean) => Promise<void>): Promise<void> {
    const turn = ++this.turn;
    const isCurrent = () => turn === this.turn;
    this.loading = true;
    this.error = undefined;
    this.heard = [];
    this.tell();
    try {
      await pages(isCurrent);
    } catch (error) {
      if (isCurrent()) {
        this.error = asCarillonError(error);
        // Whatever connects next loads it.
        this.isStale ||= !this.list.floor;
      }
    }
    if (!isCurrent()) return;
    for (const event of this.heard.splice(0)) event();
    this.loading = false;
    this.tell();
  }

  /** Once for all that happens in one go. */
  private tell(): void {
    this.shown = undefined;
    if (this.isTelling) return;
    this.isTelling = true;
    queueMicrotask(() => {
      this.isTelling = false;
      for (const listener of [...this.listeners]) listener();
    });
  }
}
