import type { CarillonClient } from '../../client/carillon-client.js';
import type { CarillonError } from '../../client/carillon-error.js';
import type { Item, Severity } from '../../client/shapes.js';

/** What a stack of toasts does with what happens. */
export interface LiveToasts {
  /** Something is there that was not. */
  arrived(item: Item): void;
  changed(item: Item): void;
  removed(id: string): void;
  allRead(): void;
  said(message: string, severity: Severity): void;
  failed(error: CarillonError): void;
}

const MOST_MISSED = 20;
/** What was missed is told this soon after a connection is there again. */
const CATCHING_UP_MS = 3_000;

/**
 * Hears what a client hears, until what it returns is called.
 * @param wantsMissed whether what nobody has seen yet counts as arrived, too, once the client is connected.
 */
export function hear(client: CarillonClient, toasts: LiveToasts, wantsMissed: boolean): () => void {
  let asked = !wantsMissed;
  let stopped = false;
  const askOnce = () => {
    if (asked) return;
    asked = true;
    client.inbox({ filter: 'unread', limit: MOST_MISSED }).then(
      ({ items }) => {
        if (stopped) return;
        for (const item of items.reverse()) if (item.seenAt === null) toasts.arrived(item);
      },
      (error: CarillonError) => toasts.failed(error),
    );
  };
  const openedMs = Date.now();
  let hasBeenReady = client.status === 'live';
  let againMs = -Infinity;
  const ready = () => {
    if (hasBeenReady) againMs = Date.now();
    hasBeenReady = true;
    askOnce();
  };
  /** Who comes back is told a little more than was missed; of that, what came before the page was opened. */
  const isOld = ({ createdAt }: Item) =>
    Date.now() - againMs < CATCHING_UP_MS && Date.parse(createdAt) < openedMs;
  const ends = [
    client.on('created', ({ item }) => isOld(item) || toasts.arrived(item)),
    client.on('updated', ({ item }) => toasts.changed(item)),
    client.on('removed', ({ id }) => toasts.removed(id)),
    client.on('counts', ({ unread }) => unread === 0 && toasts.allRead()),
    client.on('system', ({ message, severity }) => toasts.said(message, severity)),
    client.on('ready', ready),
    client.retain(),
  ];
  if (hasBeenReady || client.status === 'polling') askOnce();
  return () => {
    stopped = true;
    for (const end of ends) end();
  };
}

/** Whether an item still asks for attention: it is neither read nor put away, nor put off. */
export function isFresh({ readAt, archivedAt, snoozedUntil }: Item): boolean {
  return !readAt && !archivedAt && !(snoozedUntil && Date.parse(snoozedUntil) > Date.now());
}
