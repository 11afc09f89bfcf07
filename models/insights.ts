import { Schema, type Connection } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import { HOURS, type Habits } from '../contracts/predictor.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

const DAY_MS = 86_400_000;
/** An observation counts half as much after this long. */
const HALF_LIFE_MS = 60 * DAY_MS;
/** Weights are counted as of then, so that they add up in any order; reading divides what time has made of them. */
const ORIGIN_MS = Date.UTC(2025, 0, 1);
/** A person of whom nothing was heard for this long is forgotten. */
const KEPT_DAYS = 400;
/** The newest of these many observations are not counted twice. */
const REMEMBERED = 32;
/** Stands for all people of a tenant: nobody's ID is empty. */
const EVERYBODY = '';

/** One thing that a person opened, clicked or replied to. */
export interface Observation {
  /** Tells it from all others. */
  key: string;
  atMs: number;
  /** Of the person's day, 0 to 23. */
  hour: number;
  channel: ChannelName;
  weight: number;
}

interface InsightsRow {
  _id: string;
  tenantId: string;
  recipientId: string;
  observations: number;
  hours: Record<string, number>;
  channels: Record<string, number>;
  seen: string[];
  updatedAt: Date;
  purgeAt: Date;
}

const schema = new Schema<InsightsRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    recipientId: { type: String, default: EVERYBODY },
    observations: Number,
    hours: { type: Map, of: Number },
    channels: { type: Map, of: Number },
    seen: [String],
    updatedAt: Date,
    purgeAt: { type: Date, required: true },
  },
  { collection: 'insights', versionKey: false },
);
// Retention.
schema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

/** What was found out, and when last. */
export interface Insights extends Habits {
  updatedAt: Date;
}

/** People's habits, one small row each: no history, only weights by hour and channel. */
export class InsightStore {
  private readonly rows: Rows<InsightsRow>;

  constructor(connection: Connection) {
    this.rows = rowsOf(connection.model<InsightsRow>('Insight', schema));
  }

  /** Adds what people did. An observation that is among those counted last is not counted again. */
  async learn(tenantId: string, observed: ReadonlyMap<string, readonly Observation[]>): Promise<void> {
    if (observed.size === 0) return;
    const ids = [...observed.keys()];
    const known = await this.rows
      .find(
        { _id: { $in: ids.map((id) => rowId(tenantId, id)) } },
        { projection: { recipientId: 1, seen: 1 } },
      )
      .toArray();
    const seen = new Map(known.map((row) => [row.recipientId, new Set(row.seen)]));
    const fresh = new Map(
      [...observed].map(([id, all]) => [id, all.filter(({ key }) => !seen.get(id)?.has(key))]),
    );
    const all = [...fresh.values()].flat();
    if (all.length === 0) return;
    await this.rows.bulkWrite(
      [...fresh]
        .filter(([, some]) => some.length > 0)
        .map(([recipientId, some]) => addition(tenantId, recipientId, some)),
      { ordered: false },
    );
    await this.rows.bulkWrite([addition(tenantId, EVERYBODY, all)]);
  }

  /** Of one person; undefined for whom nothing is known. */
  async find(tenantId: string, recipientId: string, nowMs: number): Promise<Insights | undefined> {
    return (await this.findMany(tenantId, [recipientId], nowMs)).get(recipientId);
  }

  /** Of many people; of whom nothing is known is not in it. */
  async findMany(
    tenantId: string,
    recipientIds: readonly string[],
    nowMs: number,
  ): Promise<Map<string, Insights>> {
    if (recipientIds.length === 0) return new Map();
    const rows = await this.rows
      .find({ _id: { $in: recipientIds.map((id) => rowId(tenantId, id)) } }, { projection: { seen: 0 } })
      .toArray();
    return new Map(rows.map((row) => [row.recipientId, habitsOf(row, nowMs)]));
  }

  /** Of all the tenant's people together. */
  async ofTenant(tenantId: string, nowMs: number): Promise<Insights | undefined> {
    return this.find(tenantId, EVERYBODY, nowMs);
  }

  /** Forgets a person. */
  async remove(tenantId: string, recipientId: string): Promise<void> {
    await this.rows.deleteOne({ _id: rowId(tenantId, recipientId) });
  }
}

function addition(tenantId: string, recipientId: string, observed: readonly Observation[]) {
  const weights: Record<string, number> = {};
  const add = (path: string, weight: number) => (weights[path] = (weights[path] ?? 0) + weight);
  for (const { atMs, hour, channel, weight } of observed) {
    const then = weight * growth(atMs);
    add(`hours.${hour}`, then);
    add(`channels.${channel}`, then);
  }
  const latestMs = Math.max(...observed.map(({ atMs }) => atMs));
  const isEverybody = recipientId === EVERYBODY;
  return {
    updateOne: {
      filter: { _id: rowId(tenantId, recipientId) },
      update: {
        $setOnInsert: { tenantId, recipientId },
        $inc: { observations: observed.length, ...weights },
        $max: { updatedAt: new Date(latestMs), purgeAt: new Date(latestMs + KEPT_DAYS * DAY_MS) },
        ...(isEverybody
          ? {}
          : { $push: { seen: { $each: observed.map(({ key }) => key), $slice: -REMEMBERED } } }),
      },
      upsert: true,
    },
  };
}

function habitsOf(row: InsightsRow, nowMs: number): Insights {
  const now = growth(nowMs);
  return {
    observations: row.observations,
    hours: Array.from({ length: HOURS }, (_, hour) => (row.hours[`${hour}`] ?? 0) / now),
    channels: Object.fromEntries(
      Object.entries(row.channels).map(([channel, weight]) => [channel, weight / now]),
    ),
    updatedAt: row.updatedAt,
  };
}

function growth(ms: number): number {
  return 2 ** ((ms - ORIGIN_MS) / HALF_LIFE_MS);
}
