import { Schema, type Connection, type Model } from 'mongoose';
import {
  eventStatuses,
  eventWays,
  type EventStatus,
  type EventWay,
  type InboundEvent,
  type Refusal,
  type StepOutcome,
} from '../contracts/inbound-events.js';
import type { DataKeys } from './data-keys.js';
import { newestPage } from './newest-page.js';
import { duplicatesOf, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** An event as it was taken. */
export interface InboundEventRow {
  _id: string;
  tenantId: string;
  id: string;
  via: EventWay;
  source: string;
  status: EventStatus;
  /** Why the event as such was refused. */
  reason?: Refusal;
  /** JSON of its steps' outcomes: IDs, counts, paths, and nothing of the event. */
  steps: string;
  /** IDs of people, and keyed hashes of bare addresses, that it was for. */
  recipients?: string[];
  /** JSON of body, headers and key, sealed. */
  payload: string;
  at: Date;
  receivedAt: Date;
  position?: { topic: string; partition: number; offset: string };
  /** How often it came again. */
  repeats: number;
  replayOf?: string;
  purgeAt: Date;
}

/** What became of an event. */
export interface EventOutcome {
  status: EventStatus;
  reason?: Refusal;
  steps: StepOutcome[];
  recipients: string[];
}

const schema = new Schema<InboundEventRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    via: { type: String, enum: eventWays, required: true },
    source: { type: String, required: true },
    status: { type: String, enum: eventStatuses, required: true },
    reason: String,
    steps: { type: String, required: true },
    recipients: { type: [String], default: undefined },
    payload: { type: String, required: true },
    at: { type: Date, required: true },
    receivedAt: { type: Date, required: true },
    position: { type: { _id: false, topic: String, partition: Number, offset: String }, required: false },
    repeats: { type: Number, required: true },
    replayOf: String,
    purgeAt: { type: Date, required: true },
  },
  { collection: 'inboundEvents', versionKey: false },
);
// Serve list: all, of a source, by status, of a source by status.
schema.index({ tenantId: 1, receivedAt: -1, _id: -1 });
schema.index({ tenantId: 1, source: 1, receivedAt: -1, _id: -1 });
schema.index({ tenantId: 1, status: 1, receivedAt: -1, _id: -1 });
schema.index({ tenantId: 1, source: 1, status: 1, receivedAt: -1, _id: -1 });
// What concerns a person.
schema.index(
  { tenantId: 1, recipients: 1, receivedAt: -1, _id: -1 },
  { partialFilterExpression: { recipients: { $exists: true } } },
);
schema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

/** Days that an event is kept: so long a delivery of it again is known as such by its row alone. */
const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;

export interface InboundEventFilter {
  source?: string | undefined;
  status?: EventStatus | undefined;
  recipient?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** What of an event is sealed. */
export type EventPayload = Pick<InboundEvent, 'body' | 'headers' | 'key'>;

/** Events that came in, and what they led to. */
export class InboundEvents {
  private readonly model: Model<InboundEventRow>;
  private readonly rows: Rows<InboundEventRow>;

  constructor(
    connection: Connection,
    private readonly dataKeys: DataKeys,
  ) {
    this.model = connection.model<InboundEventRow>('InboundEvent', schema);
    this.rows = rowsOf(this.model);
  }

  async find(tenantId: string, id: string): Promise<InboundEventRow | undefined> {
    return (await this.rows.findOne({ _id: rowId(tenantId, id) })) ?? undefined;
  }

  /** Which of these were taken before, as tenant and ID joined by {@link rowId}. */
  async known(events: readonly Pick<InboundEvent, 'tenantId' | 'id'>[]): Promise<Set<string>> {
    if (events.length === 0) return new Set();
    const rows = await this.rows
      .find(
        { _id: { $in: events.map(({ tenantId, id }) => rowId(tenantId, id)) } },
        { projection: { _id: 1 } },
      )
      .toArray();
    return new Set(rows.map(({ _id }) => _id));
  }

  /** Stores what became of events, each once: of one that is stored already, the first outcome stays. */
  async store(taken: readonly { event: InboundEvent; outcome: EventOutcome }[]): Promise<void> {
    if (taken.length === 0) return;
    const rows = await Promise.all(taken.map(({ event, outcome }) => this.rowOf(event, outcome)));
    try {
      await this.rows.insertMany(rows, { ordered: false });
    } catch (error) {
      // Somebody else stored some of them: that is as good.
      if (duplicatesOf(error) === undefined) throw error;
    }
  }

  /** Counts that they came again. */
  async countRepeats(events: readonly Pick<InboundEvent, 'tenantId' | 'id'>[]): Promise<void> {
    if (events.length === 0) return;
    await this.rows.bulkWrite(
      events.map(({ tenantId, id }) => ({
        updateOne: { filter: { _id: rowId(tenantId, id) }, update: { $inc: { repeats: 1 } } },
      })),
      { ordered: false },
    );
  }

  /** @throws UnsealError when the key that sealed it is not there any more. */
  async payloadOf(row: InboundEventRow): Promise<EventPayload> {
    const vault = await this.dataKeys.vault(row.tenantId);
    return JSON.parse(vault.open(row.payload)) as EventPayload;
  }

  /** Newest first. */
  async list<Item>(tenantId: string, filter: InboundEventFilter, show: (row: InboundEventRow) => Item) {
    const { source, status, recipient } = filter;
    const where = { tenantId, source, status, recipients: recipient };
    return newestPage(this.rows, 'receivedAt', where, filter, show);
  }

  private async rowOf(event: InboundEvent, outcome: EventOutcome): Promise<InboundEventRow> {
    const { tenantId, id, via, source, body, headers, key, at, receivedAt, position, replayOf } = event;
    const payload: EventPayload = { body, headers, ...(key === undefined ? {} : { key }) };
    const vault = await this.dataKeys.vault(tenantId);
    const { status, reason, steps, recipients } = outcome;
    return {
      _id: rowId(tenantId, id),
      tenantId,
      id,
      via,
      source,
      status,
      ...(reason === undefined ? {} : { reason }),
      steps: JSON.stringify(steps),
      ...(recipients.length === 0 ? {} : { recipients }),
      payload: vault.seal(JSON.stringify(payload)),
      at,
      receivedAt,
      ...(position === undefined ? {} : { position }),
      repeats: 0,
      ...(replayOf === undefined ? {} : { replayOf }),
      purgeAt: new Date(receivedAt.getTime() + KEPT_DAYS * DAY_MS),
    };
  }
}
