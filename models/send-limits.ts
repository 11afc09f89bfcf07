import { Schema, type Connection, type Model } from 'mongoose';
import { rowsOf, type Rows } from './rows.js';

interface BucketRow {
  _id: string;
  /** When its tokens will all be back, in milliseconds since the epoch by MongoDB's clock: what was taken, as time. */
  fullAtMs: number;
  /** The latest call: when it came, and how many tokens it was given. */
  askedAtMs: number;
  granted: number;
  /** `fullAtMs`, for the index. */
  fullAt: Date;
}

const schema = new Schema<BucketRow>(
  {
    _id: String,
    fullAtMs: { type: Number, required: true },
    askedAtMs: { type: Number, required: true },
    granted: { type: Number, required: true },
    fullAt: { type: Date, required: true },
  },
  { collection: 'sendLimits', versionKey: false },
);
// A full bucket says nothing that a missing one does not.
schema.index({ fullAt: 1 }, { expireAfterSeconds: 60 });

/** Times are sums of fractions: what is due within this is due. */
const SLACK_MS = 0.001;

const backlogMs = { $subtract: ['$fullAtMs', '$askedAtMs'] };

/**
 * Token buckets that all workers share. A bucket holds one second's worth of tokens, at least one; a key stands for one
 * rate, so it names the rate (`provider/email/smtp@100`), and a changed limit begins with another bucket.
 *
 * A single send *reserves* (the generic cell rate algorithm, ITU-T I.371, run ahead of time): it is always given a
 * token, of the future if need be, and told when that one is due. So whoever waits has a place in a queue that nobody
 * passes, wakes up once, and the provider sees an even rate. A page of sends *takes* what is there now: a reservation
 * for hundreds would put everyone else behind them, and a page can come again.
 *
 * Each call is one atomic write. It does not wait for the journal: tokens need not outlive a crash of the database.
 */
export class SendLimitBuckets {
  private readonly rows: Rows<BucketRow>;

  constructor(connection: Connection) {
    const model: Model<BucketRow> = connection.model<BucketRow>('SendLimit', schema);
    this.rows = rowsOf(model);
  }

  /**
   * Reserves the next place for one send and answers in how many milliseconds it may be made, 0 for now. Undefined, and
   * nothing reserved, when that would be later than `withinMs`: what will not be sent then must not hold up the rest.
   */
  async reserve(
    key: string,
    { perSecond, withinMs = Infinity }: { perSecond: number; withinMs?: number },
  ): Promise<{ startsInMs: number } | undefined> {
    const { intervalMs, burstMs } = shape(perSecond);
    const startsInMs = { $subtract: [{ $add: [backlogMs, intervalMs] }, burstMs] };
    const row = await this.ask(key, perSecond, {
      $cond: [{ $lte: [startsInMs, Math.max(0, withinMs) + SLACK_MS] }, 1, 0],
    });
    return row.granted === 1 ? { startsInMs: wholeMs(row.fullAtMs - row.askedAtMs - burstMs) } : undefined;
  }

  /**
   * Gives 0 to `count` tokens for sends that may be made now. `retryAfterMs` is when to ask for the rest, 0 when there
   * is none: a caller who got some comes again when the bucket is full, one who got nothing much sooner, so that
   * callers who empty it do not keep others from it. Reserved sends come first.
   */
  async take(
    key: string,
    { perSecond, count }: { perSecond: number; count: number },
  ): Promise<{ granted: number; retryAfterMs: number }> {
    const { intervalMs, burstMs, capacity } = shape(perSecond);
    const left = { $add: [{ $subtract: [burstMs, backlogMs] }, SLACK_MS] };
    const { granted, fullAtMs, askedAtMs } = await this.ask(key, perSecond, {
      $max: [0, { $min: [count, { $floor: { $divide: [left, intervalMs] } }] }],
    });
    if (granted >= count) return { granted, retryAfterMs: 0 };
    const wanted = Math.min(count - granted, granted > 0 ? capacity : Math.max(1, capacity / 10));
    const retryAfterMs = wholeMs(fullAtMs - askedAtMs + wanted * intervalMs - burstMs);
    return { granted, retryAfterMs: Math.max(1, retryAfterMs) };
  }

  /** Returns tokens that were taken and are not used. Not for a reserved place: others stand behind it. */
  async giveBack(key: string, { perSecond, count }: { perSecond: number; count: number }): Promise<void> {
    await this.rows.updateOne({ _id: key }, { $inc: { fullAtMs: -count * shape(perSecond).intervalMs } });
  }

  /** Gives as many tokens as the expression says. */
  private async ask(key: string, perSecond: number, granted: object): Promise<BucketRow> {
    const now = { $toDouble: '$$NOW' };
    const takenMs = { $multiply: ['$granted', shape(perSecond).intervalMs] };
    const row = await this.rows.findOneAndUpdate(
      { _id: key },
      [
        { $set: { askedAtMs: now, fullAtMs: { $max: ['$fullAtMs', now] } } },
        { $set: { granted } },
        { $set: { fullAtMs: { $add: ['$fullAtMs', takenMs] } } },
        { $set: { fullAt: { $toDate: '$fullAtMs' } } },
      ],
      { upsert: true, returnDocument: 'after', writeConcern: { w: 1, j: false } },
    );
    if (!row) throw new Error('an upsert answered nothing');
    return row;
  }
}

/** One token in milliseconds, a full bucket in milliseconds, and in tokens. */
function shape(perSecond: number): { intervalMs: number; burstMs: number; capacity: number } {
  const intervalMs = 1000 / perSecond;
  const capacity = Math.max(1, perSecond);
  return { intervalMs, burstMs: capacity * intervalMs, capacity };
}

function wholeMs(ms: number): number {
  return Math.max(0, Math.ceil(ms - SLACK_MS));
}
