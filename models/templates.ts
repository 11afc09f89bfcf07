import { Schema, type Connection, type Model } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import { CarillonError } from '../contracts/errors.js';
import {
  MAX_TEMPLATES,
  MAX_VERSIONS,
  templateKeyText,
  templateKinds,
  type Publication,
  type PublishedTemplate,
  type TemplateKey,
  type TemplateKind,
} from '../contracts/templates.js';
import { pageById, readIdCursor } from './cursor.js';
import { EVERY_TENANT } from './notification-types.js';
import { idsOf, isDuplicateKey, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';
import type { Tenants } from './tenants.js';

/** One template of a tenant, whose versions are rows of their own: which of them is published, and which ones were. */
export interface TemplateRow extends TemplateKey {
  /** Tenant and key. */
  _id: string;
  /** Or {@link EVERY_TENANT}. */
  tenantId: string;
  /** The highest number that a version has. */
  latest: number;
  /** Absent while none is published. */
  published?: { id: string; version: number; at: Date; by: string };
  /** The last ones, oldest first. */
  publications: Publication[];
  createdAt: Date;
  updatedAt: Date;
}

/** Publications that are remembered with a template; the audit trail has them all. */
const MAX_PUBLICATIONS = 100;

const schema = new Schema<TemplateRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    kind: { type: String, enum: templateKinds, required: true },
    name: { type: String, required: true },
    channel: String,
    locale: { type: String, required: true },
    topic: String,
    latest: { type: Number, required: true },
    published: { type: { _id: false, id: String, version: Number, at: Date, by: String }, required: false },
    publications: [{ _id: false, version: Number, at: Date, by: String }],
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'templates', versionKey: false },
);
// Serves published. Lists and look-ups go by `_id`: tenant, kind, name, channel, locale, topic.
schema.index({ tenantId: 1 }, { partialFilterExpression: { published: { $exists: true } } });

export interface TemplateFilter {
  kind: TemplateKind;
  name?: string;
  channel?: ChannelName;
  locale?: string;
  topic?: string;
  published?: boolean;
  limit: number;
  cursor?: string;
}

/**
 * Templates by their keys. What is published changes in one write, and counts up `typesVersion` of the tenant, or of all
 * tenants, after it: who reads the count first never keeps what is older.
 */
export class Templates {
  private readonly rows: Rows<TemplateRow>;

  constructor(
    connection: Connection,
    private readonly tenants: Tenants,
  ) {
    const model: Model<TemplateRow> = connection.model<TemplateRow>('Template', schema);
    this.rows = rowsOf(model);
  }

  async find(tenantId: string, key: TemplateKey): Promise<TemplateRow | undefined> {
    return (await this.rows.findOne({ _id: idOf(tenantId, key) })) ?? undefined;
  }

  /**
   * The number of the template's next version; nobody else is given the same. The template is made with its first.
   * @throws CarillonError `conflict` where it has {@link MAX_VERSIONS}, or the tenant {@link MAX_TEMPLATES}.
   */
  async nextVersion(tenantId: string, key: TemplateKey): Promise<number> {
    const version =
      (await this.countUp(tenantId, key)) ??
      (await this.make(tenantId, key)) ??
      // Somebody else made it at the same moment.
      (await this.countUp(tenantId, key));
    if (version !== undefined) return version;
    throw new CarillonError('conflict', `the template has ${MAX_VERSIONS} versions already`);
  }

  /** The template with its first version; undefined where it is there. */
  private async make(tenantId: string, key: TemplateKey): Promise<number | undefined> {
    const others = await this.rows
      .find({ _id: idsOf(tenantId) }, { projection: { _id: 1 }, limit: MAX_TEMPLATES })
      .toArray();
    if (others.length >= MAX_TEMPLATES)
      throw new CarillonError('conflict', `there are ${MAX_TEMPLATES} templates already`);
    const { kind, name, channel, locale, topic } = key;
    const now = new Date();
    const latest = 1;
    try {
      await this.rows.insertOne({
        _id: idOf(tenantId, key),
        tenantId,
        kind,
        name,
        ...(channel === undefined ? {} : { channel }),
        locale,
        ...(topic === undefined ? {} : { topic }),
        latest,
        publications: [],
        createdAt: now,
        updatedAt: now,
      });
      return latest;
    } catch (error) {
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  private async countUp(tenantId: string, key: TemplateKey): Promise<number | undefined> {
    const row = await this.rows.findOneAndUpdate(
      { _id: idOf(tenantId, key), latest: { $lt: MAX_VERSIONS } },
      { $inc: { latest: 1 }, $set: { updatedAt: new Date() } },
      { returnDocument: 'after' },
    );
    return row?.latest;
  }

  /** Publishes a version that there is, in place of any other. Answers the template as it was before. */
  async publish(
    tenantId: string,
    key: TemplateKey,
    { id, version, by }: { id: string; version: number; by: string },
  ): Promise<TemplateRow | undefined> {
    const at = new Date();
    const before = await this.rows.findOneAndUpdate(
      { _id: idOf(tenantId, key), 'published.version': { $ne: version } },
      {
        $set: { published: { id, version, at, by }, updatedAt: at },
        $push: { publications: { $each: [{ version, at, by }], $slice: -MAX_PUBLICATIONS } },
      },
      { returnDocument: 'before' },
    );
    // Counted for the same version too: the first time it may not have come to that.
    await this.countChange(tenantId);
    return before ?? (await this.find(tenantId, key));
  }

  /** Nothing is published any more. Answers the template as it was before; undefined where nothing was. */
  async withdraw(tenantId: string, key: TemplateKey, by: string): Promise<TemplateRow | undefined> {
    const at = new Date();
    const before = await this.rows.findOneAndUpdate(
      { _id: idOf(tenantId, key), published: { $exists: true } },
      {
        $unset: { published: 1 },
        $set: { updatedAt: at },
        $push: { publications: { $each: [{ version: null, at, by }], $slice: -MAX_PUBLICATIONS } },
      },
      { returnDocument: 'before' },
    );
    await this.countChange(tenantId);
    return before ?? undefined;
  }

  /** Everything published that a tenant's notifications may use: its own, and what holds for every tenant. */
  async published(tenantId: string): Promise<PublishedTemplate[]> {
    const rows = await this.rows
      .find(
        { tenantId: { $in: [EVERY_TENANT, tenantId] }, published: { $exists: true } },
        { projection: { _id: 0, publications: 0 } },
      )
      .toArray();
    return rows.flatMap(({ tenantId: owner, kind, name, channel, locale, topic, published }) =>
      published
        ? [
            {
              kind,
              name,
              channel,
              locale,
              topic,
              id: published.id,
              version: published.version,
              everyTenant: owner === EVERY_TENANT,
            },
          ]
        : [],
    );
  }

  /** By key. */
  async list<Item>(tenantId: string, filter: TemplateFilter, show: (row: TemplateRow) => Item) {
    const { kind, name, channel, locale, topic, published, limit, cursor } = filter;
    const owner = [tenantId, kind, ...(name === undefined ? [] : [name])].join('/');
    const { $gt, $lt } = idsOf(owner);
    const after = readIdCursor(cursor);
    const from = after === undefined ? $gt : rowId(tenantId, after);
    const rows = await this.rows
      .find({
        _id: { $gt: from > $gt ? from : $gt, $lt },
        ...(channel === undefined ? {} : { channel }),
        ...(locale === undefined ? {} : { locale }),
        ...(topic === undefined ? {} : { topic }),
        ...(published === undefined ? {} : { published: { $exists: published } }),
      })
      .sort({ _id: 1 })
      .limit(limit + 1)
      .toArray();
    const { items, nextCursor } = pageById(rows, limit, templateKeyText);
    return { items: items.map(show), nextCursor };
  }

  private countChange(tenantId: string): Promise<void> {
    return this.tenants.countTypesChange(tenantId === EVERY_TENANT ? undefined : tenantId);
  }
}

function idOf(tenantId: string, key: TemplateKey): string {
  return rowId(tenantId, templateKeyText(key));
}
