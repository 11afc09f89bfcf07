import { buildIndexes, type Models } from '../models/models.js';
import type { DeliveryRow } from '../models/delivery-schema.js';
import { rowId } from '../models/row-id.js';

const BATCH = 5_000;
const DAY_MS = 86_400_000;
const PEOPLE = 10_000;
export const DELIVERY_DAYS = 30;

const types = [
  'approval_request',
  'contract_approved',
  'contract_updated',
  'mention',
  'comment_reply',
  'report_ready',
  'document_upload',
  'system',
] as const;
const channels = [
  { channel: 'in_app', provider: 'inbox' },
  { channel: 'email', provider: 'smtp' },
  { channel: 'sms', provider: 'twilio' },
] as const;
const roles = ['buyer', 'lawyer', 'manager', 'auditor'] as const;

/**
 * Fills the delivery log with as many deliveries as the engine would have left over the last {@link DELIVERY_DAYS} days:
 * eight types on three channels, some with templates of the tenant's own, people of four roles, one in fifty failed, a
 * third opened; then builds the indexes. Straight through the driver.
 */
export async function fillDeliveries(
  models: Models,
  tenantId: string,
  total: number,
  say: (text: string) => void,
): Promise<void> {
  const collection = models.connection.collection<DeliveryRow>('deliveries');
  const nowMs = Date.now();
  for (let made = 0; made < total;) {
    const rows: DeliveryRow[] = [];
    for (; rows.length < BATCH && made < total; made += 1) {
      const createdAt = new Date(nowMs - ((total - made) / total) * DELIVERY_DAYS * DAY_MS);
      rows.push(rowOf(tenantId, made, createdAt));
    }
    await collection.insertMany(rows, { ordered: false, writeConcern: { w: 1 } });
    if (made % (BATCH * 20) === 0) say(`${made} of ${total} rows`);
  }
  say('building the indexes');
  await buildIndexes(models.connection);
}

function rowOf(tenantId: string, index: number, createdAt: Date): DeliveryRow {
  // Spread without a pattern, and the same every time.
  const dice = (sides: number, salt: number) => (Math.imul(index + 1, 0x9e3779b1 + salt * 2) >>> 8) % sides;
  const { channel, provider } = channels[dice(channels.length, 1)] ?? channels[0];
  const type = types[dice(types.length, 2)] ?? types[0];
  const id = `ntf_${index.toString(36).padStart(26, '0')}-${channel}`;
  const at = (afterMs: number) => new Date(createdAt.getTime() + afterMs);
  const latencyMs =
    channel === 'in_app' ? dice(40, 3) : 50 + dice(2_000, 3) + (dice(100, 4) === 0 ? 60_000 : 0);
  const hasFailed = dice(50, 5) === 0 && channel !== 'in_app';
  const isOpened = !hasFailed && channel !== 'sms' && dice(3, 6) === 0;
  const attempt = { at: createdAt, durationMs: latencyMs, provider, kind: 'first' as const };
  return {
    _id: rowId(tenantId, id),
    tenantId,
    id,
    notificationId: id.slice(0, 30),
    recipientId: `person-${1 + dice(PEOPLE, 7)}`,
    type,
    ...(dice(types.length, 2) < 3 ? { template: `tpl_${type}_${dice(2, 8)}` } : {}),
    roles: [roles[dice(roles.length, 9)] ?? roles[0]],
    channel,
    targetHash: id,
    target: 'p•••@example.com',
    status: hasFailed ? 'failed' : 'sent',
    provider,
    retryCount: 0,
    ...(hasFailed ? { failureReason: dice(2, 10) === 0 ? 'provider_error' : 'invalid_recipient' } : {}),
    attempts: [
      hasFailed
        ? { ...attempt, outcome: 'failed', failureReason: 'provider_error' }
        : { ...attempt, outcome: 'sent' },
    ],
    createdAt,
    updatedAt: at(latencyMs),
    ...(hasFailed ? {} : { sentAt: at(latencyMs) }),
    ...(isOpened ? { openedAt: at(600_000) } : {}),
    purgeAt: at(90 * DAY_MS),
  };
}
