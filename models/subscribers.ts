import { Schema, type Connection, type Model } from 'mongoose';
import type { Contact } from '../contracts/contact.js';
import { CarillonError } from '../contracts/errors.js';
import type { Subscriber, SubscriberFields } from '../contracts/subscribers.js';
import { after, page, readCursor } from './cursor.js';
import type { AddressVault, DataKeys } from './data-keys.js';
import { isDuplicateKey, rowId } from './row-id.js';
import { rowsOf } from './rows.js';

interface SubscriberRow {
  _id: string;
  tenantId: string;
  id: string;
  /** Addresses are sealed with the tenant's data key; the hash finds them. */
  email?: string;
  emailHash?: string;
  phone?: string;
  phoneHash?: string;
  pushTokens: string[];
  slackUserId?: string;
  teamsUserId?: string;
  locale?: string;
  timezone?: string;
  roles: string[];
  /** Flat values only, checked by the contract. */
  attributes: Map<string, AttributeValue> | Record<string, AttributeValue>;
  /** Person tokens issued before this are refused. */
  tokensRevokedAt?: Date;
  createdAt: Date;
  updatedAt: Date;
}
type AttributeValue = Subscriber['attributes'][string];

const schema = new Schema<SubscriberRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    email: String,
    emailHash: String,
    phone: String,
    phoneHash: String,
    pushTokens: [String],
    slackUserId: String,
    teamsUserId: String,
    locale: String,
    timezone: String,
    roles: [String],
    attributes: { type: Map, of: Schema.Types.Mixed },
    tokensRevokedAt: Date,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'subscribers', versionKey: false, minimize: false },
);
// Serves list.
schema.index({ tenantId: 1, createdAt: -1, _id: -1 });
// Serves findByEmail.
schema.index({ tenantId: 1, emailHash: 1 }, { partialFilterExpression: { emailHash: { $exists: true } } });

/** People. */
export class Subscribers {
  private readonly model: Model<SubscriberRow>;

  constructor(
    connection: Connection,
    private readonly keys: DataKeys,
  ) {
    this.model = connection.model<SubscriberRow>('Subscriber', schema);
  }

  /** @throws CarillonError `conflict` when the ID is taken. */
  async create(tenantId: string, id: string, fields: SubscriberFields): Promise<Subscriber> {
    const vault = await this.keys.vault(tenantId);
    const now = new Date();
    const row = {
      ...whole(fields, vault),
      _id: rowId(tenantId, id),
      tenantId,
      id,
      createdAt: now,
      updatedAt: now,
    };
    try {
      await this.model.create(row);
    } catch (error) {
      if (isDuplicateKey(error)) throw new CarillonError('conflict', `subscriber "${id}" exists already`);
      throw error;
    }
    return show(row as SubscriberRow, vault);
  }

  /** Creates or replaces; `created` tells which. Tokens stay revoked, `createdAt` stays. */
  async replace(
    tenantId: string,
    id: string,
    fields: SubscriberFields,
  ): Promise<{ subscriber: Subscriber; created: boolean }> {
    const vault = await this.keys.vault(tenantId);
    const now = new Date();
    const values = whole(fields, vault);
    const absent = replaceable.filter((name) => !(name in values));
    const _id = rowId(tenantId, id);
    const done = await this.model.updateOne(
      { _id },
      {
        $set: { ...values, updatedAt: now },
        $unset: Object.fromEntries(absent.map((name) => [name, 1])),
        $setOnInsert: { tenantId, id, createdAt: now },
      },
      { upsert: true },
    );
    const subscriber = await this.find(tenantId, id);
    if (!subscriber) throw new CarillonError('conflict', `subscriber "${id}" was deleted meanwhile`);
    return { subscriber, created: done.upsertedCount === 1 };
  }

  /** Changes what is named, removes what is null; undefined when there is no such person. */
  async patch(tenantId: string, id: string, fields: SubscriberFields): Promise<Subscriber | undefined> {
    const vault = await this.keys.vault(tenantId);
    const row = await this.model
      .findOneAndUpdate({ _id: rowId(tenantId, id) }, changes(fields, vault), { returnDocument: 'after' })
      .lean<SubscriberRow>()
      .exec();
    return row ? show(row, vault) : undefined;
  }

  /** Creates the person or changes what is named, as a trigger's inline recipient does. */
  async upsert(tenantId: string, id: string, fields: SubscriberFields): Promise<void> {
    const vault = await this.keys.vault(tenantId);
    const { $set, $unset } = changes(fields, vault);
    const onInsert = { tenantId, id, createdAt: new Date(), roles: [], pushTokens: [], attributes: {} };
    const taken = new Set(Object.keys($set));
    await this.model.updateOne(
      { _id: rowId(tenantId, id) },
      {
        $set,
        ...(Object.keys($unset).length > 0 ? { $unset } : {}),
        $setOnInsert: Object.fromEntries(Object.entries(onInsert).filter(([name]) => !taken.has(name))),
      },
      { upsert: true },
    );
  }

  async find(tenantId: string, id: string): Promise<Subscriber | undefined> {
    const row = await this.row(tenantId, id);
    return row ? show(row, await this.keys.vault(tenantId)) : undefined;
  }

  /** How the person is reached, for planning and sending. */
  async contact(tenantId: string, id: string): Promise<Contact | undefined> {
    const row = await this.row(tenantId, id);
    if (!row) return undefined;
    const vault = await this.keys.vault(tenantId);
    return {
      id,
      hasInbox: true,
      email: row.email === undefined ? undefined : vault.open(row.email),
      phone: row.phone === undefined ? undefined : vault.open(row.phone),
      pushTokens: row.pushTokens.map((token) => vault.open(token)),
      locale: row.locale,
      timezone: row.timezone,
    };
  }

  async list(tenantId: string, query: { email?: string; limit: number; cursor?: string }) {
    const vault = await this.keys.vault(tenantId);
    const rows = await this.model
      .find({
        tenantId,
        ...(query.email === undefined ? {} : { emailHash: vault.hash(query.email) }),
        ...after('createdAt', readCursor(query.cursor)),
      })
      .sort({ createdAt: -1, _id: -1 })
      .limit(query.limit + 1)
      .lean<SubscriberRow[]>()
      .exec();
    return page(
      rows,
      query.limit,
      (row) => row.createdAt,
      (row) => show(row, vault),
    );
  }

  /** False when there was no such person. */
  async remove(tenantId: string, id: string): Promise<boolean> {
    const done = await this.model.deleteOne({ _id: rowId(tenantId, id) });
    return done.deletedCount === 1;
  }

  /** Refuses every person token issued until now; false when there is no such person. */
  async revokeTokens(tenantId: string, id: string, at: Date): Promise<boolean> {
    const done = await this.model.updateOne({ _id: rowId(tenantId, id) }, { tokensRevokedAt: at });
    return done.matchedCount === 1;
  }

  /** For checking a person token: whether the person is there, and since when older tokens are refused. */
  async tokenState(tenantId: string, id: string): Promise<{ revokedAt?: Date } | undefined> {
    const row = await this.model
      .findById(rowId(tenantId, id), { tokensRevokedAt: 1 })
      .lean<Pick<SubscriberRow, 'tokensRevokedAt'>>()
      .exec();
    return row ? { revokedAt: row.tokensRevokedAt } : undefined;
  }

  private row(tenantId: string, id: string): Promise<SubscriberRow | null> {
    return rowsOf(this.model).findOne({ _id: rowId(tenantId, id) });
  }
}

const replaceable = [
  'email',
  'emailHash',
  'phone',
  'phoneHash',
  'slackUserId',
  'teamsUserId',
  'locale',
  'timezone',
] as const;

/** The stored form of a whole person: what is not given is not there. */
function whole(fields: SubscriberFields, vault: AddressVault) {
  const { $set } = changes({ roles: [], attributes: {}, pushTokens: [], ...fields }, vault);
  return $set;
}

function changes(fields: SubscriberFields, vault: AddressVault) {
  const $set: Record<string, unknown> = { updatedAt: new Date() };
  const $unset: Record<string, 1> = {};
  const { email, phone, pushTokens, ...plain } = fields;
  for (const [name, address] of [
    ['email', email],
    ['phone', phone],
  ] as const) {
    if (address === undefined) continue;
    if (address === null) {
      $unset[name] = 1;
      $unset[`${name}Hash`] = 1;
    } else {
      $set[name] = vault.seal(address);
      $set[`${name}Hash`] = vault.hash(address);
    }
  }
  if (pushTokens) $set.pushTokens = pushTokens.map((token) => vault.seal(token));
  for (const [name, value] of Object.entries(plain)) {
    if (value === undefined) continue;
    if (value === null) $unset[name] = 1;
    else $set[name] = value;
  }
  return { $set, $unset };
}

function show(row: SubscriberRow, vault: AddressVault): Subscriber {
  return {
    id: row.id,
    email: row.email === undefined ? null : vault.open(row.email),
    phone: row.phone === undefined ? null : vault.open(row.phone),
    locale: row.locale ?? null,
    timezone: row.timezone ?? null,
    roles: row.roles,
    attributes: Object.fromEntries(
      row.attributes instanceof Map ? row.attributes : Object.entries(row.attributes ?? {}),
    ),
    slackUserId: row.slackUserId ?? null,
    teamsUserId: row.teamsUserId ?? null,
    pushTokens: row.pushTokens.map((token) => vault.open(token)),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
