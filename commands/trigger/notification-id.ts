import { createHash } from 'node:crypto';
import { ulid } from 'ulid';

/** The ID of a new notification: made from tenant and idempotency key where there is one, so a repetition finds it. */
export function notificationId(tenantId: string, idempotencyKey: string | undefined): string {
  return keyedId('ntf', tenantId, idempotencyKey);
}

/** The ID of a new broadcast, made likewise. */
export function broadcastId(tenantId: string, idempotencyKey: string | undefined): string {
  return keyedId('brd', tenantId, idempotencyKey);
}

/** The ID of a new redrive, made likewise. */
export function redriveId(tenantId: string, idempotencyKey: string | undefined): string {
  return keyedId('rdr', tenantId, idempotencyKey);
}

/** The ID of a new schedule, made likewise. */
export function scheduleId(tenantId: string, idempotencyKey: string | undefined): string {
  return keyedId('sch', tenantId, idempotencyKey);
}

function keyedId(prefix: string, tenantId: string, idempotencyKey: string | undefined): string {
  if (idempotencyKey === undefined) return `${prefix}_${ulid()}`;
  const digest = createHash('sha256').update(`${tenantId}\u0000${idempotencyKey}`).digest('hex');
  return `${prefix}_k${digest.slice(0, 32)}`;
}
