import { z } from 'zod';
import { sentChannelName } from './channels.js';
import { failureReasons } from './errors.js';
import { externalId, lineOfText, timestamp, typeName } from './primitives.js';

/** Which failed deliveries are meant: all of these hold. Without any, all of the tenant's. */
export const redriveFilter = z.strictObject({
  channel: sentChannelName.optional(),
  provider: lineOfText(100).optional(),
  failureReason: z.enum(failureReasons).optional(),
  type: typeName.optional(),
  recipient: externalId.optional(),
  /** Accepted at or after this. */
  from: timestamp.optional(),
  /** Accepted before this. */
  to: timestamp.optional(),
});
export type RedriveFilter = z.infer<typeof redriveFilter>;

/** The most deliveries that a redrive may start in a second. */
export const MAX_REDRIVES_PER_SECOND = 500;

/** `POST /v1/deliveries/redrive` */
export const redriveCreate = z.strictObject({
  filter: redriveFilter,
  /** Only counts. */
  dryRun: z.boolean().default(false),
  /** How many are started in a second, at most; the deployment's default where it is left out. */
  perSecond: z.number().int().min(1).max(MAX_REDRIVES_PER_SECOND).optional(),
  idempotencyKey: externalId.optional(),
});

export const redriveStatuses = ['accepted', 'running', 'completed', 'cancelled', 'failed'] as const;
export type RedriveStatus = (typeof redriveStatuses)[number];

export const finalRedriveStatuses: readonly RedriveStatus[] = ['completed', 'cancelled', 'failed'];

/** How far a redrive is. `matched` is `queued`, `started` and `skipped` together. */
export interface RedriveCounts {
  /** Failed deliveries that it found when it began. */
  matched: number;
  /** Not started yet. */
  queued: number;
  started: number;
  /** Not tried again, since they were not to be sent any more, or it was cancelled. */
  skipped: number;
}
