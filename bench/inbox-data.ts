import { sealTrigger } from '../activities/stored-trigger.js';
import { trigger, type Trigger } from '../contracts/trigger.js';
import type { AddressVault } from '../models/data-keys.js';
import { buildIndexes, type Models } from '../models/models.js';
import type { NotificationRow } from '../models/notification-schema.js';
import { rowId } from '../models/row-id.js';
import { findType } from '../templates/built-in-types.js';
import { requestFor } from './notifications.js';

const PER_PERSON = 100;
const BATCH = 2_000;
const DAY_MS = 86_400_000;
const types = ['approval_request', 'contract_approved', 'contract_updated', 'mention', 'system'] as const;

/**
 * Fills the notifications of `people` persons, 100 each, as the engine would have over the last months, straight
 * through the driver; then builds the indexes. The people are `person-1` and so on.
 */
export async function fillInbox(
  models: Models,
  tenantId: string,
  people: number,
  say: (text: string) => void,
): Promise<void> {
  const vault = await models.dataKeys.vault(tenantId);
  const collection = models.connection.collection<NotificationRow>('notifications');
  const nowMs = Date.now();
  const total = people * PER_PERSON;
  const beganMs = Date.now();
  // In the order of time, as they would have come: a person's rows lie far apart on disk.
  for (let made = 0; made < total;) {
    const rows: NotificationRow[] = [];
    for (; rows.length < BATCH && made < total; made += 1) {
      const createdAt = new Date(nowMs - ((total - made) / total) * 180 * DAY_MS);
      rows.push(rowOf(vault, tenantId, `person-${(made % people) + 1}`, made, createdAt));
    }
    await collection.insertMany(rows, { ordered: false, writeConcern: { w: 1 } });
    if (made % (BATCH * 50) === 0) say(`${made} of ${total} rows, ${seconds(beganMs)} s`);
  }
  say('building the indexes');
  await buildIndexes(models.connection);
  say(`${total} rows and their indexes in ${seconds(beganMs)} s`);
}

function seconds(sinceMs: number): string {
  return ((Date.now() - sinceMs) / 1000).toFixed(0);
}

function rowOf(
  vault: AddressVault,
  tenantId: string,
  recipientId: string,
  index: number,
  createdAt: Date,
): NotificationRow {
  const id = `ntf_${index.toString(36).padStart(26, '0')}`;
  const request: Trigger = trigger.parse({
    ...requestFor(recipientId),
    type: types[index % types.length],
    data: { contract: { id: `c-${index}`, title: `Framework agreement ${index}` }, requester: { id: 'u-7' } },
  });
  const type = findType(request.type);
  if (!type) throw new Error(`there is no type ${request.type}`);
  const turn = Math.floor(index / 10);
  const isUnread = turn % 4 === 0;
  const sent = { action: 'send' } as const;
  return {
    _id: rowId(tenantId, id),
    tenantId,
    id,
    recipientId,
    type: request.type,
    category: type.category,
    severity: type.severity,
    icon: type.icon,
    color: type.color,
    priority: 'normal',
    status: 'sent',
    createdAt,
    updatedAt: createdAt,
    requestHash: vault.hash(id),
    trigger: sealTrigger(vault, request),
    related: `contract:c-${index}`,
    plan: { sequence: 1, decidedAt: createdAt, channels: { in_app: sent, email: sent } },
    outcomes: { in_app: 'sent', email: 'sent' },
    timeline: [
      { at: createdAt, event: 'planned' },
      { at: createdAt, event: 'sent', detail: 'email via smtp' },
    ],
    title: `Ann Smith asks for your approval of agreement ${index}`,
    message: `Framework agreement ${index} waits for your decision, due 15 January 2030, 16:00.`,
    box: turn % 10 === 9 ? 'archive' : 'inbox',
    inboxAt: createdAt,
    ...(isUnread ? { unread: true as const } : { readAt: createdAt }),
    ...(isUnread && turn % 8 === 0 ? { unseen: true as const } : { seenAt: createdAt }),
    purgeAt: new Date(createdAt.getTime() + 365 * DAY_MS),
  };
}
