import type { AuditRow } from './audit.js';
import { personActor } from './audit.js';
import { BATCH, ERASED, rowsIn, type Erased, type Erasing } from './erasing-step.js';

/**
 * The trail goes on saying what was done and when. Of the person it has a keyed hash: as the one to whom it was done, as
 * the one who did it, and where lists of people name them.
 */
export async function eraseFromAudit({ connection, vault, person }: Erasing): Promise<Erased> {
  const { tenantId, recipientId } = person;
  const audit = rowsIn(connection, 'audit');
  const erased = `erased:${vault.pseudonym(recipientId)}`;
  const about = await audit.updateMany(
    { tenantId, subject: recipientId },
    { $set: { subject: erased }, $unset: { before: 1, after: 1 } },
  );
  const by = await audit.updateMany(
    { tenantId, actor: personActor(recipientId) },
    { $set: { actor: personActor(erased) } },
  );
  // Within the tenant's own part of the index; what it looks for stands in JSON.
  const text = { $regex: escaped(JSON.stringify(recipientId)) };
  const naming = await audit
    .find({ tenantId, $or: [{ before: text }, { after: text }] }, { limit: BATCH })
    .toArray();
  let named = 0;
  for (const row of naming as unknown as AuditRow[]) {
    const { before, after } = row;
    const { modifiedCount } = await audit.updateOne(
      { _id: row._id },
      {
        $set: {
          ...(before === undefined ? {} : { before: without(before, recipientId) }),
          ...(after === undefined ? {} : { after: without(after, recipientId) }),
        },
      },
    );
    named += modifiedCount;
  }
  return [{ collection: 'audit', blanked: about.modifiedCount + by.modifiedCount + named }];
}

function without(json: string, recipientId: string): string {
  return JSON.stringify(
    JSON.parse(json, (_name, value: unknown) => {
      if (value === recipientId) return ERASED;
      const isNamed = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (!isNamed || !Object.hasOwn(value, recipientId)) return value;
      const { [recipientId]: own, ...rest } = value as Record<string, unknown>;
      return { ...rest, [ERASED]: own };
    }),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
