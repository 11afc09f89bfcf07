import { mongo, type Connection } from 'mongoose';

/** A row as it is stored. */
export type StoredRow = Record<string, unknown> & { _id: string; tenantId?: string };

export interface Purged {
  collection: string;
  /** When a row's time is over: past this field's time. */
  field: 'purgeAt' | 'updatedAt' | 'addedAt';
  /** So many days after it. */
  days?: number;
  /** What else must be true of the row. */
  more?: object;
  /** Whether it is written to a file first, where that is asked for. */
  isExported: boolean;
}

/** Days that a broadcast that is over, and the list that it went to, are kept. */
export const BROADCAST_DAYS = 400;

/**
 * What housekeeping removes, one after the other: what hangs on a notification before the notification. Everything else that
 * grows is removed by MongoDB itself as it expires (TTL indexes): it lasts for minutes or days, or repeats what stands in
 * these.
 */
export const purged: readonly Purged[] = [
  { collection: 'deliveries', field: 'purgeAt', isExported: true },
  { collection: 'digestItems', field: 'purgeAt', isExported: true },
  { collection: 'digests', field: 'purgeAt', isExported: true },
  { collection: 'notifications', field: 'purgeAt', isExported: true },
  { collection: 'attachments', field: 'purgeAt', isExported: false },
  { collection: 'reminders', field: 'purgeAt', isExported: true },
  { collection: 'redrives', field: 'purgeAt', isExported: true },
  { collection: 'audiences', field: 'addedAt', days: BROADCAST_DAYS, isExported: false },
  {
    collection: 'broadcasts',
    field: 'updatedAt',
    days: BROADCAST_DAYS,
    more: { status: { $in: ['draft', 'completed', 'cancelled', 'failed'] } },
    isExported: true,
  },
  { collection: 'audit', field: 'purgeAt', isExported: true },
];

const DAY_MS = 86_400_000;

/** A row as a line of NDJSON: MongoDB's Extended JSON, relaxed, which `mongoimport` reads. */
export function lineOf(row: StoredRow): string {
  return `${mongo.BSON.EJSON.stringify(row, { relaxed: true })}\n`;
}

/** Rows whose time is over, of all tenants, oldest first: each collection has an index on its `field` for this. */
export class ExpiredRows {
  constructor(private readonly connection: Connection) {}

  /** @param whole false where their IDs are enough. */
  async find(of: Purged, now: Date, limit: number, whole: boolean): Promise<StoredRow[]> {
    return this.collection(of)
      .find(expired(of, now), whole ? {} : { projection: { _id: 1 } })
      .hint({ [of.field]: 1 })
      .sort({ [of.field]: 1 })
      .limit(limit)
      .toArray();
  }

  /** Removes those of the rows whose time is still over: one may have been marked unread meanwhile. */
  async remove(of: Purged, ids: readonly string[], now: Date): Promise<number> {
    const { deletedCount } = await this.collection(of).deleteMany({
      _id: { $in: [...ids] },
      ...expired(of, now),
    });
    return deletedCount;
  }

  private collection(of: Purged): mongo.Collection<StoredRow> {
    return this.connection.collection(of.collection) as unknown as mongo.Collection<StoredRow>;
  }
}

function expired({ field, days = 0, more = {} }: Purged, now: Date): object {
  return { [field]: { $lt: new Date(now.getTime() - days * DAY_MS) }, ...more };
}
