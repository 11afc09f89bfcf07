import { personActor } from './audit.js';
import { idsOf } from './row-id.js';
import { ERASED, rowsIn, type Erased, type Erasing } from './erasing-step.js';

/** Where who did something stands, beside the audit trail. Looked through within the tenant's range of the primary index. */
const authored = [
  ['broadcasts', 'createdBy'],
  ['redrives', 'createdBy'],
  ['reminders', 'createdBy'],
  ['schedules', 'createdBy'],
  ['webhookReplays', 'createdBy'],
  ['templateVersions', 'createdBy'],
  ['templates', 'published.by'],
  ['suppressions', 'actor'],
] as const;

/** Of what the person did as an administrator it is not said any more who did it. Counted by whole, in one go. */
export async function eraseAuthorship({ connection, person }: Erasing): Promise<Erased> {
  const { tenantId, recipientId } = person;
  const actor = personActor(recipientId);
  const erased = personActor(ERASED);
  const ofTenant = { _id: idsOf(tenantId) };
  const done: Erased = [];
  for (const [collection, field] of authored) {
    const { modifiedCount } = await rowsIn(connection, collection).updateMany(
      { ...ofTenant, [field]: actor },
      { $set: { [field]: erased } },
    );
    done.push({ collection, blanked: modifiedCount });
  }
  const publications = await rowsIn(connection, 'templates').updateMany(
    { ...ofTenant, 'publications.by': actor },
    { $set: { 'publications.$[own].by': erased } },
    { arrayFilters: [{ 'own.by': actor }] },
  );
  // Their runs are ended with the person's.
  await rowsIn(connection, 'redrives').updateMany(
    { ...ofTenant, 'filter.recipient': recipientId, status: { $in: ['accepted', 'running'] } },
    { $set: { status: 'cancelled', finishedAt: new Date() } },
  );
  const redrives = await rowsIn(connection, 'redrives').updateMany(
    { ...ofTenant, 'filter.recipient': recipientId },
    { $set: { 'filter.recipient': ERASED } },
  );
  return [
    ...done,
    { collection: 'templates', blanked: publications.modifiedCount },
    { collection: 'redrives', blanked: redrives.modifiedCount },
  ];
}
