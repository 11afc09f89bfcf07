import type { Connection } from 'mongoose';
import { UnsealError, type KeyRing } from '../runtime/key-ring.js';
import { DATA_KEYS, dataKeyBytes, dataKeyContext, type DataKeyRow } from './data-keys.js';
import type { Rows } from './rows.js';

export interface Rotation {
  /** Wrapped anew with the current key. */
  rewrapped: number;
  /** Data keys that could not be opened, with the reason. */
  failed: { scope: string; reason: string }[];
  /** Master keys that wrap data keys now, each with how many. */
  inUse: ReadonlyMap<string, number>;
}

const BATCH = 100;

/**
 * Wraps every data key that is not under the ring's current key with that one; what they seal stays as it is. Each is
 * replaced in one step and only if it is still as it was read, so it can be stopped at any moment, run again, and run
 * beside itself and everything else.
 * @param options.onBatch told how many were looked at so far, and of how many.
 */
export async function rotateDataKeys(
  connection: Connection,
  ring: KeyRing,
  options: { onBatch: (done: number, total: number) => Promise<void> | void },
): Promise<Rotation> {
  const rows = connection.collection(DATA_KEYS) as unknown as Rows<DataKeyRow>;
  const others = { keyId: { $ne: ring.currentKeyId } };
  const total = await rows.countDocuments(others);
  const failed: Rotation['failed'] = [];
  let rewrapped = 0;
  let done = 0;
  let afterId = '';
  for (;;) {
    const batch = await rows
      .find({ _id: { $gt: afterId }, ...others })
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray();
    for (const row of batch) {
      try {
        if (await rewrap(rows, ring, row)) rewrapped += 1;
      } catch (error) {
        if (!(error instanceof UnsealError)) throw error;
        failed.push({ scope: row._id, reason: error.message });
      }
    }
    done += batch.length;
    afterId = batch.at(-1)?._id ?? afterId;
    if (batch.length > 0) await options.onBatch(done, Math.max(total, done));
    if (batch.length < BATCH) break;
  }
  return { rewrapped, failed, inUse: await keysInUse(rows) };
}

async function rewrap(rows: Rows<DataKeyRow>, ring: KeyRing, row: DataKeyRow): Promise<boolean> {
  const bytes = dataKeyBytes(row);
  const context = dataKeyContext(row._id);
  const plain = row.keyId === undefined ? bytes : ring.open(row.keyId, bytes, context);
  const { keyId, sealed } = ring.seal(plain, context);
  const asRead = { _id: row._id, keyId: row.keyId ?? { $exists: false } };
  const replaced = await rows.updateOne(asRead, { $set: { keyId, key: sealed } });
  return replaced.modifiedCount === 1;
}

/** Master keys that wrap data keys now, each with how many; the empty one stands for none. */
export function keyIdsInUse(connection: Connection): Promise<Map<string, number>> {
  return keysInUse(connection.collection(DATA_KEYS) as unknown as Rows<DataKeyRow>);
}

async function keysInUse(rows: Rows<DataKeyRow>): Promise<Map<string, number>> {
  const groups = await rows
    .aggregate<{ _id: string | null; count: number }>([{ $group: { _id: '$keyId', count: { $sum: 1 } } }])
    .toArray();
  return new Map(groups.map(({ _id, count }) => [_id ?? '', count]));
}
