import type { Severity } from '../../contracts/notification-types.js';
import type { showItem } from '../views/item.js';

export type LiveItem = ReturnType<typeof showItem>;

/** What a client of `/inbox` is told. A `cursor` says how far it has heard: it comes back with the last one as `since`. */
export interface LiveEvents {
  ready: {
    counts: { unread: number; unseen: number; total: number; capped: boolean };
    cursor: string;
    /** What was missed cannot be told one by one: load the list anew. */
    reload?: true;
  };
  created: { item: LiveItem; cursor: string };
  updated: { item: LiveItem; cursor: string };
  removed: { id: string; cursor: string };
  counts: { unread: number; unseen: number };
  system: { message: string; severity: Severity; cursor: string };
}

/** One event with what it says. */
export type LiveMessage = { [E in keyof LiveEvents]: [E, LiveEvents[E]] }[keyof LiveEvents];
