import { BEST_TIME, type Trigger } from '../contracts/trigger.js';
import type { NotificationInput } from '../contracts/notification-run.js';
import type { Insights } from '../models/insights.js';
import { bestTime } from '../policy/best-time.js';
import { quietFor } from '../policy/hold.js';
import { zoneClock } from '../policy/zone-clock.js';
import type { ActivityDependencies } from './dependencies.js';
import { instant } from './instant.js';
import type { PlanningFacts } from './planning-facts.js';

/** What is known of when a person, and all people of the tenant, open what they get. */
export interface KnownHabits {
  own?: Insights | undefined;
  tenant?: Insights | undefined;
}

/** From when (ms) a trigger wants to go out: its time, or the best one that was found for its person. */
export function sendAtOf(
  { sendAt }: Pick<Trigger, 'sendAt'>,
  bestAtMs: number | undefined,
): number | undefined {
  return sendAt === BEST_TIME ? bestAtMs : instant(sendAt);
}

/** Reads what is known of a person's habits; nothing for a trigger that does not ask for the best time. */
export async function habitsFor(
  { models }: Pick<ActivityDependencies, 'models'>,
  { tenantId, recipientId }: Pick<NotificationInput, 'tenantId' | 'recipientId'>,
  { sendAt }: Pick<Trigger, 'sendAt'>,
  nowMs: number,
): Promise<KnownHabits> {
  if (sendAt !== BEST_TIME) return {};
  const [own, tenant] = await Promise.all([
    models.insights.find(tenantId, recipientId, nowMs),
    models.insights.ofTenant(tenantId, nowMs),
  ]);
  return { own, tenant };
}

/**
 * When (ms), within a day, a person is reached best by a trigger that asks for it: outside their quiet hours, and before
 * it expires. Undefined where that is now, or nothing is known.
 */
export async function bestAt(
  { predictor }: Pick<ActivityDependencies, 'predictor'>,
  { tenantId, recipientId, notificationId }: NotificationInput,
  subject: { facts: PlanningFacts; trigger: Trigger; nowMs: number },
  { own, tenant: ofTenant }: KnownHabits,
): Promise<number | undefined> {
  const { facts, trigger, nowMs } = subject;
  if (trigger.sendAt !== BEST_TIME) return undefined;
  const { tenant, contact, preferences, type } = facts;
  const zones = [contact?.timezone, tenant.timezone];
  const timezone = zones.find((zone) => zone !== undefined && zoneClock(zone) !== undefined) ?? 'UTC';
  const { hours } = await predictor.predict({
    tenantId,
    recipientId,
    nowMs,
    timezone,
    ...(own && preferences.insights ? { own } : {}),
    ...(ofTenant ? { tenant: ofTenant } : {}),
  });
  if (!hours) return undefined;
  const expiresAtMs = instant(trigger.expiresAt) ?? Infinity;
  return bestTime(hours, {
    nowMs,
    zone: timezone,
    key: notificationId,
    mayGo: (ms) =>
      ms < expiresAtMs && quietFor({ nowMs: ms, type, contact, preferences, tenant }) === undefined,
  });
}
