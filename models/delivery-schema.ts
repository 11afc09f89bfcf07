import { Schema } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import { failureReasons, type FailureReason } from '../contracts/errors.js';
import { deliveryStatuses, type DeliveryStatus } from '../contracts/statuses.js';
import { channelField } from './channel-fields.js';

/** `started` is an attempt whose end was never recorded: under way, or cut off by a crash after it may have been accepted. */
export type AttemptOutcome = 'started' | 'interrupted' | 'sent' | 'failed';

export interface Attempt {
  at: Date;
  durationMs?: number;
  provider: string;
  kind: 'first' | 'regular';
  outcome: AttemptOutcome;
  failureReason?: FailureReason;
  /** Capped, without addresses. */
  providerResponse?: string;
  /** Another provider was tried at once, or had reached other devices: not counted as a failure of the delivery. */
  failedOver?: true;
  /** The provider was not reached or not usable, as opposed to it refusing this message. */
  providerDown?: true;
  /** It was down for others too, so that the delivery was parked: not counted as a failure either. */
  parked?: true;
  /** Told by the provider, or by the policy: how long to wait before the next attempt. */
  retryAfterMs?: number;
  /** Made before the delivery was opened anew: not counted any more. */
  earlier?: true;
}

/** `started`: its run was told; `opened`: it was put back to `pending` by it, or has ended again since. */
export type RedriveState = 'queued' | 'started' | 'opened' | 'skipped';

/** One notification on one channel to one target: the log. */
export interface DeliveryRow {
  _id: string;
  tenantId: string;
  id: string;
  notificationId: string;
  recipientId: string;
  type: string;
  /** The version of the template that it is written with; absent for a built-in text. */
  template?: string;
  /** Of the roles that the person had when it was planned, the first {@link MAX_ROLES} by name. */
  roles?: string[];
  channel: ChannelName;
  /** Keyed hash of the address, or the person's ID for the inbox. */
  targetHash: string;
  /** The address with most of it hidden: `a•••@example.com`. */
  target: string;
  status: DeliveryStatus;
  provider: string;
  retryCount: number;
  failureReason?: FailureReason;
  /** Why it was skipped, cancelled or expired: a reason of the plan. */
  reason?: string;
  attempts: Attempt[];
  providerMessageId?: string;
  /** What the provider bills it as, e.g. the segments of an SMS. */
  units?: number;
  createdAt: Date;
  /** When it was to go out, where that is later than `createdAt`: a wait that was asked for is no latency. */
  dueAt?: Date;
  /** The writing process's clock at the latest change: what changed is found by it. */
  updatedAt: Date;
  sentAt?: Date;
  /** Told by the provider, or by the person's own click or reply, where a channel can tell. */
  deliveredAt?: Date;
  /** It came back. */
  bouncedAt?: Date;
  openedAt?: Date;
  clickedAt?: Date;
  repliedAt?: Date;
  nextAttemptAt?: Date;
  /** Temporal's: 1 goes first, 5 last. */
  priorityKey?: number;
  /** The retry or the redrive that opened it anew, the latest one. */
  round?: string;
  /** Its place in a redrive, the latest one that it was part of. */
  redrive?: { id: string; state: RedriveState; rank: number };
  /** Its reserved place in the queue of a send limit, named by the limit's key. The next attempt uses it up. */
  turn?: { at: Date; limit: string };
  /** Waits, without attempts, for a provider (`email/smtp`) that is down; released once that is drained. */
  parked?: { provider: string; priority: number; at: Date; released?: true };
  purgeAt: Date;
}

/** Roles of a person that a delivery is counted under, at most. */
export const MAX_ROLES = 10;

/** The index of what changed last. */
export const CHANGED = 'changed';

export const NEXT_OF_REDRIVE = 'next_of_redrive';
export const COUNTS_OF_REDRIVE = 'counts_of_redrive';

/** The newest of these many attempts are kept. */
export const MAX_ATTEMPTS = 20;

/** The index of what waits for a provider. */
export const PARKED = 'parked';

export const deliverySchema = new Schema<DeliveryRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    notificationId: { type: String, required: true },
    recipientId: { type: String, required: true },
    type: { type: String, required: true },
    template: String,
    roles: { type: [String], default: undefined },
    channel: channelField,
    targetHash: { type: String, required: true },
    target: { type: String, required: true },
    status: { type: String, enum: deliveryStatuses, required: true },
    provider: { type: String, required: true },
    retryCount: { type: Number, default: 0 },
    failureReason: { type: String, enum: failureReasons },
    reason: String,
    attempts: [
      {
        _id: false,
        at: Date,
        failedOver: Boolean,
        providerDown: Boolean,
        parked: Boolean,
        durationMs: Number,
        provider: String,
        kind: String,
        outcome: String,
        failureReason: { type: String, enum: failureReasons },
        providerResponse: String,
        retryAfterMs: Number,
        earlier: Boolean,
      },
    ],
    providerMessageId: String,
    units: Number,
    createdAt: { type: Date, required: true },
    dueAt: Date,
    updatedAt: { type: Date, required: true },
    sentAt: Date,
    deliveredAt: Date,
    bouncedAt: Date,
    openedAt: Date,
    clickedAt: Date,
    repliedAt: Date,
    nextAttemptAt: Date,
    priorityKey: Number,
    round: String,
    redrive: { type: { _id: false, id: String, state: String, rank: Number }, required: false },
    parked: {
      type: { _id: false, provider: String, priority: Number, at: Date, released: Boolean },
      required: false,
    },
    turn: { type: { _id: false, at: Date, limit: String }, required: false },
    purgeAt: { type: Date, required: true },
  },
  { collection: 'deliveries', versionKey: false },
);
// Serves one notification's deliveries.
deliverySchema.index({ tenantId: 1, notificationId: 1 });
// The log, whole and by each filter.
deliverySchema.index({ tenantId: 1, createdAt: -1, _id: -1 });
deliverySchema.index({ tenantId: 1, status: 1, createdAt: -1, _id: -1 });
deliverySchema.index({ tenantId: 1, channel: 1, createdAt: -1, _id: -1 });
deliverySchema.index({ tenantId: 1, type: 1, createdAt: -1, _id: -1 });
deliverySchema.index({ tenantId: 1, provider: 1, createdAt: -1, _id: -1 });
deliverySchema.index({ tenantId: 1, recipientId: 1, createdAt: -1, _id: -1 });
deliverySchema.index(
  { tenantId: 1, failureReason: 1, createdAt: -1, _id: -1 },
  { partialFilterExpression: { failureReason: { $exists: true } } },
);
// What changed since a time: when it was triggered, and whether somebody answered it, without looking at a row.
deliverySchema.index(
  { tenantId: 1, updatedAt: 1, createdAt: 1, openedAt: 1, clickedAt: 1, repliedAt: 1 },
  { name: CHANGED },
);
// A redrive's deliveries: the next ones to start, then its counts.
deliverySchema.index(
  { tenantId: 1, 'redrive.id': 1, 'redrive.state': 1, 'redrive.rank': 1, _id: 1 },
  { partialFilterExpression: { 'redrive.id': { $exists: true } }, name: NEXT_OF_REDRIVE },
);
deliverySchema.index(
  { tenantId: 1, 'redrive.id': 1, 'redrive.state': 1, status: 1 },
  { partialFilterExpression: { 'redrive.id': { $exists: true } }, name: COUNTS_OF_REDRIVE },
);
// Serves parked and countParked.
deliverySchema.index(
  { tenantId: 1, 'parked.provider': 1, 'parked.released': 1, 'parked.priority': 1, createdAt: 1, _id: 1 },
  { name: PARKED, partialFilterExpression: { 'parked.provider': { $exists: true } } },
);
// Retention, by housekeeping.
deliverySchema.index({ purgeAt: 1 });
