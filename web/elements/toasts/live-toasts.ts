import type { CarillonClient } from '../../client/carillon-client.js';
import type { CarillonError } from '../../client/carillon-error.js';
import type { Item, Severity } from '../../client/shapes.js';

/** What a stack of toasts does with what happens. */
export interface LiveToasts {
  /** Something is there that was not. May be told twice. */
  arrived(item: Item): void;
  changed(item: Item): void;
  removed(id: string): void;
  allRead(): void;
  said(message: string, severity: Severity): void;
  failed(error: CarillonError): void;
}

/** Looked at where what came is not told one by one. */
const NEWEST = 20;
/** What was missed is told this soon after a connection is there again. */
const CATCHING_UP_MS = 3_000;

/**
 * Hears what a client hears, until what it returns is called.
 * @param wantsMissed whether what nobody has seen by now counts as arrived, too, once the client is connected.
 */
export function hear(
  client: Pick<CarillonClient, 'on' | 'retain' | 'inbox' | 'status'>,
  toasts: LiveToasts,
  wantsMissed: boolean,
): () => void {
  const openedMs = Date.now();
  const cameBefore = ({ createdAt }: Item) => Date.parse(createdAt) < openedMs;
  let isStopped = false;
  const look = (fits: (item: Item) => boolean) => {
    client.inbox({ filter: 'unread', limit: NEWEST }).then(
      ({ items }) => {
        if (!isStopped) for (const item of items.toReversed()) if (fits(item)) toasts.arrived(item);
      },
      (error: CarillonError) => toasts.failed(error),
    );
  };

  let isBegun = false;
  let againMs = -Infinity;
  const begin = () => {
    isBegun = true;
    if (wantsMissed) look(({ seenAt }) => seenAt === null);
  };
  const ready = ({ reload }: { reload: boolean }) => {
    if (!isBegun) return begin();
    againMs = Date.now();
    // Without a socket, or after too long without one, nobody tells what came.
    if (reload) look((item) => !cameBefore(item));
  };
  /** Who comes back is told a little more than was missed, and some of that came before the page was opened. */
  const isOld = (item: Item) => Date.now() - againMs < CATCHING_UP_MS && cameBefore(item);

  const ends = [
    client.on('created', ({ item }) => isOld(item) || toasts.arrived(item)),
    client.on('updated', ({ item }) => toasts.changed(item)),
    client.on('removed', ({ id }) => toasts.removed(id)),
    client.on('counts', ({ unread }) => unread === 0 && toasts.allRead()),
    client.on('system', ({ message, severity }) => toasts.said(message, severity)),
    client.on('ready', ready),
    client.retain(),
  ];
  if (client.status === 'live' || client.status === 'polling') begin();
  return () => {
    isStopped = true;
    for (const end of ends) end();
  };
}

/** Whether an item still asks for attention: it is neither read nor put away, nor put off. */
export function isFresh({ readAt, archivedAt, snoozedUntil }: Item): boolean {
  return !readAt && !archivedAt && !(snoozedUntil && Date.parse(snoozedUntil) > Date.now());
}
