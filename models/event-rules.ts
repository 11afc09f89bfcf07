import { Schema, type ClientSession, type Connection, type Model } from 'mongoose';
import { CarillonError } from '../contracts/errors.js';
import { MAX_EVENT_RULES, type EventRule, type NamedRule } from '../contracts/event-rules.js';
import type { DataKeys } from './data-keys.js';
import { idsOf, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

interface EventRuleRow {
  _id: string;
  tenantId: string;
  id: string;
  /** Lower ones are asked first. */
  position: number;
  enabled: boolean;
  /** JSON of contracts/event-rules.ts; sealed, since it may hold an address. Absent where a built-in rule is switched. */
  body?: string;
  createdAt: Date;
  updatedAt: Date;
}

/** A rule of the tenant's own. */
export interface StoredEventRule {
  rule: NamedRule;
  createdAt: Date;
  updatedAt: Date;
}

/** A tenant's rules as they are stored. */
export interface EventRuleList {
  /** In the order in which they are asked. */
  own: StoredEventRule[];
  /** Whether a built-in rule is on, by its ID; what is not named is. */
  switched: Map<string, boolean>;
}

const schema = new Schema<EventRuleRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    position: { type: Number, required: true },
    enabled: { type: Boolean, required: true },
    body: String,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'eventRules', versionKey: false },
);

/** What events lead to. A tenant's are few, a range of the primary index, and read whole. */
export class EventRules {
  private readonly rows: Rows<EventRuleRow>;

  constructor(
    private readonly connection: Connection,
    private readonly dataKeys: DataKeys,
  ) {
    const model: Model<EventRuleRow> = connection.model<EventRuleRow>('EventRule', schema);
    this.rows = rowsOf(model);
  }

  async list(tenantId: string): Promise<EventRuleList> {
    const rows = await this.rows.find({ _id: idsOf(tenantId) }).toArray();
    const own = rows.filter(({ body }) => body !== undefined).sort((a, b) => a.position - b.position);
    const switched = rows.filter(({ body }) => body === undefined);
    return {
      own: own.length === 0 ? [] : await this.shown(tenantId, own),
      switched: new Map(switched.map(({ id, enabled }) => [id, enabled])),
    };
  }

  async find(tenantId: string, id: string): Promise<StoredEventRule | undefined> {
    const row = await this.rows.findOne({ _id: rowId(tenantId, id), body: { $exists: true } });
    return row ? (await this.shown(tenantId, [row]))[0] : undefined;
  }

  /**
   * Stores a new one as the last.
   * @throws CarillonError `conflict` when the tenant has as many as it may.
   */
  async create(tenantId: string, id: string, rule: EventRule): Promise<StoredEventRule> {
    const sealed = await this.seal(tenantId, rule);
    const now = new Date();
    const row = await this.change(async (session) => {
      const rows = await this.rows
        .find({ _id: idsOf(tenantId), body: { $exists: true } }, { session, projection: { position: 1 } })
        .toArray();
      if (rows.length >= MAX_EVENT_RULES)
        throw new CarillonError('conflict', `a tenant has at most ${MAX_EVENT_RULES} event rules`);
      const made: EventRuleRow = {
        _id: rowId(tenantId, id),
        tenantId,
        id,
        position: Math.max(0, ...rows.map(({ position }) => position)) + 1,
        ...sealed,
        createdAt: now,
        updatedAt: now,
      };
      await this.rows.insertOne(made, { session });
      return made;
    });
    return { rule: { ...rule, id, builtIn: false }, createdAt: row.createdAt, updatedAt: now };
  }

  /** It keeps its place. Undefined where there is none. */
  async replace(tenantId: string, id: string, rule: EventRule): Promise<StoredEventRule | undefined> {
    const row = await this.rows.findOneAndUpdate(
      { _id: rowId(tenantId, id), body: { $exists: true } },
      { $set: { ...(await this.seal(tenantId, rule)), updatedAt: new Date() } },
      { returnDocument: 'after' },
    );
    return row ? (await this.shown(tenantId, [row]))[0] : undefined;
  }

  /** Switches a built-in rule on or off. */
  async switchBuiltIn(tenantId: string, id: string, enabled: boolean): Promise<void> {
    const now = new Date();
    await this.rows.updateOne(
      { _id: rowId(tenantId, id) },
      { $set: { enabled, updatedAt: now }, $setOnInsert: { tenantId, id, position: 0, createdAt: now } },
      { upsert: true },
    );
  }

  /** False where there was none. */
  async remove(tenantId: string, id: string): Promise<boolean> {
    const done = await this.rows.deleteOne({ _id: rowId(tenantId, id), body: { $exists: true } });
    return done.deletedCount === 1;
  }

  /** @throws CarillonError `conflict` unless each of the tenant's own is named once. */
  async order(tenantId: string, ids: readonly string[]): Promise<void> {
    await this.change(async (session) => {
      const rows = await this.rows
        .find({ _id: idsOf(tenantId), body: { $exists: true } }, { session, projection: { id: 1 } })
        .toArray();
      const there = rows.map(({ id }) => id).sort();
      if (JSON.stringify(there) !== JSON.stringify([...ids].sort()))
        throw new CarillonError('conflict', 'name each rule of your own once');
      await this.rows.bulkWrite(
        ids.map((id, index) => ({
          updateOne: { filter: { _id: rowId(tenantId, id) }, update: { $set: { position: index + 1 } } },
        })),
        { session },
      );
    });
  }

  private async change<T>(make: (session: ClientSession) => Promise<T>): Promise<T> {
    const session = await this.connection.startSession();
    try {
      return await session.withTransaction(() => make(session));
    } finally {
      await session.endSession();
    }
  }

  private async seal(tenantId: string, rule: EventRule): Promise<Pick<EventRuleRow, 'enabled' | 'body'>> {
    const vault = await this.dataKeys.vault(tenantId);
    return { enabled: rule.enabled, body: vault.seal(JSON.stringify(rule)) };
  }

  private async shown(tenantId: string, rows: readonly EventRuleRow[]): Promise<StoredEventRule[]> {
    const vault = await this.dataKeys.vault(tenantId);
    return rows.map(({ id, enabled, body = '', createdAt, updatedAt }) => ({
      rule: { ...(JSON.parse(vault.open(body)) as EventRule), enabled, id, builtIn: false },
      createdAt,
      updatedAt,
    }));
  }
}
