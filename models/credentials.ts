import { Schema, type ClientSession, type Connection, type Model } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import type { StoredCredentials } from '../contracts/credentials.js';
import { CarillonError } from '../contracts/errors.js';
import { UnsealError } from '../runtime/key-ring.js';
import { channelField } from './channel-fields.js';
import type { DataKeys, SecretVault } from './data-keys.js';
import { idsOf, rowId } from './row-id.js';
import type { Tenants } from './tenants.js';

interface CredentialsRow {
  /** Tenant, channel, provider. */
  _id: string;
  tenantId: string;
  channel: ChannelName;
  provider: string;
  position: number;
  /** The tenant's key that sealed it. */
  keyId: string;
  /** The credentials as JSON, sealed for this very row. */
  sealed: string;
  createdAt: Date;
  updatedAt: Date;
}

const schema = new Schema<CredentialsRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    channel: channelField,
    provider: { type: String, required: true },
    position: { type: Number, required: true },
    keyId: { type: String, required: true },
    sealed: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'credentials', versionKey: false },
);

/**
 * What tenants send through, sealed with their own data keys: a row per tenant, channel and provider. Found by ranges of
 * the primary index, since a tenant has few. Every change counts up the tenant's `credentialsVersion` in the same
 * transaction, so that no cache keeps what was replaced, and two changes at once follow one another.
 */
export class Credentials {
  private readonly model: Model<CredentialsRow>;

  constructor(
    private readonly connection: Connection,
    private readonly dataKeys: DataKeys,
    private readonly tenants: Tenants,
  ) {
    this.model = connection.model<CredentialsRow>('Credentials', schema);
  }

  /** How the tenant sends, and the count of its changes; undefined without such a tenant. */
  settings(tenantId: string): ReturnType<Tenants['sendingSettings']> {
    return this.tenants.sendingSettings(tenantId);
  }

  /** A tenant's, of one channel or of all, in the order in which they are tried. */
  async list(tenantId: string, channel?: ChannelName): Promise<StoredCredentials[]> {
    const rows = await this.model
      .find({ _id: idsOf(channel === undefined ? tenantId : rowId(tenantId, channel)) })
      .lean<CredentialsRow[]>()
      .exec();
    if (rows.length === 0) return [];
    const vault = await this.vault(tenantId);
    return rows.sort((a, b) => a.position - b.position).map((row) => open(row, vault));
  }

  async find(
    tenantId: string,
    channel: ChannelName,
    provider: string,
  ): Promise<StoredCredentials | undefined> {
    const _id = rowIdOf(tenantId, channel, provider);
    const row = await this.model.findById(_id).lean<CredentialsRow>().exec();
    return row ? open(row, await this.vault(tenantId)) : undefined;
  }

  /**
   * Stores or replaces; what is new is tried last, what is replaced keeps its place.
   * @throws CarillonError `not_found` without such a tenant.
   */
  async put(
    tenantId: string,
    channel: ChannelName,
    provider: string,
    credentials: unknown,
  ): Promise<{ created: boolean }> {
    const vault = await this.dataKeys.secrets(tenantId);
    const sealed = vault.seal(JSON.stringify(credentials), placeOf(channel, provider));
    const now = new Date();
    return this.change(tenantId, async (session) => {
      const channelRows = { _id: idsOf(rowId(tenantId, channel)) };
      const last = await this.model.findOne(channelRows, null, { session }).sort({ position: -1 }).lean();
      const done = await this.model.updateOne(
        { _id: rowIdOf(tenantId, channel, provider) },
        {
          $set: { keyId: vault.keyId, sealed, updatedAt: now },
          $setOnInsert: { tenantId, channel, provider, position: (last?.position ?? 0) + 1, createdAt: now },
        },
        { session, upsert: true },
      );
      return { created: done.upsertedCount === 1 };
    });
  }

  /** False when there were none. */
  async remove(tenantId: string, channel: ChannelName, provider: string): Promise<boolean> {
    return this.change(tenantId, async (session) => {
      const done = await this.model.deleteOne({ _id: rowIdOf(tenantId, channel, provider) }, { session });
      return done.deletedCount === 1;
    });
  }

  /**
   * Orders a channel's providers.
   * @throws CarillonError `conflict` unless each that is set up is named once.
   */
  async order(tenantId: string, channel: ChannelName, providers: readonly string[]): Promise<void> {
    await this.change(tenantId, async (session) => {
      const channelRows = { _id: idsOf(rowId(tenantId, channel)) };
      const rows = await this.model.find(channelRows, null, { session }).lean<CredentialsRow[]>().exec();
      const set = rows.map(({ provider }) => provider).sort();
      if (JSON.stringify(set) !== JSON.stringify([...providers].sort())) {
        throw new CarillonError('conflict', `name each provider of ${channel} once: ${set.join(', ')}`);
      }
      for (const [index, provider] of providers.entries()) {
        const _id = rowIdOf(tenantId, channel, provider);
        await this.model.updateOne({ _id }, { $set: { position: index + 1 } }, { session });
      }
    });
  }

  private async change<T>(tenantId: string, make: (session: ClientSession) => Promise<T>): Promise<T> {
    const session = await this.connection.startSession();
    try {
      return await session.withTransaction(async () => {
        // First, so that of two changes at once one waits for the other.
        if (!(await this.tenants.countCredentialsChange(tenantId, session))) {
          throw new CarillonError('not_found', `there is no tenant "${tenantId}"`);
        }
        return make(session);
      });
    } finally {
      await session.endSession();
    }
  }

  /** Or why there is none. */
  private async vault(tenantId: string): Promise<SecretVault | UnsealError> {
    try {
      return await this.dataKeys.secrets(tenantId);
    } catch (error) {
      if (error instanceof UnsealError) return error;
      throw error;
    }
  }
}

function open(row: CredentialsRow, vault: SecretVault | UnsealError): StoredCredentials {
  const { channel, provider, position, createdAt, updatedAt } = row;
  return { channel, provider, position, createdAt, updatedAt, ...unsealed(row, vault) };
}

function unsealed(
  row: CredentialsRow,
  vault: SecretVault | UnsealError,
): Pick<StoredCredentials, 'credentials' | 'problem'> {
  const unreadable = (why: string) => ({
    credentials: undefined,
    problem: `the stored credentials cannot be opened: ${why}`,
  });
  if (vault instanceof UnsealError) return unreadable(vault.message);
  if (row.keyId !== vault.keyId) {
    return unreadable(`the tenant's key "${row.keyId}" that sealed them is not there any more`);
  }
  try {
    const text = vault.open(row.sealed, placeOf(row.channel, row.provider));
    return { credentials: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof UnsealError) return unreadable(error.message);
    throw error;
  }
}

function placeOf(channel: ChannelName, provider: string): string {
  return `credentials/${channel}/${provider}`;
}

function rowIdOf(tenantId: string, channel: ChannelName, provider: string): string {
  return rowId(tenantId, `${channel}/${provider}`);
}
