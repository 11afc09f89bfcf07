import { Schema, type Connection, type Model } from 'mongoose';
import { ulid } from 'ulid';
import {
  erasureStatuses,
  type ErasedPerson,
  type ErasureCertificate,
  type ErasureStatus,
} from '../contracts/erasures.js';
import type { DataKeys } from './data-keys.js';
import { insertOnce } from './insert-once.js';
import { newestPage } from './newest-page.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';
import type { Subscribers } from './subscribers.js';

export interface ErasureRow {
  _id: string;
  tenantId: string;
  id: string;
  status: ErasureStatus;
  /** Keyed hash of the person's ID. */
  person: string;
  /** The same of each ID that nothing may be planned for while it runs, this person's first. */
  marks: string[];
  /** JSON of an {@link ErasedPerson}, sealed; gone when it is completed. */
  subject?: string;
  /** A key, the platform, or the keyed hash of a person: `person:…`. */
  requestedBy: string;
  requestedAt: Date;
  completedAt?: Date;
  /** By collection. */
  removed: Record<string, number>;
  blanked: Record<string, number>;
  runs: number;
  /** JSON of an {@link ErasureCertificate}, as it was signed. */
  certificate?: string;
  signature?: string;
  purgeAt?: Date;
}

const schema = new Schema<ErasureRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    status: { type: String, enum: erasureStatuses, required: true },
    person: { type: String, required: true },
    marks: { type: [String], required: true },
    subject: String,
    requestedBy: { type: String, required: true },
    requestedAt: { type: Date, required: true },
    completedAt: Date,
    removed: { type: Map, of: Number },
    blanked: { type: Map, of: Number },
    runs: { type: Number, required: true },
    certificate: String,
    signature: String,
    purgeAt: Date,
  },
  { collection: 'erasures', versionKey: false, minimize: false },
);
// One at a time of each person.
schema.index(
  { tenantId: 1, person: 1 },
  { unique: true, partialFilterExpression: { status: 'running' }, name: 'running' },
);
// Serves runningAmong and erasedAmong.
schema.index({ tenantId: 1, marks: 1, status: 1 });
// Serve list, and latestOf.
schema.index({ tenantId: 1, requestedAt: -1, _id: -1 });
schema.index({ tenantId: 1, status: 1, requestedAt: -1, _id: -1 });
schema.index({ tenantId: 1, person: 1, requestedAt: -1, _id: -1 });
// Retention.
schema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

export interface ErasureFilter {
  recipient?: string | undefined;
  status?: ErasureStatus | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** Who is being erased, who was, and the certificates of it. */
export class Erasures {
  private readonly model: Model<ErasureRow>;
  private readonly rows: Rows<ErasureRow>;

  constructor(
    connection: Connection,
    private readonly dataKeys: DataKeys,
    private readonly subscribers: Subscribers,
  ) {
    this.model = connection.model<ErasureRow>('Erasure', schema);
    this.rows = rowsOf(this.model);
  }

  /** Begins one, unless one of this person runs: then that one is answered. From then on nothing is planned for them. */
  async begin(person: ErasedPerson, by: string): Promise<ErasureRow> {
    const { tenantId, recipientId, ids } = person;
    const vault = await this.dataKeys.vault(tenantId);
    const id = `ers_${ulid()}`;
    const pseudonym = vault.pseudonym(recipientId);
    const { row } = await insertOnce<ErasureRow>(
      {
        _id: rowId(tenantId, id),
        tenantId,
        id,
        status: 'running',
        person: pseudonym,
        marks: [pseudonym, ...ids.filter((one) => one !== recipientId).map((one) => vault.pseudonym(one))],
        subject: vault.seal(JSON.stringify(person)),
        requestedBy: by,
        requestedAt: new Date(),
        removed: {},
        blanked: {},
        runs: 0,
      },
      (whole) => this.rows.insertOne(whole),
      () => this.rows.findOne({ tenantId, person: pseudonym, status: 'running' }),
    );
    return row;
  }

  async find(tenantId: string, id: string): Promise<ErasureRow | undefined> {
    return (await this.rows.findOne({ _id: rowId(tenantId, id) })) ?? undefined;
  }

  /** The latest one of a person. */
  async latestOf(tenantId: string, recipientId: string): Promise<ErasureRow | undefined> {
    const vault = await this.dataKeys.vault(tenantId);
    const rows = await this.rows
      .find({ tenantId, person: vault.pseudonym(recipientId) })
      .sort({ requestedAt: -1, _id: -1 })
      .limit(1)
      .toArray();
    return rows[0];
  }

  /** Whom a running one is of; undefined when it is completed, or gone. */
  async subjectOf(tenantId: string, id: string): Promise<ErasedPerson | undefined> {
    const row = await this.find(tenantId, id);
    if (row?.status !== 'running' || row.subject === undefined) return undefined;
    const vault = await this.dataKeys.vault(tenantId);
    return JSON.parse(vault.open(row.subject)) as ErasedPerson;
  }

  /** More by which the person is found. Harmless when repeated. */
  async widen(id: string, person: ErasedPerson): Promise<void> {
    const { tenantId, ids } = person;
    const vault = await this.dataKeys.vault(tenantId);
    await this.rows.updateOne(
      { _id: rowId(tenantId, id), status: 'running' },
      {
        $set: { subject: vault.seal(JSON.stringify(person)) },
        $addToSet: { marks: { $each: ids.map((one) => vault.pseudonym(one)) } },
      },
    );
  }

  /** Counts rows of one collection, as they are erased: what a crash leaves uncounted is one batch at most. */
  async count(
    { tenantId, erasureId }: { tenantId: string; erasureId: string },
    counts: readonly { collection: string; removed?: number; blanked?: number }[],
  ): Promise<void> {
    const added: Record<string, number> = {};
    for (const { collection, removed = 0, blanked = 0 } of counts) {
      if (removed > 0) added[`removed.${collection}`] = removed;
      if (blanked > 0) added[`blanked.${collection}`] = blanked;
    }
    if (Object.keys(added).length === 0) return;
    await this.rows.updateOne({ _id: rowId(tenantId, erasureId) }, { $inc: added });
  }

  async countRuns({ tenantId, erasureId }: { tenantId: string; erasureId: string }, runs: number) {
    await this.rows.updateOne({ _id: rowId(tenantId, erasureId) }, { $inc: { runs } });
  }

  /** It is done: whom it was of is forgotten. Of a completed one nothing changes. */
  async complete(
    certificate: ErasureCertificate,
    signed: { certificate: string; signature: string },
    purgeAt: Date,
  ): Promise<void> {
    const { tenantId, erasureId, completedAt } = certificate;
    await this.rows.updateOne(
      { _id: rowId(tenantId, erasureId), status: 'running' },
      {
        $set: { status: 'completed', completedAt: new Date(completedAt), ...signed, purgeAt },
        $unset: { subject: 1 },
      },
    );
  }

  /** Which of these IDs belong to people who are being erased at this moment. */
  runningAmong(tenantId: string, ids: readonly string[]): Promise<Set<string>> {
    return this.markedAmong(tenantId, ids, 'running');
  }

  /** Whether anybody of the tenant is being erased at this moment. */
  async isAnyRunning(tenantId: string): Promise<boolean> {
    return (await this.rows.findOne({ tenantId, status: 'running' }, { projection: { _id: 1 } })) !== null;
  }

  /** Which of these are being erased, or were and are nobody's since. */
  async erasedAmong(tenantId: string, ids: readonly string[]): Promise<Set<string>> {
    const marked = await this.markedAmong(tenantId, ids);
    if (marked.size === 0) return marked;
    const running = await this.runningAmong(tenantId, [...marked]);
    const people = await this.subscribers.timezones(tenantId, [...marked]);
    return new Set([...marked].filter((id) => running.has(id) || !people.has(id)));
  }

  /** Newest first. */
  async list<Item>(tenantId: string, filter: ErasureFilter, show: (row: ErasureRow) => Item) {
    const { recipient, status } = filter;
    const vault = await this.dataKeys.vault(tenantId);
    const person = recipient === undefined ? undefined : vault.pseudonym(recipient);
    return newestPage(rowsOf(this.model), 'requestedAt', { tenantId, person, status }, filter, show);
  }

  private async markedAmong(
    tenantId: string,
    ids: readonly string[],
    status?: ErasureStatus,
  ): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const vault = await this.dataKeys.vault(tenantId);
    const byMark = new Map(ids.map((id) => [vault.pseudonym(id), id]));
    const rows = await this.rows
      .find(
        { tenantId, marks: { $in: [...byMark.keys()] }, ...(status === undefined ? {} : { status }) },
        { projection: { _id: 0, marks: 1 } },
      )
      .toArray();
    const marks = new Set(rows.flatMap((row) => row.marks));
    return new Set([...byMark].filter(([mark]) => marks.has(mark)).map(([, id]) => id));
  }
}
