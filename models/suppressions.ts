import { createHash } from 'node:crypto';
import { Schema, type Connection, type Model, type mongo } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import { suppressionReasons, type Suppression, type SuppressionReason } from '../contracts/suppressions.js';
import { channelField } from './channel-fields.js';
import type { AddressVault, DataKeys } from './data-keys.js';
import { newestPage } from './newest-page.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

export interface SuppressionRow {
  _id: string;
  tenantId: string;
  id: string;
  channel: ChannelName;
  /** Keyed hash of the address, by which it is found. */
  addressHash: string;
  /** The address, sealed. */
  address: string;
  reason: SuppressionReason;
  /** Only this category is stopped; all when absent. */
  category?: string;
  detail?: string;
  /** The delivery that the provider, or the person, answered in this way. */
  deliveryId?: string;
  /** Who did it by hand. */
  actor?: string;
  createdAt: Date;
}

const schema = new Schema<SuppressionRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    channel: channelField,
    addressHash: { type: String, required: true },
    address: { type: String, required: true },
    reason: { type: String, enum: suppressionReasons, required: true },
    category: String,
    detail: String,
    deliveryId: String,
    actor: String,
    createdAt: { type: Date, required: true },
  },
  { collection: 'suppressions', versionKey: false },
);
// Serves ofAddresses, which reads nothing but the index.
schema.index({ tenantId: 1, addressHash: 1, channel: 1, reason: 1, category: 1 });
// The list, whole and by each filter.
schema.index({ tenantId: 1, createdAt: -1, _id: -1 });
schema.index({ tenantId: 1, channel: 1, createdAt: -1, _id: -1 });
schema.index({ tenantId: 1, reason: 1, createdAt: -1, _id: -1 });

/** Longest `detail`, in characters. */
const MAX_DETAIL = 500;

/** What stops an address, and how that came to be known. */
export interface NewSuppression extends Suppression {
  address: string;
  /** What the provider said; without addresses. Cut to 500 characters. */
  detail?: string | undefined;
  /** The delivery that was answered in this way. */
  deliveryId?: string | undefined;
  /** Who did it by hand. */
  actor?: string | undefined;
}

/** A suppression as the API shows it. */
export interface ShownSuppression {
  id: string;
  channel: ChannelName;
  address: string;
  reason: SuppressionReason;
  category: string | null;
  detail: string | null;
  deliveryId: string | null;
  actor: string | null;
  /** ISO 8601. */
  createdAt: string;
}

export interface SuppressionFilter {
  channel?: ChannelName | undefined;
  reason?: SuppressionReason | undefined;
  address?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/**
 * Addresses that are not written to any more. One row for each address, channel, category and reason: an address that
 * bounced and is mended is still unsubscribed. They stay until somebody removes them, as nobody may be written to again
 * only because time has passed.
 */
export class Suppressions {
  private readonly model: Model<SuppressionRow>;
  private readonly rows: Rows<SuppressionRow>;

  constructor(
    connection: Connection,
    private readonly keys: DataKeys,
  ) {
    this.model = connection.model<SuppressionRow>('Suppression', schema);
    this.rows = rowsOf(this.model);
  }

  /** Stores what is not there yet; what is there stays as it is. Answers how many are new. */
  async add(tenantId: string, suppressions: readonly NewSuppression[]): Promise<number> {
    if (suppressions.length === 0) return 0;
    const vault = await this.keys.vault(tenantId);
    const done = await this.rows.bulkWrite(
      suppressions.map((one) => ({ updateOne: insertion(tenantId, vault, one) })),
      { ordered: false },
    );
    return done.upsertedCount;
  }

  /** Stores one and answers it as it is then; `created` is false where it was there. */
  async addOne(
    tenantId: string,
    suppression: NewSuppression,
  ): Promise<{ suppression: ShownSuppression; created: boolean }> {
    const vault = await this.keys.vault(tenantId);
    const { filter, update } = insertion(tenantId, vault, suppression);
    const { value, lastErrorObject } = await this.rows.findOneAndUpdate(filter, update, {
      upsert: true,
      returnDocument: 'after',
      includeResultMetadata: true,
    });
    return {
      suppression: show(value as SuppressionRow, vault),
      created: lastErrorObject?.updatedExisting === false,
    };
  }

  /** What stops these addresses, by the keyed hash of each; one that nothing stops is not in it. */
  async ofAddresses(tenantId: string, hashes: readonly string[]): Promise<Map<string, Suppression[]>> {
    const found = new Map<string, Suppression[]>();
    if (hashes.length === 0) return found;
    const rows = await this.rows
      .find({ tenantId, addressHash: { $in: [...new Set(hashes)] } })
      .project<Pick<SuppressionRow, 'addressHash' | 'channel' | 'reason'> & { category: string | null }>({
        _id: 0,
        addressHash: 1,
        channel: 1,
        reason: 1,
        category: 1,
      })
      .toArray();
    for (const { addressHash, channel, reason, category } of rows) {
      // An index has null where the row has nothing.
      const suppression = { channel, reason, ...(category === null ? {} : { category }) };
      found.set(addressHash, [...(found.get(addressHash) ?? []), suppression]);
    }
    return found;
  }

  /** Newest first. */
  async list(tenantId: string, filter: SuppressionFilter) {
    const vault = await this.keys.vault(tenantId);
    const { channel, reason, address } = filter;
    const addressHash = address === undefined ? undefined : vault.hash(address);
    const where = { tenantId, channel, reason, addressHash };
    return newestPage(this.rows, 'createdAt', where, filter, (row) => show(row, vault));
  }

  /** Removes one and answers what it was; undefined when there is none. */
  async remove(tenantId: string, id: string): Promise<ShownSuppression | undefined> {
    const row = await this.rows.findOneAndDelete({ _id: rowId(tenantId, id) });
    return row ? show(row, await this.keys.vault(tenantId)) : undefined;
  }

  /** Takes back what stops one address on a channel as a whole, of these reasons; answers how many did. */
  async lift(
    tenantId: string,
    { channel, address }: { channel: ChannelName; address: string },
    reasons: readonly SuppressionReason[],
  ): Promise<number> {
    const addressHash = (await this.keys.vault(tenantId)).hash(address);
    const ids = reasons.map((reason) => rowId(tenantId, suppressionId(addressHash, { channel, reason })));
    return (await this.rows.deleteMany({ _id: { $in: ids } })).deletedCount;
  }

  /** Takes back what one address unsubscribed from on a channel: this category, and everything. */
  async resubscribe(
    tenantId: string,
    subscription: { channel: ChannelName; address: string; category: string },
  ): Promise<void> {
    const { channel, category, address } = subscription;
    const vault = await this.keys.vault(tenantId);
    const ids = [category, undefined].map((one) =>
      rowId(tenantId, suppressionId(vault.hash(address), { channel, reason: 'unsubscribed', category: one })),
    );
    await this.rows.deleteMany({ _id: { $in: ids } });
  }
}

function insertion(
  tenantId: string,
  vault: AddressVault,
  { channel, reason, category, address, detail, deliveryId, actor }: NewSuppression,
): { filter: mongo.Filter<SuppressionRow>; update: mongo.UpdateFilter<SuppressionRow>; upsert: true } {
  const addressHash = vault.hash(address);
  const id = suppressionId(addressHash, { channel, reason, category });
  const row: Omit<SuppressionRow, '_id'> = {
    tenantId,
    id,
    channel,
    addressHash,
    address: vault.seal(address),
    reason,
    ...(category === undefined ? {} : { category }),
    ...(detail === undefined ? {} : { detail: detail.slice(0, MAX_DETAIL) }),
    ...(deliveryId === undefined ? {} : { deliveryId }),
    ...(actor === undefined ? {} : { actor }),
    createdAt: new Date(),
  };
  return { filter: { _id: rowId(tenantId, id) }, update: { $setOnInsert: row }, upsert: true };
}

/** The same for the same address, channel, category and reason, so that the primary key keeps them apart. */
function suppressionId(
  addressHash: string,
  {
    channel,
    reason,
    category,
  }: { channel: ChannelName; reason: SuppressionReason; category?: string | undefined },
): string {
  const key = JSON.stringify([channel, addressHash, reason, category ?? null]);
  return `sup_${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

function show(row: SuppressionRow, vault: AddressVault): ShownSuppression {
  return {
    id: row.id,
    channel: row.channel,
    address: vault.open(row.address),
    reason: row.reason,
    category: row.category ?? null,
    detail: row.detail ?? null,
    deliveryId: row.deliveryId ?? null,
    actor: row.actor ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
