import { DateTime } from 'luxon';
import type { NotificationRow } from '../models/notification-schema.js';
import type { PlanningFacts } from './planning-facts.js';

const words: Readonly<Record<string, string>> = {
  quiet_hours: 'quiet hours',
  scheduled: 'scheduled',
  best_time: 'best time',
};

/** For operators: `held until 2026-12-01 08:00 Europe/Paris: quiet hours`; undefined where nothing waits. */
export function holdLabel(row: NotificationRow, facts: PlanningFacts): string | undefined {
  const zone = facts.contact?.timezone ?? facts.tenant.timezone;
  const format = (at: Date) => `${DateTime.fromJSDate(at, { zone }).toFormat('yyyy-LL-dd HH:mm')} ${zone}`;
  if (!row.heldUntil) {
    return row.escalation?.nextAt && `escalates at ${format(row.escalation.nextAt)}, unless it is read`;
  }
  const reason =
    Object.values(row.plan.channels).find((decision) => decision.action === 'hold')?.reason ?? 'held';
  return `held until ${format(row.heldUntil)}: ${words[reason] ?? reason}`;
}
