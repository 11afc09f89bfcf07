import type { ByChannel, ChannelName } from '../../contracts/channels.js';
import type { DigestItemRow } from '../../models/digest-items.js';

/** Entries that a digest shows of each channel: the rest is counted. */
export const SHOWN_ITEMS = 10;
/** Longest text of an entry's message, in characters. */
const MAX_MESSAGE = 280;

/** One line of a digest: an item, or several of one thread. */
export interface DigestEntry {
  type: string;
  title: string;
  message: string;
  /** ISO 8601, of the newest. */
  at: string;
  url: string | null;
  /** Items of this thread. */
  count: number;
}

/** What a digest says on one channel. */
export interface DigestShare {
  total: number;
  /** Items that no entry shows. */
  more: number;
  items: DigestEntry[];
}

/** `data` of a digest's notification. */
export interface DigestData extends Record<string, unknown> {
  digestKey: string;
  channels: ByChannel<DigestShare>;
}

/** Gathers items, newest first, into what a digest shows. */
export class DigestContent {
  private readonly shares = new Map<ChannelName, { total: number; threads: Map<string, DigestEntry> }>();

  /** Adds one that is to go out on these channels; nothing may be added that is newer than what is there. */
  add(
    item: Pick<DigestItemRow, '_id' | 'type' | 'title' | 'message' | 'threadKey' | 'url' | 'addedAt'>,
    channels: readonly ChannelName[],
  ): void {
    for (const channel of channels) {
      const share = this.shares.get(channel) ?? { total: 0, threads: new Map<string, DigestEntry>() };
      this.shares.set(channel, share);
      share.total += 1;
      const key = item.threadKey === undefined ? `item ${item._id}` : `thread ${item.threadKey}`;
      const entry = share.threads.get(key);
      if (entry) entry.count += 1;
      // Entries past the shown ones are only counted, but a thread may have its newest item among these.
      else if (share.threads.size < SHOWN_ITEMS) share.threads.set(key, entryOf(item));
    }
  }

  /** Channels on which there is something to say. */
  get channels(): ChannelName[] {
    return [...this.shares.keys()];
  }

  data(digestKey: string): DigestData {
    const channels: DigestData['channels'] = {};
    for (const [channel, { total, threads }] of this.shares) {
      const items = [...threads.values()];
      channels[channel] = { total, items, more: total - items.reduce((sum, { count }) => sum + count, 0) };
    }
    return { digestKey, channels };
  }
}

/** What templates of a digest see on one channel: `total`, `more` and `items`, beside `digestKey` and `period`. */
export function shareOf(
  data: Readonly<Record<string, unknown>>,
  channel: ChannelName,
): Record<string, unknown> {
  const { channels, ...rest } = data as DigestData;
  const share = channels[channel] ?? Object.values(channels)[0] ?? { total: 0, more: 0, items: [] };
  return { ...rest, period: rest.digestKey, ...share };
}

function entryOf(item: Pick<DigestItemRow, 'type' | 'title' | 'message' | 'url' | 'addedAt'>): DigestEntry {
  const { type, title, message, url, addedAt } = item;
  const short = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE - 1).trimEnd()}…` : message;
  return { type, title, message: short, at: addedAt.toISOString(), url: url ?? null, count: 1 };
}
