import type { NotificationRow } from './notification-schema.js';
import { Lookups } from './lookups.js';
import type { Rows } from './rows.js';

const fields = [
  'recipientId',
  'type',
  'requestHash',
  'status',
  'waiting',
  'sendAt',
  'expiresAt',
] as const satisfies (keyof NotificationRow)[];

/** What was asked under an ID, and how far it is. */
export type NotificationRequest = Pick<NotificationRow, (typeof fields)[number]>;

const projection = Object.fromEntries(fields.map((field) => [field, 1]));

/** Every trigger with an idempotency key looks for its own first, so that those that come together are read together. */
export function requestLookups(rows: Rows<NotificationRow>): Lookups<NotificationRequest> {
  return new Lookups<NotificationRequest>(async (ids) => {
    const found = await rows.find({ _id: { $in: ids } }, { projection, batchSize: ids.length + 1 }).toArray();
    return new Map(found.map((row) => [row._id, row]));
  });
}
