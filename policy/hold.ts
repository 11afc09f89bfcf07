import type { ChannelDecision } from '../contracts/plan.js';
import type { QuietHours } from '../contracts/quiet-hours.js';
import type { DecisionInput } from './decision-input.js';
import { quietUntil } from './quiet-hours.js';
import { zoneClock } from './zone-clock.js';

/** A wait: until when, in milliseconds, and why. */
export interface Hold {
  untilMs: number;
  reason: Extract<ChannelDecision, { action: 'hold' }>['reason'];
}

type Due = Pick<DecisionInput, 'nowMs' | 'sendAtMs' | 'isBestTime' | 'expiresAtMs' | 'expedite'>;
type Quiet = Pick<DecisionInput, 'nowMs' | 'contact' | 'preferences' | 'tenant'> & {
  type: Pick<DecisionInput['type'], 'critical'>;
};

/** The instant (ms) from which it may go: `sendAt` while that is ahead and nobody expedited, else now. */
export function dueAt({ nowMs, sendAtMs, expedite }: Due): number {
  return expedite || sendAtMs === undefined ? nowMs : Math.max(nowMs, sendAtMs);
}

/** The wait for `sendAt`; it holds every channel. It ends at the expiry at the latest, to be told so then. */
export function scheduledHold(input: Due): Hold | undefined {
  const untilMs = dueAt(input);
  if (untilMs <= input.nowMs) return undefined;
  return {
    untilMs: Math.min(untilMs, input.expiresAtMs ?? Infinity),
    reason: input.isBestTime ? 'best_time' : 'scheduled',
  };
}

/** The wait for the end of quiet hours; it holds channels that interrupt, until the expiry at the latest. */
export function quietHold(input: Due & Quiet): Hold | undefined {
  const untilMs = input.expedite ? undefined : quietFor(input);
  if (untilMs === undefined) return undefined;
  return { untilMs: Math.min(untilMs, input.expiresAtMs ?? Infinity), reason: 'quiet_hours' };
}

/**
 * Until when (ms) this person must not be disturbed; undefined when they may be. Their own quiet hours count, even when
 * they hold no window, else the tenant's; in the zone that these name, else the person's, else the tenant's. Critical
 * types disturb.
 */
export function quietFor({ nowMs, type, contact, preferences, tenant }: Quiet): number | undefined {
  const quietHours = preferences.quietHours ?? tenant.quietHours;
  if (!quietHours || type.critical) return undefined;
  return quietUntil(nowMs, quietHours, zoneOf(quietHours, contact?.timezone, tenant.timezone));
}

/** A zone that was accepted by a runtime with newer time zone data counts as not given: nothing may be lost over it. */
function zoneOf(quietHours: QuietHours, ofPerson: string | undefined, ofTenant: string): string {
  const zones = [quietHours.timezone, ofPerson, ofTenant];
  return zones.find((zone) => zone !== undefined && zoneClock(zone) !== undefined) ?? 'UTC';
}
