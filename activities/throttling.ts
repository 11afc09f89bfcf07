import { createHash } from 'node:crypto';
import { interrupts, type ChannelName } from '../contracts/channels.js';
import { durationMs } from '../contracts/durations.js';
import { orderedJson } from '../contracts/ordered-json.js';
import type { Throttle } from '../contracts/throttles.js';
import type { Decided } from '../policy/decide.js';
import { throttlePeriod } from '../policy/throttle-window.js';
import { decideNow, type Deciding } from './deciding.js';
import type { ActivityDependencies } from './dependencies.js';

interface Place {
  tenantId: string;
  recipientId: string;
  notificationId: string;
}

/**
 * Decides as {@link decideNow} does, and where something would go out now asks whether the type's limits let it: equal
 * content goes out once within `duplicatesWithin`, and what is more than a throttle allows is collected or not sent.
 * Costs a write for each limit that the type has; none of them holds for critical types and for what is expedited.
 */
export async function decideWithinLimits(
  deps: Pick<ActivityDependencies, 'models'>,
  place: Place,
  subject: Deciding,
): Promise<Decided> {
  const decided = decideNow(subject);
  const { type } = subject.facts;
  const isLimited = type.throttles.length > 0 || type.duplicatesWithin !== null;
  if (!isLimited || type.critical || subject.expedite) return decided;
  if (!somewhere(decided, subject, (_channel, action) => action !== 'hold')) return decided;
  if (!(await isFirst(deps, place, subject)))
    return decideNow({ ...subject, limited: { reason: 'duplicate' } });
  // What a person or a key collects disturbs nobody.
  if (!somewhere(decided, subject, (channel, action) => action === 'send' && interrupts(channel))) {
    return decided;
  }
  for (const throttle of type.throttles) {
    const full = await exceeds(deps, place, subject, throttle);
    if (full) return decideNow({ ...subject, limited: { reason: 'throttled', ...full } });
  }
  return decided;
}

/** Whether this is so of a channel that has not ended. What waits is asked about when its wait is over. */
function somewhere(
  { channels }: Decided,
  { done }: Deciding,
  holds: (channel: ChannelName, action: 'send' | 'hold' | 'digest') => boolean,
): boolean {
  return Object.entries(channels).some(([name, { action }]) => {
    const channel = name as ChannelName;
    return action !== 'skip' && !done.includes(channel) && holds(channel, action);
  });
}

/** Whether no other notification with this content went out lately. */
async function isFirst(
  { models }: Pick<ActivityDependencies, 'models'>,
  { tenantId, recipientId, notificationId }: Place,
  { facts, trigger, nowMs }: Deciding,
): Promise<boolean> {
  const { duplicatesWithin } = facts.type;
  if (duplicatesWithin === null) return true;
  const { type, data, content, related } = trigger;
  const key = keyOf('equal', recipientId, orderedJson({ type, data, content, related }));
  return models.throttles.takeAlone(tenantId, key, notificationId, {
    now: new Date(nowMs),
    until: new Date(nowMs + durationMs(duplicatesWithin)),
  });
}

/** When the throttle's period ends, if it has no place left; undefined where it has one. */
async function exceeds(
  { models }: Pick<ActivityDependencies, 'models'>,
  { tenantId, recipientId, notificationId }: Place,
  { facts, trigger, nowMs }: Deciding,
  { max, per, scope, key, excess }: Throttle,
): Promise<{ untilMs: number; excess: Throttle['excess'] } | undefined> {
  const { tenant, contact, type } = facts;
  const whose = scope === 'tenant' ? '' : recipientId;
  const value = key === undefined ? '' : valueAt(trigger.data, key);
  if (value === undefined) return undefined;
  const zone = (scope === 'tenant' ? undefined : contact?.timezone) ?? tenant.timezone;
  const period = throttlePeriod(durationMs(per), nowMs, zone);
  const row = keyOf('throttle', type.name, per, `${max}`, scope, whose, value, `${period.startMs}`);
  const until = new Date(period.endMs);
  if (await models.throttles.take(tenantId, row, notificationId, { max, until })) return undefined;
  return { untilMs: period.endMs, excess };
}

/** Where the variable is missing there is nothing to count by. */
function valueAt(data: Readonly<Record<string, unknown>>, name: string): string | undefined {
  let value: unknown = data;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value === undefined || value === null ? undefined : orderedJson(value);
}

/** Of any length and content, as a key. */
function keyOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
