import { DateTime } from 'luxon';
import type { NotificationRow } from '../models/notification-schema.js';
import type { PlanningFacts } from './planning-facts.js';

const words: Readonly<Record<string, string>> = { quiet_hours: 'quiet hours', scheduled: 'scheduled' };

/** For operators: `held until 2026-12-01 08:00 Europe/Paris: quiet hours`. */
export function holdLabel(row: NotificationRow, facts: PlanningFacts): string {
  const zone = facts.contact?.timezone ?? facts.tenant.timezone;
  const until = DateTime.fromJSDate(row.heldUntil ?? row.updatedAt, { zone }).toFormat('yyyy-LL-dd HH:mm');
  const reason =
    Object.values(row.plan.channels).find((decision) => decision.action === 'hold')?.reason ?? 'held';
  return `held until ${until} ${zone}: ${words[reason] ?? reason}`;
}
