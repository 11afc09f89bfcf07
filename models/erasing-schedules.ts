import type { mongo } from 'mongoose';
import { rowsIn, type Erased, type Erasing, type Row } from './erasing-step.js';
import { recipientIdOf } from './recipient-id.js';

type Named = Parameters<typeof recipientIdOf>[1] | { id: string };
interface Body {
  to?: { recipient?: Named; recipients?: Named[] };
  audience?: { recipients?: Named[] };
}

/** A schedule that names the person. */
export interface OwnSchedule {
  row: mongo.WithId<Row>;
  body: Body;
  /** Without the person in its lists; undefined where it is for nobody else. */
  others?: Body;
}

/** All of a tenant's schedules are looked at, few as they are, since what they say is sealed. */
export async function* schedulesOf({ connection, vault, person }: Erasing): AsyncGenerator<OwnSchedule> {
  const ids = new Set(person.ids);
  const isPerson = (one: Named) => ids.has(recipientIdOf(vault, one));
  const rows = rowsIn(connection, 'schedules').find({ tenantId: person.tenantId });
  for await (const row of rows) {
    const body = JSON.parse(vault.open(row.body as string)) as Body;
    const { to, audience } = body;
    const lists = { ...(to?.recipients ? { to } : {}), ...(audience?.recipients ? { audience } : {}) };
    if (to?.recipient !== undefined) {
      if (isPerson(to.recipient)) yield { row, body };
      continue;
    }
    if (!Object.values(lists).some((list) => list.recipients?.some(isPerson))) continue;
    const left = Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [
        name,
        { ...list, recipients: list.recipients?.filter((one) => !isPerson(one)) },
      ]),
    );
    const isEmpty = Object.values(left).every(
      (list) => list.recipients?.length === 0 && Object.keys(list).length === 1,
    );
    yield { row, body, ...(isEmpty ? {} : { others: { ...body, ...left } }) };
  }
}

/** What recurs for the person alone is removed, with its clock at Temporal dropped before; from lists they are taken. */
export async function eraseFromSchedules(erasing: Erasing): Promise<Erased> {
  const schedules = rowsIn(erasing.connection, 'schedules');
  let removed = 0;
  let blanked = 0;
  for await (const { row, others } of schedulesOf(erasing)) {
    if (!others) {
      removed += (await schedules.deleteOne({ _id: row._id })).deletedCount;
      continue;
    }
    const done = await schedules.updateOne(
      { _id: row._id, body: row.body },
      { $set: { body: erasing.vault.seal(JSON.stringify(others)) }, $inc: { revision: 1 } },
    );
    blanked += done.modifiedCount;
  }
  return [{ collection: 'schedules', removed, blanked }];
}
