import { Schema } from 'mongoose';
import type { Figures, RollupKey } from './rollup-figures.js';

export type Cell = RollupKey & Figures;

/** All that was counted of one tenant's quarter of an hour. Replaced as a whole. */
export interface SlotRow {
  _id: string;
  tenantId: string;
  /** Its beginning. */
  at: Date;
  cells: Cell[];
  /** Deliveries that were looked at. */
  deliveries: number;
  /** When counting began, by the clock of who counted; absent before the first time. */
  countedAt?: Date;
  /** From here on deliveries of it may have been purged: it is not counted again. */
  purgeFrom?: Date;
  /** Set while something has changed since it was counted: when that was noticed last. */
  staleAt?: Date;
  /** What took long to count is left alone for a while. */
  notBefore?: Date;
  purgeAt: Date;
}

/** What each slot of a day adds to it: 96 numbers each. */
export interface DaySeries {
  sent: number[];
  failed: number[];
  opened: number[];
  latencyMs: number[];
}

/** Of what a day's sum is: of one key, of a channel, of a type, or of all that was sent. */
export const dayKinds = ['one', 'channel', 'type', 'all'] as const;
export type DayKind = (typeof dayKinds)[number];

/**
 * The sum of a day's slots (UTC) for one key, or for all keys of a channel, of a type or of the tenant: the rest of the
 * key is `*` then. Written in one transaction with the slots.
 */
export interface DayRow extends RollupKey {
  _id: string;
  tenantId: string;
  day: Date;
  kind: DayKind;
  figures: Figures;
  series: DaySeries;
  purgeAt: Date;
}

/** The index of what is to be counted. */
export const STALE = 'stale';
/** The index of a period's days. */
export const DAYS = 'days';

const figures = {
  sent: Number,
  failed: Number,
  opened: Number,
  clicked: Number,
  latencyMs: Number,
  latency: [Number],
  failures: [{ _id: false, reason: String, provider: String, count: Number }],
};
const key = { channel: String, type: { type: String }, template: String, role: String };

export const slotSchema = new Schema<SlotRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    at: { type: Date, required: true },
    cells: [{ _id: false, ...key, ...figures }],
    deliveries: Number,
    countedAt: Date,
    purgeFrom: Date,
    staleAt: Date,
    notBefore: Date,
    purgeAt: { type: Date, required: true },
  },
  { collection: 'rollupSlots', versionKey: false },
);
// Serves stale: the newest first.
slotSchema.index(
  { tenantId: 1, at: -1, staleAt: 1 },
  { name: STALE, partialFilterExpression: { staleAt: { $exists: true } } },
);
// Retention.
slotSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

export const daySchema = new Schema<DayRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    day: { type: Date, required: true },
    kind: { type: String, enum: dayKinds, required: true },
    ...key,
    figures,
    series: { sent: [Number], failed: [Number], opened: [Number], latencyMs: [Number] },
    purgeAt: { type: Date, required: true },
  },
  { collection: 'rollups', versionKey: false },
);
// A period's days, for everybody, a role or all roles.
daySchema.index({ tenantId: 1, kind: 1, role: 1, day: 1 }, { name: DAYS });
// Retention.
daySchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });
