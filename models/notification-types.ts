import { Schema, type Connection, type Model } from 'mongoose';
import { ownType, typeOverride, type StoredType } from '../contracts/notification-types.js';
import { rowId } from './row-id.js';
import { rowsOf } from './rows.js';
import type { Tenants } from './tenants.js';

interface NotificationTypeRow {
  _id: string;
  /** Or {@link EVERY_TENANT}. */
  tenantId: string;
  name: string;
  /** JSON of contracts/notification-types.ts: a whole type, or the changes of a built-in one. */
  own?: string;
  override?: string;
  updatedAt: Date;
}

/** Stands for a tenant in the rows that hold for all of them; no tenant's ID has a star. */
export const EVERY_TENANT = '*';

const schema = new Schema<NotificationTypeRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    name: { type: String, required: true },
    own: String,
    override: String,
    updatedAt: { type: Date, required: true },
  },
  { collection: 'notificationTypes', versionKey: false },
);
// A tenant's types, in the order of their names.
schema.index({ tenantId: 1, name: 1 });

/**
 * What tenants change of the built-in types, and the types of their own. Every change counts up `typesVersion` of the
 * tenant, or of all tenants, after the row is written: who reads the count first never keeps what is older.
 */
export class NotificationTypes {
  private readonly model: Model<NotificationTypeRow>;

  constructor(
    connection: Connection,
    private readonly tenants: Tenants,
  ) {
    this.model = connection.model<NotificationTypeRow>('NotificationType', schema);
  }

  /** Counts the changes; undefined without such a tenant. */
  version(tenantId: string): Promise<number | undefined> {
    return this.tenants.typesVersion(tenantId);
  }

  /** What holds for every tenant, then the tenant's: a later one is laid over an earlier one. */
  async list(tenantId: string): Promise<StoredType[]> {
    const rows = await rowsOf(this.model)
      .find({ tenantId: { $in: [EVERY_TENANT, tenantId] } })
      // A star sorts before letters and digits.
      .sort({ tenantId: 1, name: 1 })
      .toArray();
    return rows.map(stored);
  }

  /** The tenant's row of one type. */
  async find(tenantId: string, name: string): Promise<StoredType | undefined> {
    const row = await rowsOf(this.model).findOne({ _id: rowId(tenantId, name) });
    return row ? stored(row) : undefined;
  }

  /** How many rows the tenant has, up to `limit`. */
  count(tenantId: string, limit: number): Promise<number> {
    return rowsOf(this.model).countDocuments({ tenantId }, { limit });
  }

  /** Stores a type of the tenant's own, or its changes of a built-in one. Answers what stood there before. */
  async put(
    tenantId: string,
    name: string,
    value: Partial<Pick<StoredType, 'own' | 'override'>>,
  ): Promise<StoredType | undefined> {
    const { own, override } = value;
    const before = await rowsOf(this.model).findOneAndReplace(
      { _id: rowId(tenantId, name) },
      {
        tenantId,
        name,
        ...(own ? { own: JSON.stringify(own) } : {}),
        ...(override ? { override: JSON.stringify(override) } : {}),
        updatedAt: new Date(),
      },
      { upsert: true },
    );
    await this.tenants.countTypesChange(tenantId === EVERY_TENANT ? undefined : tenantId);
    return before ? stored(before) : undefined;
  }

  /** Back to the built-in type, or away with the tenant's own. Answers what it was; undefined when there is none. */
  async remove(tenantId: string, name: string): Promise<StoredType | undefined> {
    const row = await rowsOf(this.model).findOneAndDelete({ _id: rowId(tenantId, name) });
    if (row) await this.tenants.countTypesChange(tenantId === EVERY_TENANT ? undefined : tenantId);
    return row ? stored(row) : undefined;
  }
}

function stored(row: Pick<NotificationTypeRow, 'tenantId' | 'name' | 'own' | 'override'>): StoredType {
  return {
    name: row.name,
    forAll: row.tenantId === EVERY_TENANT,
    own: row.own === undefined ? undefined : ownType.parse(JSON.parse(row.own)),
    override: row.override === undefined ? undefined : typeOverride.parse(JSON.parse(row.override)),
  };
}
