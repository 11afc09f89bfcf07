import { Schema, type Connection, type Model } from 'mongoose';
import { ulid } from 'ulid';
import type { ChannelName } from '../contracts/channels.js';
import {
  templateKeyText,
  templateKinds,
  type TemplateKey,
  type TemplateKind,
  type UsedTemplate,
} from '../contracts/templates.js';
import { EVERY_TENANT } from './notification-types.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';
import type { Templates } from './templates.js';

/** One version of a template. It never changes. */
export interface TemplateVersionRow {
  _id: string;
  tenantId: string;
  /** `tpv_…` */
  id: string;
  /** {@link templateKeyText} */
  key: string;
  kind: TemplateKind;
  channel?: ChannelName;
  locale: string;
  /** From 1. A number may be missing, where a version could not be stored. */
  version: number;
  /** JSON of what was given. */
  source: string;
  /** JSON of what is filled when something is sent. */
  compiled: string;
  /** The partials, and the layout, that are in it. */
  uses: UsedTemplate[];
  note?: string;
  createdAt: Date;
  createdBy: string;
}

const schema = new Schema<TemplateVersionRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    key: { type: String, required: true },
    kind: { type: String, enum: templateKinds, required: true },
    channel: String,
    locale: { type: String, required: true },
    version: { type: Number, required: true },
    source: { type: String, required: true },
    compiled: { type: String, required: true },
    uses: [{ _id: false, kind: { type: String }, name: String, locale: String, version: Number, id: String }],
    note: String,
    createdAt: { type: Date, required: true },
    createdBy: { type: String, required: true },
  },
  { collection: 'templateVersions', versionKey: false },
);
// Serves find and list, and sees to it that there is one version of each number.
schema.index({ tenantId: 1, key: 1, version: -1 }, { unique: true });

/** What a version is made of. */
export type NewTemplateVersion = Pick<
  TemplateVersionRow,
  'source' | 'compiled' | 'uses' | 'note' | 'createdBy'
>;

/** Every version of every template, as they were made. */
export class TemplateVersions {
  private readonly rows: Rows<TemplateVersionRow>;

  constructor(
    connection: Connection,
    private readonly templates: Templates,
  ) {
    const model: Model<TemplateVersionRow> = connection.model<TemplateVersionRow>('TemplateVersion', schema);
    this.rows = rowsOf(model);
  }

  /** Stores the next version. @throws CarillonError `conflict` where there are too many. */
  async add(tenantId: string, key: TemplateKey, made: NewTemplateVersion): Promise<TemplateVersionRow> {
    const id = `tpv_${ulid()}`;
    const row: TemplateVersionRow = {
      _id: rowId(tenantId, id),
      tenantId,
      id,
      key: templateKeyText(key),
      kind: key.kind,
      ...(key.channel === undefined ? {} : { channel: key.channel }),
      locale: key.locale,
      version: await this.templates.nextVersion(tenantId, key),
      ...made,
      createdAt: new Date(),
    };
    await this.rows.insertOne(row);
    return row;
  }

  async find(tenantId: string, key: TemplateKey, version: number): Promise<TemplateVersionRow | undefined> {
    return (await this.rows.findOne({ tenantId, key: templateKeyText(key), version })) ?? undefined;
  }

  /** The tenant's version of this ID, or every tenant's. */
  async byId(tenantId: string, id: string): Promise<TemplateVersionRow | undefined> {
    const owners = [tenantId, EVERY_TENANT];
    return (await this.rows.findOne({ _id: { $in: owners.map((owner) => rowId(owner, id)) } })) ?? undefined;
  }

  /** Newest first, without what they hold, from below `before` on. */
  async list(
    tenantId: string,
    key: TemplateKey,
    { limit, before }: { limit: number; before?: number | undefined },
  ): Promise<Omit<TemplateVersionRow, 'source' | 'compiled'>[]> {
    return this.rows
      .find(
        {
          tenantId,
          key: templateKeyText(key),
          ...(before === undefined ? {} : { version: { $lt: before } }),
        },
        { projection: { source: 0, compiled: 0 } },
      )
      .sort({ version: -1 })
      .limit(limit)
      .toArray();
  }
}
