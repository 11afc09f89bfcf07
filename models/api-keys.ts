import { createHash, randomBytes } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import { ulid } from 'ulid';
import { apiKeyRoles, type ApiKeyRole } from '../contracts/tenants.js';
import { rowsOf } from './rows.js';

interface ApiKeyRow {
  /** SHA-256 of the key: a key has 256 random bits, so a fast hash gives nothing away. */
  _id: string;
  id: string;
  tenantId: string;
  name: string;
  roles: ApiKeyRole[];
  createdAt: Date;
  revokedAt?: Date;
}

const schema = new Schema<ApiKeyRow>(
  {
    _id: String,
    id: { type: String, required: true },
    tenantId: { type: String, required: true },
    name: { type: String, required: true },
    roles: [{ type: String, enum: apiKeyRoles }],
    createdAt: { type: Date, required: true },
    revokedAt: Date,
  },
  { collection: 'apiKeys', versionKey: false },
);
// Serves list and revoke.
schema.index({ tenantId: 1, id: 1 }, { unique: true });

export interface ApiKey {
  id: string;
  tenantId: string;
  name: string;
  roles: ApiKeyRole[];
  createdAt: string;
}

/** API keys of tenants, stored as hashes. */
export class ApiKeys {
  private readonly model: Model<ApiKeyRow>;

  constructor(connection: Connection) {
    this.model = connection.model<ApiKeyRow>('ApiKey', schema);
  }

  /** Makes a key; its text is returned here and never again. */
  async create(tenantId: string, name: string, roles: ApiKeyRole[]): Promise<{ id: string; key: string }> {
    const key = `ck_${randomBytes(32).toString('base64url')}`;
    const id = `key_${ulid()}`;
    await this.model.create({ _id: hashKey(key), id, tenantId, name, roles, createdAt: new Date() });
    return { id, key };
  }

  /** The key's owner and roles, unless it is unknown or revoked. */
  async findByKey(key: string): Promise<ApiKey | undefined> {
    const row = await rowsOf(this.model).findOne({ _id: hashKey(key) });
    return row && !row.revokedAt ? show(row) : undefined;
  }

  /** Those that are not revoked, oldest first, after `afterId`. */
  async list(tenantId: string, limit: number, afterId: string | undefined): Promise<ApiKey[]> {
    const rows = await this.model
      .find({
        tenantId,
        revokedAt: { $exists: false },
        ...(afterId === undefined ? {} : { id: { $gt: afterId } }),
      })
      .sort({ id: 1 })
      .limit(limit)
      .lean<ApiKeyRow[]>()
      .exec();
    return rows.map(show);
  }

  /** False when the tenant has no such key. */
  async revoke(tenantId: string, id: string): Promise<boolean> {
    const done = await this.model.updateOne(
      { tenantId, id, revokedAt: { $exists: false } },
      { revokedAt: new Date() },
    );
    return done.modifiedCount === 1;
  }
}

function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

function show(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    tenantId: row.tenantId,
    name: row.name,
    roles: row.roles,
    createdAt: row.createdAt.toISOString(),
  };
}
