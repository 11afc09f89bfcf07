import { eraseFromAudit } from './erasing-audit.js';
import { eraseAuthorship } from './erasing-authorship.js';
import { eraseFromSchedules } from './erasing-schedules.js';
import { BATCH, ERASED, rowsIn, type Erased, type ErasureStep, type Erasing } from './erasing-step.js';
import { rowId } from './row-id.js';
import { audienceOf } from './system-messages.js';

/** In this order: what could still be sent, or say what to send, first. */
export const erasureSteps: readonly ErasureStep[] = [
  byId('subscribers'),
  eraseFromSchedules,
  byRecipient('reminders'),
  byRecipient('audiences'),
  byRecipient('digestItems'),
  byRecipient('digests'),
  eraseNotifications,
  byRecipient('deliveries'),
  byRecipient('outboundEvents'),
  byRecipient('topicMembers'),
  byId('preferences'),
  byId('insights'),
  blankInboundEvents,
  blankSuppressions,
  removeSystemMessages,
  takeFromTenant,
  eraseAuthorship,
  eraseFromAudit,
];

/** One row under the person's own ID. */
function byId(collection: string): ErasureStep {
  return async ({ connection, person: { tenantId, ids } }) => {
    const done = await rowsIn(connection, collection).deleteMany({
      _id: { $in: ids.map((id) => rowId(tenantId, id)) },
    });
    return [{ collection, removed: done.deletedCount }];
  };
}

/** Every collection here has an index that begins with tenant and recipient. */
function byRecipient(collection: string): ErasureStep {
  return async ({ connection, person: { tenantId, ids } }) => {
    const rows = rowsIn(connection, collection);
    const found = await rows
      .find({ tenantId, recipientId: { $in: ids } }, { projection: { _id: 1 }, limit: BATCH })
      .toArray();
    if (found.length === 0) return [];
    const done = await rows.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
    return [{ collection, removed: done.deletedCount }];
  };
}

/** Notifications after all that is found by them. */
async function eraseNotifications({ connection, person }: Erasing): Promise<Erased> {
  const { tenantId, ids } = person;
  const notifications = rowsIn(connection, 'notifications');
  const found = await notifications
    .find({ tenantId, recipientId: { $in: ids } }, { projection: { id: 1 }, limit: BATCH })
    .toArray();
  if (found.length === 0) return [];
  const own = found.map(({ id }) => id as string);
  const attachments = await rowsIn(connection, 'attachments').deleteMany({
    $or: found.map(({ _id }) => ({ _id: { $gt: `${_id}/`, $lt: `${_id}0` } })),
  });
  const audit = await rowsIn(connection, 'audit').updateMany(
    {
      tenantId,
      subject: { $in: own },
      $or: [{ before: { $exists: true } }, { after: { $exists: true } }],
    },
    { $unset: { before: 1, after: 1 } },
  );
  const done = await notifications.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
  return [
    { collection: 'attachments', removed: attachments.deletedCount },
    { collection: 'audit', blanked: audit.modifiedCount },
    { collection: 'notifications', removed: done.deletedCount },
  ];
}

/** The row stays: by it a delivery of the same event again is known as such. */
async function blankInboundEvents({ connection, person }: Erasing): Promise<Erased> {
  const { tenantId, ids } = person;
  const events = rowsIn(connection, 'inboundEvents');
  const found = await events
    .find({ tenantId, recipients: { $in: ids } }, { projection: { steps: 1 }, limit: BATCH })
    .toArray();
  if (found.length === 0) return [];
  const done = await events.bulkWrite(
    found.map(({ _id, steps }) => ({
      updateOne: {
        filter: { _id },
        update: {
          $set: { payload: '', steps: withoutDetails(steps as string) },
          // An event for several people is nobody's after one of them is erased.
          $unset: { recipients: 1 },
        },
      },
    })),
  );
  return [{ collection: 'inboundEvents', blanked: done.modifiedCount }];
}

/** What was refused may repeat a value. */
function withoutDetails(steps: string): string {
  const parsed = JSON.parse(steps) as { error?: { code: string } }[];
  return JSON.stringify(
    parsed.map(({ error, ...step }) =>
      error ? { ...step, error: { code: error.code, detail: ERASED } } : step,
    ),
  );
}

/** Nobody may be written to again because they asked to be forgotten: the keyed hash of the address stays. */
async function blankSuppressions({ connection, vault, person }: Erasing): Promise<Erased> {
  const { tenantId, addressHashes } = person;
  if (addressHashes.length === 0) return [];
  const done = await rowsIn(connection, 'suppressions').updateMany(
    { tenantId, addressHash: { $in: addressHashes }, isErased: { $ne: true } },
    {
      $set: { address: vault.seal(ERASED), isErased: true },
      $unset: { detail: 1, deliveryId: 1, actor: 1 },
    },
  );
  return [{ collection: 'suppressions', blanked: done.modifiedCount }];
}

/** What was said to others too stays for them. */
async function removeSystemMessages({ connection, person }: Erasing): Promise<Erased> {
  const { tenantId, recipientId } = person;
  const messages = rowsIn(connection, 'systemMessages');
  const audience = audienceOf('person', recipientId);
  const removed = await messages.deleteMany({ tenantId, audiences: [audience] });
  const blanked = await messages.updateMany({ tenantId, audiences: audience }, {
    $pull: { audiences: audience },
  } as object);
  return [{ collection: 'systemMessages', removed: removed.deletedCount, blanked: blanked.modifiedCount }];
}

async function takeFromTenant({ connection, person }: Erasing): Promise<Erased> {
  const { tenantId, recipientId } = person;
  const done = await rowsIn(connection, 'tenants').updateOne(
    { _id: tenantId, 'alerts.recipients': recipientId },
    { $pull: { 'alerts.recipients': recipientId } } as object,
  );
  return [{ collection: 'tenants', blanked: done.modifiedCount }];
}
