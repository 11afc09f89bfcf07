import { randomBytes } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import type { DataKeys } from './data-keys.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

interface HookSecretRow {
  _id: string;
  tenantId: string;
  /** Whose calls it proves, e.g. `smtp`. */
  provider: string;
  /** JSON list, the newest first, sealed for this very row. */
  secrets: string;
  updatedAt: Date;
}

const schema = new Schema<HookSecretRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    provider: { type: String, required: true },
    secrets: { type: String, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'hookSecrets', versionKey: false },
);

/** The one before the newest is good too, so that a mail server can be told of the new one without losing a bounce. */
const KEPT = 2;

/** By which callers without a signature of their own prove themselves: one row for each tenant and provider. */
export class HookSecrets {
  private readonly rows: Rows<HookSecretRow>;

  constructor(
    connection: Connection,
    private readonly dataKeys: DataKeys,
  ) {
    const model: Model<HookSecretRow> = connection.model<HookSecretRow>('HookSecret', schema);
    this.rows = rowsOf(model);
  }

  /** Makes a new one, and answers it: it is not shown again. */
  async make(tenantId: string, provider: string): Promise<string> {
    const secret = `hs_${randomBytes(24).toString('base64url')}`;
    const vault = await this.dataKeys.secrets(tenantId);
    const before = await this.find(tenantId, provider);
    const secrets = vault.seal(JSON.stringify([secret, ...before].slice(0, KEPT)), placeOf(provider));
    await this.rows.updateOne(
      { _id: rowId(tenantId, provider) },
      { $set: { tenantId, provider, secrets, updatedAt: new Date() } },
      { upsert: true },
    );
    return secret;
  }

  /** Those that are good, the newest first. @throws UnsealError when the key that sealed them is not there any more. */
  async find(tenantId: string, provider: string): Promise<string[]> {
    const row = await this.rows.findOne({ _id: rowId(tenantId, provider) });
    if (!row) return [];
    const vault = await this.dataKeys.secrets(tenantId);
    return JSON.parse(vault.open(row.secrets, placeOf(provider))) as string[];
  }

  /** False where there was none. */
  async remove(tenantId: string, provider: string): Promise<boolean> {
    return (await this.rows.deleteOne({ _id: rowId(tenantId, provider) })).deletedCount === 1;
  }
}

function placeOf(provider: string): string {
  return `hookSecrets/${provider}`;
}
