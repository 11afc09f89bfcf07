import { fits, newestFirst, type Place } from './item-filter.js';
import type { InboxFilter, Item, Page, ThreadedItem } from './shapes.js';

export interface InboxListOptions {
  group: boolean;
  keep: number;
  filter: InboxFilter;
}

/** What is known of one list: the pages that were loaded, and what was heard since. Hearing twice changes nothing. */
export class InboxList {
  /** Of the next page; undefined where it is not known. */
  cursor: string | undefined;
  /** There is nothing below. */
  ended = false;
  /** Down to here everything is known. */
  floor: Place | undefined;
  private filter: InboxFilter;
  private readonly dropped = new Set<string>();
  private readonly entries = new Map<string, ThreadedItem>();
  private paged = 0;
  private pinnedAt: Place | undefined;

  constructor(private readonly options: InboxListOptions) {
    this.filter = options.filter;
  }

  get isPinned(): boolean {
    return this.pinnedAt !== undefined;
  }

  reset(filter: InboxFilter): void {
    this.filter = filter;
    this.entries.clear();
    this.dropped.clear();
    this.cursor = undefined;
    this.floor = undefined;
    this.ended = false;
    this.pinnedAt = undefined;
  }

  find(id: string): ThreadedItem | undefined {
    for (const entry of this.entries.values()) if (entry.id === id) return entry;
    return undefined;
  }

  /** The first page instead of everything. */
  replace(page: Page<ThreadedItem>): void {
    this.reset(this.filter);
    this.paged = 0;
    this.append(page);
    this.floor ??= { createdAt: '', id: '' };
  }

  /** @returns whether anything of it is below what was known. */
  append({ items, nextCursor }: Page<ThreadedItem>): boolean {
    const { floor } = this;
    let isOlder = false;
    for (const item of items) {
      const key = this.keyOf(item);
      const known = this.entries.get(key);
      if (!known || newestFirst(item, known) <= 0) this.entries.set(key, item);
      if (!known && (!floor || newestFirst(floor, item) < 0)) isOlder = true;
    }
    this.cursor = nextCursor ?? undefined;
    this.ended = nextCursor === null;
    const last = items.at(-1);
    if (last && (!floor || newestFirst(floor, last) < 0)) this.floor = last;
    this.paged = this.entries.size;
    return isOlder;
  }

  /** An item as it is now, wherever it was before. */
  merge(item: Item): void {
    const key = this.keyOf(item);
    const known = this.entries.get(key);
    // An older one of the thread: it stands where it stood.
    if (known && known.id !== item.id && newestFirst(item, known) > 0) return;
    if (!fits(item, this.filter)) {
      if (known?.id === item.id) this.entries.delete(key);
    } else if (known || this.isWithin(item)) this.entries.set(key, this.entry(item, known));
    this.trim();
  }

  /** @returns what was dropped, if it was there. */
  drop(id: string): ThreadedItem | undefined {
    const entry = this.find(id);
    if (!entry) return undefined;
    this.entries.delete(this.keyOf(entry));
    this.dropped.add(id);
    return entry;
  }

  /** Whether it was there. */
  isDropped(id: string): boolean {
    return this.dropped.has(id);
  }

  /** What a thread stands at, in a list of threads; undefined: nowhere any more. */
  setThread(threadKey: string, entry: ThreadedItem | undefined): void {
    const key = threadId(threadKey);
    if (entry && (this.entries.has(key) || this.isWithin(entry))) this.entries.set(key, entry);
    else this.entries.delete(key);
  }

  /** Makes a change for good. */
  apply(change: (item: ThreadedItem) => ThreadedItem | undefined): void {
    for (const [key, entry] of this.entries) {
      const changed = change(entry);
      if (changed && fits(changed, this.filter)) this.entries.set(key, changed);
      else this.entries.delete(key);
    }
  }

  /** Whether what arrives at the top is kept from showing. */
  pin(isPinned: boolean): void {
    const [top] = [...this.entries.values()].sort(newestFirst);
    this.pinnedAt = isPinned ? (top ?? this.floor) : undefined;
    this.trim();
  }

  /** The list with changes that are not for good yet. */
  show(pending: readonly ((item: ThreadedItem) => ThreadedItem | undefined)[], isStale: boolean) {
    const { pinnedAt } = this;
    const all = [...this.entries.values()].sort(newestFirst);
    const items = pinnedAt ? all.filter((item) => newestFirst(item, pinnedAt) >= 0) : all;
    const changed = items.flatMap((item) => {
      const after = pending.reduce<ThreadedItem | undefined>((now, change) => now && change(now), item);
      return after && fits(after, this.filter) ? [after] : [];
    });
    return {
      items: changed,
      ended: this.ended,
      hasNewer: this.isPinned && (isStale || items.length < all.length),
    };
  }

  /** In a list of threads: how many there are is a guess until the server is asked. */
  private entry(item: Item, known: ThreadedItem | undefined): ThreadedItem {
    if (!this.options.group) return item;
    const { threadCount = 0, threadUnread = 0 } = known ?? {};
    const before = known?.id === item.id ? known : undefined;
    const wasUnread = before?.readAt === null;
    return {
      ...item,
      threadCount: within(threadCount + (before ? 0 : 1)),
      threadUnread: within(threadUnread + Number(item.readAt === null) - Number(wasUnread)),
    };
  }

  /** Below the floor it comes with its page. */
  private isWithin(item: Item): boolean {
    return this.floor !== undefined && (this.ended || newestFirst(item, this.floor) <= 0);
  }

  /** Lets go of the oldest, unless they were asked for. */
  private trim(): void {
    const { keep } = this.options;
    if (this.entries.size <= keep || this.paged > keep || this.isPinned) return;
    const all = [...this.entries].sort(([, one], [, other]) => newestFirst(one, other));
    for (const [key] of all.slice(keep)) this.entries.delete(key);
    this.floor = all[keep - 1]?.[1];
    this.cursor = undefined;
    this.ended = false;
    this.paged = 0;
  }

  private keyOf({ id, threadKey }: Item): string {
    return this.options.group && threadKey !== null ? threadId(threadKey) : id;
  }
}

/** No ID of an item has a blank in it. */
function threadId(threadKey: string): string {
  return `thread ${threadKey}`;
}

function within(count: number): number {
  return Math.max(0, Math.min(100, count));
}
