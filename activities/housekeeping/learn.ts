import { localHour } from '../../policy/best-time.js';
import type { Answered } from '../../models/delivery-changes.js';
import type { Observation } from '../../models/insights.js';
import type { ActivityDependencies } from '../dependencies.js';

/** A click or a reply says more than an open, which a mail program may have done by itself. */
const weights = { openedAt: 1, clickedAt: 2, repliedAt: 2 } as const;

/**
 * Adds what people opened, clicked and replied to since `since` to what is known of their habits; not of people who do
 * not want it, and not of bare addresses.
 */
export async function learn(
  { models }: Pick<ActivityDependencies, 'models'>,
  tenantId: string,
  answered: readonly Answered[],
  since: Date,
): Promise<void> {
  if (answered.length === 0) return;
  const ids = [...new Set(answered.map(({ recipientId }) => recipientId))];
  const [zones, preferences, ofTenant] = await Promise.all([
    models.subscribers.timezones(tenantId, ids),
    models.preferences.findMany(tenantId, ids),
    models.tenants.timezone(tenantId),
  ]);
  const observed = new Map<string, Observation[]>();
  for (const one of answered) {
    const zone = zones.get(one.recipientId);
    if (zone === undefined || preferences.get(one.recipientId)?.insights === false) continue;
    const all = observed.get(one.recipientId) ?? [];
    all.push(...observationsOf(one, since, zone ?? ofTenant ?? 'UTC'));
    observed.set(one.recipientId, all);
  }
  await models.insights.learn(tenantId, observed);
}

function observationsOf(one: Answered, since: Date, zone: string): Observation[] {
  return (Object.keys(weights) as (keyof typeof weights)[]).flatMap((kind) => {
    const at = one[kind];
    if (at === undefined || at < since) return [];
    const atMs = at.getTime();
    const hour = localHour(atMs, zone);
    return [{ key: `${one.id}:${kind}`, atMs, hour, channel: one.channel, weight: weights[kind] }];
  });
}
