import { CarillonError } from '../../contracts/errors.js';
import { readCursor, writeCursor, type Position } from '../../models/cursor.js';
import type { ApiDependencies } from '../dependencies.js';
import { itemContext } from '../views/item.js';
import type { Connection } from './connection.js';
import type { LiveEvents, LiveMessage } from './events.js';
import type { PresentPerson } from './presence.js';
import type { RealtimeSettings } from './settings.js';
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

/** Tells a client that it is connected, the counts, and what it missed since it was last there. */
export async function welcome(
  connection: Connection,
  person: PresentPerson,
  since: unknown,
  deps: WelcomeDependencies,
  settings: Pick<RealtimeSettings, 'maxMissed'>,
): Promise<void> {
  const { tenantId, recipientId } = person;
  const now = new Date();
  const fresh = writeCursor({ at: now, id: recipientId });
  const position = positionOf(since, now);
  const [counts, missed, system] = await Promise.all([
    deps.models.inbox.counts(tenantId, recipientId, now),
    position === undefined || position === 'lost'
      ? position
      : missedBy(person, position.at, now, deps, settings.maxMissed),
    position === undefined || position === 'lost'
      ? []
      : deps.models.systemMessages.missed(tenantId, person.audiences, position, MAX_SYSTEM, now),
  ]);
  const isLost = missed === 'lost' || connection.hasMissed;
  const ready: LiveEvents['ready'] = {
    counts,
    // As far as it had heard, until it has heard more: it may go away again before.
    cursor: missed === undefined || isLost || typeof since !== 'string' ? fresh : since,
    ...(isLost ? { reload: true as const } : {}),
  };
  connection.welcome(ready, isLost ? [] : (missed ?? []), system);
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
async function missedBy(
  { tenantId, recipientId }: PresentPerson,
  since: Date,
  now: Date,
  deps: WelcomeDependencies,
  most: number,
): Promise<LiveMessage[] | 'lost'> {
  const from = new Date(since.getTime() - OVERLAP_MS);
  const [changed, woken, context] = await Promise.all([
    deps.models.inboxLive.changedSince(tenantId, recipientId, from, most + 1),
    deps.models.inboxLive.woken(tenantId, recipientId, from, now, most + 1),
    itemContext(deps, tenantId),
  ]);
  if (changed.length + woken.length > most) return 'lost';
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
