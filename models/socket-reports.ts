import { Schema, type Connection, type Model } from 'mongoose';
import { rowsOf, type Rows } from './rows.js';

/** Of one tenant at one process. */
export interface TenantSockets {
  /** Empty for clients that were refused before their tenant was known. */
  tenantId: string;
  websocket: number;
  polling: number;
  persons: number;
  /** How many were refused or sent away, by the reason, since the process began. */
  refused: Record<string, number>;
}

/** Who is connected to one API process, as it last said. */
export interface SocketReport {
  _id: string;
  /** Its host and process ID, for operators. */
  name: string;
  startedAt: Date;
  at: Date;
  streamLagMs: number;
  tenants: TenantSockets[];
  purgeAt: Date;
}

const schema = new Schema<SocketReport>(
  {
    _id: String,
    name: { type: String, required: true },
    startedAt: { type: Date, required: true },
    at: { type: Date, required: true },
    streamLagMs: { type: Number, required: true },
    tenants: [
      {
        _id: false,
        tenantId: String,
        websocket: Number,
        polling: Number,
        persons: Number,
        refused: { type: Map, of: Number },
      },
    ],
    purgeAt: { type: Date, required: true },
  },
  { collection: 'socketReports', versionKey: false },
);
// Serves current; a process that is gone is forgotten.
schema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

/** What API processes say of their sockets, each for itself. */
export class SocketReports {
  private readonly rows: Rows<SocketReport>;

  constructor(connection: Connection) {
    const model: Model<SocketReport> = connection.model<SocketReport>('SocketReport', schema);
    this.rows = rowsOf(model);
  }

  async store({ _id, ...report }: SocketReport): Promise<void> {
    await this.rows.updateOne({ _id }, { $set: report }, { upsert: true });
  }

  async remove(id: string): Promise<void> {
    await this.rows.deleteOne({ _id: id });
  }

  /** Of all processes that have spoken lately; of one tenant only, where it is named. */
  current(tenantId: string | undefined, now: Date): Promise<SocketReport[]> {
    return this.rows
      .find(
        { purgeAt: { $gt: now } },
        tenantId === undefined
          ? {}
          : {
              projection: {
                name: 1,
                startedAt: 1,
                at: 1,
                streamLagMs: 1,
                tenants: { $elemMatch: { tenantId } },
              },
            },
      )
      .sort({ purgeAt: 1 })
      .toArray();
  }
}
