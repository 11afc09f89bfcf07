import type { Connection, Model } from 'mongoose';
import type { Contact } from '../contracts/contact.js';
import { CarillonError } from '../contracts/errors.js';
import type { AttributeValue, Subscriber, SubscriberFields } from '../contracts/subscribers.js';
import { PEOPLE_BY_FACET, peopleQuery, type PeopleQuery } from './audience-filter.js';
import type { DataKeys } from './data-keys.js';
import { Lookups } from './lookups.js';
import { idsOf, isDuplicateKey, rowId } from './row-id.js';
import { newestPage } from './newest-page.js';
import { rowsOf, type Rows } from './rows.js';
import {
  changeOf,
  contactOf,
  replacementOf,
  show,
  subscriberSchema,
  updateOf,
  type SubscriberRow,
} from './subscriber-rows.js';

/** What a notification for many needs to know of each. */
export interface Person {
  contact: Contact;
  attributes: Record<string, AttributeValue>;
  roles: string[];
}

/** What a person's tokens are checked by. */
export interface TokenState {
  createdAt: Date;
  /** Tokens issued until then are refused. */
  revokedAt?: Date | undefined;
}

/** People. */
export class Subscribers {
  readonly model: Model<SubscriberRow>;
  private readonly rows: Rows<SubscriberRow>;
  /** Asked with every request of every person. */
  private readonly tokenStates = new Lookups((ids: string[]) => this.readTokenStates(ids));

  constructor(
    connection: Connection,
    private readonly keys: DataKeys,
  ) {
    this.model = connection.model<SubscriberRow>('Subscriber', subscriberSchema);
    this.rows = rowsOf(this.model);
  }

  /** @throws CarillonError `conflict` when the ID is taken. */
  async create(tenantId: string, id: string, fields: SubscriberFields): Promise<Subscriber> {
    const vault = await this.keys.vault(tenantId);
    const update = updateOf(tenantId, id, replacementOf(fields, vault));
    try {
      const row = await this.rows.findOneAndUpdate(
        // No row that is there fulfils this, so that a second one is attempted and refused.
        { _id: rowId(tenantId, id), createdAt: { $exists: false } },
        update,
        { upsert: true, returnDocument: 'after' },
      );
      return show(row as SubscriberRow, vault);
    } catch (error) {
      if (isDuplicateKey(error)) throw new CarillonError('conflict', `subscriber "${id}" exists already`);
      throw error;
    }
  }

  /** Creates or replaces; `created` tells which. Tokens stay revoked, `createdAt` stays. */
  async replace(
    tenantId: string,
    id: string,
    fields: SubscriberFields,
  ): Promise<{ subscriber: Subscriber; created: boolean }> {
    const vault = await this.keys.vault(tenantId);
    const { value, lastErrorObject } = await this.rows.findOneAndUpdate(
      { _id: rowId(tenantId, id) },
      updateOf(tenantId, id, replacementOf(fields, vault)),
      { upsert: true, returnDocument: 'after', includeResultMetadata: true },
    );
    const created = lastErrorObject?.updatedExisting === false;
    return { subscriber: show(value as SubscriberRow, vault), created };
  }

  /** Changes what is named, removes what is null; undefined when there is no such person. */
  async patch(tenantId: string, id: string, fields: SubscriberFields): Promise<Subscriber | undefined> {
    const vault = await this.keys.vault(tenantId);
    const row = await this.rows.findOneAndUpdate(
      { _id: rowId(tenantId, id) },
      updateOf(tenantId, id, changeOf(fields, vault)),
      { returnDocument: 'after' },
    );
    return row ? show(row, vault) : undefined;
  }

  /** Creates the person or changes what is named, as a trigger's inline recipient does. */
  async upsert(tenantId: string, id: string, fields: SubscriberFields): Promise<void> {
    const vault = await this.keys.vault(tenantId);
    const update = updateOf(tenantId, id, changeOf(fields, vault));
    await this.rows.updateOne({ _id: rowId(tenantId, id) }, update, { upsert: true });
  }

  /**
   * Creates people or changes what is named of them, in the order given, each wholly or not at all. Attributes that are
   * not named stay, too. Answers how many there were of each, and the IDs of those who were there before.
   */
  async upsertMany(
    tenantId: string,
    people: readonly { id: string; fields: SubscriberFields }[],
  ): Promise<{ inserted: number; changed: number; changedIds: string[] }> {
    if (people.length === 0) return { inserted: 0, changed: 0, changedIds: [] };
    const vault = await this.keys.vault(tenantId);
    const done = await this.rows.bulkWrite(
      people.map(({ id, fields: { attributes, ...fields } }) => ({
        updateOne: {
          filter: { _id: rowId(tenantId, id) },
          update: updateOf(tenantId, id, { ...changeOf(fields, vault), attributes }),
          upsert: true,
        },
      })),
    );
    const insertedAt = new Set(Object.keys(done.upsertedIds).map(Number));
    const inserted = new Set(people.filter((_person, at) => insertedAt.has(at)).map(({ id }) => id));
    const changedIds = new Set(people.map(({ id }) => id).filter((id) => !inserted.has(id)));
    return { inserted: done.upsertedCount, changed: done.matchedCount, changedIds: [...changedIds] };
  }

  async find(tenantId: string, id: string): Promise<Subscriber | undefined> {
    const row = await this.row(tenantId, id);
    return row ? show(row, await this.keys.vault(tenantId)) : undefined;
  }

  /** How the person is reached, for planning and sending. */
  async contact(tenantId: string, id: string): Promise<Contact | undefined> {
    const row = await this.row(tenantId, id);
    return row ? contactOf(row, await this.keys.vault(tenantId)) : undefined;
  }

  /** Many people at once, by ID; who is not there is not in it. */
  async people(tenantId: string, ids: readonly string[]): Promise<Map<string, Person>> {
    const vault = await this.keys.vault(tenantId);
    const rows = await this.rows
      .find({ _id: { $in: ids.map((id) => rowId(tenantId, id)) } }, { projection: { facets: 0 } })
      .toArray();
    return new Map(
      rows.map((row) => [
        row.id,
        { contact: contactOf(row, vault), attributes: row.attributes, roles: row.roles },
      ]),
    );
  }

  /** IDs of people with this phone number, at most `limit`. */
  async idsByPhone(tenantId: string, phone: string, limit: number): Promise<string[]> {
    const vault = await this.keys.vault(tenantId);
    const rows = await this.rows
      .find({ tenantId, phoneHash: vault.hash(phone) }, { projection: { id: 1 } })
      .limit(limit)
      .toArray();
    return rows.map(({ id }) => id);
  }

  /** The zones that these people have given; null for a person who has given none. Who is not there is not in it. */
  async timezones(tenantId: string, ids: readonly string[]): Promise<Map<string, string | null>> {
    const rows = await this.rows
      .find({ _id: { $in: ids.map((id) => rowId(tenantId, id)) } }, { projection: { id: 1, timezone: 1 } })
      .toArray();
    return new Map(rows.map(({ id, timezone }) => [id, timezone ?? null]));
  }

  /** IDs after one of them, in byte order, of people who were created no later than `createdBefore`. */
  async idsAfter(
    tenantId: string,
    query: PeopleQuery,
    afterId: string | undefined,
    limit: number,
    createdBefore: Date,
  ): Promise<string[]> {
    const { conditions, hint } = peopleQuery(query);
    const rows = await this.rows
      .find({ tenantId, _id: idsOf(tenantId, afterId), createdAt: { $lte: createdBefore }, ...conditions })
      .hint(hint)
      .sort({ _id: 1 })
      .limit(limit)
      .project<{ id: string }>({ _id: 0, id: 1 })
      .toArray();
    return rows.map(({ id }) => id);
  }

  /** True when anybody carries it: `locale`, `timezone` or `attributes.<name>`. */
  async knowsFacet(tenantId: string, key: string): Promise<boolean> {
    const found = await this.rows.findOne(
      { tenantId, 'facets.k': key },
      { projection: { _id: 1 }, hint: PEOPLE_BY_FACET },
    );
    return found !== null;
  }

  async list(tenantId: string, query: { email?: string; limit: number; cursor?: string }) {
    const vault = await this.keys.vault(tenantId);
    const emailHash = query.email === undefined ? undefined : vault.hash(query.email);
    return newestPage(this.rows, 'createdAt', { tenantId, emailHash }, query, (row) => show(row, vault));
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

  /** For checking a person token: whether and since when the person is there, and since when older tokens are refused. */
  tokenState(tenantId: string, id: string): Promise<TokenState | undefined> {
    return this.tokenStates.find(rowId(tenantId, id));
  }

  /** By rows' IDs, which have their tenants in them. */
  private async readTokenStates(ids: string[]): Promise<Map<string, TokenState>> {
    const rows = await this.rows
      .find(
        { _id: { $in: ids } },
        { projection: { createdAt: 1, tokensRevokedAt: 1 }, batchSize: ids.length + 1 },
      )
      .toArray();
    return new Map(
      rows.map(({ _id, createdAt, tokensRevokedAt: revokedAt }) => [_id, { createdAt, revokedAt }]),
    );
  }

  /** For somebody who is connected: their roles, and since when older tokens are refused. */
  async standing(tenantId: string, id: string): Promise<{ roles: string[]; revokedAt?: Date } | undefined> {
    const row = await this.rows.findOne(
      { _id: rowId(tenantId, id) },
      { projection: { roles: 1, tokensRevokedAt: 1 } },
    );
    return row
      ? { roles: row.roles, ...(row.tokensRevokedAt ? { revokedAt: row.tokensRevokedAt } : {}) }
      : undefined;
  }

  private row(tenantId: string, id: string): Promise<SubscriberRow | null> {
    return this.rows.findOne({ _id: rowId(tenantId, id) });
  }
}
