import { CarillonError } from '../../contracts/errors.js';
import { readCursor, writeCursor, type Position } from '../../models/cursor.js';
import type { ApiDependencies } from '../dependencies.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { itemContext, type ItemContext } from '../views/item.js';
import type { Connection } from './connection.js';
import type { LiveEvents, LiveMessage } from './events.js';
import type { PresentPerson } from './presence.js';
import type { RealtimeSettings } from './settings.js';
import { snoozedOf } from './snoozes.js';
import { toldOf } from './tell.js';

/**
 * How much further back than `since` is looked, in milliseconds: clocks differ, and what was written first is not always
 * there first. What is told twice by that is the same both times.
 */
const OVERLAP_MS = 60_000;
/** Tombstones stay for 30 days; who was away for almost as long would miss deletions. */
const OLDEST_MS = 29 * 86_400_000;
const MAX_SYSTEM = 50;

type WelcomeDependencies = Pick<ApiDependencies, 'models' | 'types'>;

/**
 * Tells a client that it is connected, the counts, and what it missed since it was last there. Answers when the next of the
 * person's snoozes ends.
 */
export async function welcome(
  connection: Connection,
  person: PresentPerson,
  cursor: unknown,
  deps: WelcomeDependencies,
  { maxMissed }: Pick<RealtimeSettings, 'maxMissed'>,
): Promise<Date | undefined> {
  const { tenantId, recipientId } = person;
  const now = new Date();
  const fresh = writeCursor({ at: now, id: recipientId });
  const position = positionOf(cursor, now);
  const since = position === undefined || position === 'lost' ? undefined : position;
  const from = since && new Date(since.at.getTime() - OVERLAP_MS);
  const { inbox, inboxLive, systemMessages } = deps.models;
  const [counts, changed, { woken, next }, system, context] = await Promise.all([
    inbox.counts(tenantId, recipientId, now),
    from ? inboxLive.changedSince(tenantId, recipientId, from, maxMissed + 1) : [],
    snoozedOf(deps.models, person, from ?? now, now, from ? maxMissed + 1 : 1),
    since ? systemMessages.missed(tenantId, person.audiences, since, MAX_SYSTEM, now) : [],
    itemContext(deps, tenantId),
  ]);
  const isLost = position === 'lost' || changed.length + woken.length > maxMissed || connection.hasMissed;
  const ready: LiveEvents['ready'] = {
    counts,
    // As far as it had heard, until it has heard more: it may go away again before.
    cursor: since && !isLost ? writeCursor(since) : fresh,
    ...(isLost ? { reload: true as const } : {}),
  };
  connection.welcome(ready, isLost || !from ? [] : inOrder(changed, woken, from, context), system);
  return next;
}

/** Tells a client that what changed cannot be told one by one. */
export async function askToReload(person: PresentPerson, deps: WelcomeDependencies): Promise<void> {
  const now = new Date();
  const { tenantId, recipientId } = person;
  const counts = await deps.models.inbox.counts(tenantId, recipientId, now);
  const cursor = writeCursor({ at: now, id: recipientId });
  for (const connection of person.connections) connection.tell(['ready', { counts, cursor, reload: true }]);
}

/** Undefined for who comes for the first time; `lost` for what is unreadable, too old, or of the future. */
function positionOf(since: unknown, now: Date): Position | 'lost' | undefined {
  if (since === undefined || since === null) return undefined;
  if (typeof since !== 'string' || since.length > 1000) return 'lost';
  try {
    const position = readCursor(since);
    if (!position) return undefined;
    const agoMs = now.getTime() - position.at.getTime();
    return agoMs > OLDEST_MS || agoMs < -OVERLAP_MS ? 'lost' : position;
  } catch (error) {
    if (error instanceof CarillonError) return 'lost';
    throw error;
  }
}

/** In the order of the changes; a snooze that ended counts as one. */
function inOrder(
  changed: readonly NotificationRow[],
  woken: readonly NotificationRow[],
  from: Date,
  context: ItemContext,
): LiveMessage[] {
  const isNew = (inboxAt: Date | undefined) => inboxAt !== undefined && inboxAt >= from;
  return [
    ...changed.map((row) => ({ row, at: row.updatedAt, isNew: isNew(row.inboxAt) })),
    ...woken.map((row) => ({ row, at: row.snoozedUntil ?? row.updatedAt, isNew: false })),
  ]
    .sort((one, other) => one.at.getTime() - other.at.getTime())
    .flatMap(({ row, ...when }) => {
      const told = toldOf(row, context, when);
      return told ? [told] : [];
    });
}
