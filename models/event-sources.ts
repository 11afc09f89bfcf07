import { Schema, type Connection, type Model } from 'mongoose';
import type { Verification } from '../contracts/event-sources.js';
import type { DataKeys } from './data-keys.js';
import { idsOf, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

interface EventSourceRow {
  _id: string;
  tenantId: string;
  name: string;
  /** JSON of contracts/event-sources.ts. */
  verification: string;
  /** JSON list of its secrets, sealed for this very row; absent where nothing is verified. */
  secrets?: string;
  idField?: string;
  createdAt: Date;
  updatedAt: Date;
}

/** A source of events over HTTP, without its secrets. */
export interface EventSource {
  name: string;
  verification: Verification;
  hasSecret: boolean;
  idField: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const schema = new Schema<EventSourceRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    name: { type: String, required: true },
    verification: { type: String, required: true },
    secrets: String,
    idField: String,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'eventSources', versionKey: false },
);

/** Most sources of one tenant. */
export const MAX_EVENT_SOURCES = 200;

/** Who sends events over HTTP, and how each proves it. A tenant's are a range of the primary index. */
export class EventSources {
  private readonly rows: Rows<EventSourceRow>;

  constructor(
    connection: Connection,
    private readonly dataKeys: DataKeys,
  ) {
    const model: Model<EventSourceRow> = connection.model<EventSourceRow>('EventSource', schema);
    this.rows = rowsOf(model);
  }

  /** All of a tenant, by name. */
  async list(tenantId: string): Promise<EventSource[]> {
    const rows = await this.rows
      .find({ _id: idsOf(tenantId) })
      .sort({ _id: 1 })
      .limit(MAX_EVENT_SOURCES)
      .toArray();
    return rows.map(show);
  }

  async find(tenantId: string, name: string): Promise<EventSource | undefined> {
    const row = await this.rows.findOne({ _id: rowId(tenantId, name) });
    return row ? show(row) : undefined;
  }

  /** @throws UnsealError when the key that sealed them is not there any more. */
  async findWithSecrets(
    tenantId: string,
    name: string,
  ): Promise<{ source: EventSource; secrets: string[] } | undefined> {
    const row = await this.rows.findOne({ _id: rowId(tenantId, name) });
    if (!row) return undefined;
    if (row.secrets === undefined) return { source: show(row), secrets: [] };
    const vault = await this.dataKeys.secrets(tenantId);
    return {
      source: show(row),
      secrets: JSON.parse(vault.open(row.secrets, placeOf(name))) as string[],
    };
  }

  /**
   * Stores or replaces. Without `secrets` the stored ones stay, unless nothing is verified any more.
   * @returns what stood there before.
   */
  async put(
    tenantId: string,
    name: string,
    given: { verification: Verification; secrets?: readonly string[] | undefined; idField: string | null },
  ): Promise<EventSource | undefined> {
    const now = new Date();
    const { verification, secrets, idField } = given;
    const vault = await this.dataKeys.secrets(tenantId);
    const sealed = secrets && vault.seal(JSON.stringify(secrets), placeOf(name));
    const isOpen = verification.kind === 'none';
    const before = await this.rows.findOneAndUpdate(
      { _id: rowId(tenantId, name) },
      {
        $set: {
          verification: JSON.stringify(verification),
          updatedAt: now,
          ...(sealed === undefined ? {} : { secrets: sealed }),
          ...(idField === null ? {} : { idField }),
        },
        $setOnInsert: { tenantId, name, createdAt: now },
        ...(isOpen || idField === null
          ? { $unset: { ...(isOpen ? { secrets: 1 } : {}), ...(idField === null ? { idField: 1 } : {}) } }
          : {}),
      },
      { upsert: true, returnDocument: 'before' },
    );
    return before ? show(before) : undefined;
  }

  /** What was removed; undefined where there was none. */
  async remove(tenantId: string, name: string): Promise<EventSource | undefined> {
    const row = await this.rows.findOneAndDelete({ _id: rowId(tenantId, name) });
    return row ? show(row) : undefined;
  }

  /** How many the tenant has, up to `limit`. */
  count(tenantId: string, limit: number): Promise<number> {
    return this.rows.countDocuments({ _id: idsOf(tenantId) }, { limit });
  }
}

function show(row: EventSourceRow): EventSource {
  return {
    name: row.name,
    verification: JSON.parse(row.verification) as Verification,
    hasSecret: row.secrets !== undefined,
    idField: row.idField ?? null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

function placeOf(name: string): string {
  return `eventSources/${name}`;
}
