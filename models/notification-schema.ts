import { Schema } from 'mongoose';
import { severities, type Severity } from '../contracts/notification-types.js';
import { channelOutcomes, type ChannelOutcome, type ChannelOutcomes } from '../contracts/outcomes.js';
import type { ChannelDecisions, Plan } from '../contracts/plan.js';
import { priorityNames, type PriorityName } from '../contracts/priorities.js';
import { notificationStatuses, type NotificationStatus } from '../contracts/statuses.js';
import { suppressionReasons } from '../contracts/suppressions.js';
import { byChannel } from './channel-fields.js';

/** Where an item stands in a person's inbox; absent while it is not in it. */
export const boxes = ['inbox', 'archive', 'deleted'] as const;
export type Box = (typeof boxes)[number];

export interface TimelineEntry {
  at: Date;
  event: string;
  detail?: string;
}

/** One notification of one person: the engine's record, and the item in the inbox. */
export interface NotificationRow {
  _id: string;
  tenantId: string;
  id: string;
  recipientId: string;
  type: string;
  category: string;
  severity: Severity;
  icon: string;
  color: string;
  priority: PriorityName;
  status: NotificationStatus;
  /** True while its run may still be told something; what `recheck` looks for. Absent afterwards. */
  waiting?: true;
  createdAt: Date;
  updatedAt: Date;
  sendAt?: Date;
  expiresAt?: Date;
  heldUntil?: Date;
  idempotencyKey?: string;
  requestHash: string;
  /** What follows while nobody reads it: counted from when it first went out; absent before, and without any. */
  escalation?: { from: Date; taken: number; nextAt?: Date };
  /** The broadcast that it is part of. */
  broadcastId?: string;
  /** Topics through which alone it reaches the person. */
  onlyTopics?: string[];
  /** JSON of the trigger as amended: data, content, channels and the rest, for later plans and retries. */
  trigger: string;
  /** `type:id` */
  related?: string;
  /** Items of one person with the same key are a thread of their inbox. */
  threadKey?: string;
  plan: Omit<Plan, 'decidedAt' | 'channels'> & { decidedAt: Date; channels: ChannelDecisions };
  outcomes: ChannelOutcomes;
  timeline: TimelineEntry[];

  title?: string;
  message?: string;
  box?: Box;
  unread?: true;
  unseen?: true;
  inboxAt?: Date;
  seenAt?: Date;
  readAt?: Date;
  archivedAt?: Date;
  snoozedUntil?: Date;
  deletedAt?: Date;
  /** When housekeeping may remove the row. */
  purgeAt: Date;
}

/** The index of what people have read. */
export const READ = 'read';
export const WAITING = 'waiting';

/** The newest of these many timeline entries are kept. */
export const MAX_TIMELINE = 100;

const decision = new Schema(
  {
    action: { type: String, enum: ['send', 'hold', 'digest', 'skip'] },
    until: String,
    reason: String,
    detail: { type: String, enum: suppressionReasons },
  },
  { _id: false },
);

export const notificationSchema = new Schema<NotificationRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    recipientId: { type: String, required: true },
    type: { type: String, required: true },
    category: { type: String, required: true },
    severity: { type: String, enum: severities, required: true },
    icon: String,
    color: String,
    priority: { type: String, enum: priorityNames, required: true },
    status: { type: String, enum: notificationStatuses, required: true },
    waiting: Boolean,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    sendAt: Date,
    expiresAt: Date,
    heldUntil: Date,
    idempotencyKey: String,
    requestHash: { type: String, required: true },
    escalation: { type: { _id: false, from: Date, taken: Number, nextAt: Date }, required: false },
    broadcastId: String,
    onlyTopics: { type: [String], default: undefined },
    trigger: { type: String, required: true },
    related: String,
    threadKey: String,
    plan: {
      sequence: { type: Number, required: true },
      decidedAt: Date,
      channels: byChannel(decision),
      templates: byChannel(String),
    },
    outcomes: byChannel({ type: String, enum: channelOutcomes satisfies readonly ChannelOutcome[] }),
    timeline: [{ _id: false, at: Date, event: String, detail: String }],
    title: String,
    message: String,
    box: { type: String, enum: boxes },
    unread: Boolean,
    unseen: Boolean,
    inboxAt: Date,
    seenAt: Date,
    readAt: Date,
    archivedAt: Date,
    snoozedUntil: Date,
    deletedAt: Date,
    purgeAt: { type: Date, required: true },
  },
  { collection: 'notifications', versionKey: false, minimize: true },
);

// The operators' list, whole and by each filter.
notificationSchema.index({ tenantId: 1, createdAt: -1, _id: -1 });
notificationSchema.index({ tenantId: 1, recipientId: 1, createdAt: -1, _id: -1 });
notificationSchema.index({ tenantId: 1, status: 1, createdAt: -1, _id: -1 });
notificationSchema.index({ tenantId: 1, type: 1, createdAt: -1, _id: -1 });
notificationSchema.index(
  { tenantId: 1, related: 1, createdAt: -1, _id: -1 },
  { partialFilterExpression: { related: { $exists: true } } },
);
// A broadcast's counts by status, and its recipients by status.
notificationSchema.index(
  { tenantId: 1, broadcastId: 1, status: 1, _id: 1 },
  { partialFilterExpression: { broadcastId: { $exists: true } }, name: 'of_broadcast' },
);
// A person's inbox: pages, then the counts of unread and unseen.
notificationSchema.index(
  { tenantId: 1, recipientId: 1, box: 1, inboxAt: -1, _id: -1, snoozedUntil: 1, threadKey: 1 },
  { partialFilterExpression: { box: { $exists: true } } },
);
// One thread of it, newest first; its counts without looking at a row.
notificationSchema.index(
  {
    tenantId: 1,
    recipientId: 1,
    box: 1,
    threadKey: 1,
    inboxAt: -1,
    _id: -1,
    snoozedUntil: 1,
    unread: 1,
  },
  { partialFilterExpression: { threadKey: { $exists: true }, box: { $exists: true } } },
);
notificationSchema.index(
  { tenantId: 1, recipientId: 1, box: 1, unread: 1, inboxAt: -1, _id: -1, snoozedUntil: 1 },
  { partialFilterExpression: { unread: true } },
);
notificationSchema.index(
  { tenantId: 1, recipientId: 1, box: 1, unseen: 1, snoozedUntil: 1 },
  { partialFilterExpression: { unseen: true } },
);
// Runs to tell when a person's preferences or contact change.
notificationSchema.index(
  { tenantId: 1, recipientId: 1, _id: 1 },
  { partialFilterExpression: { waiting: true }, name: 'waiting_of_person' },
);
// What changed in a person's inbox since they were last there, and what of it comes back next.
notificationSchema.index(
  { tenantId: 1, recipientId: 1, updatedAt: 1, _id: 1 },
  { partialFilterExpression: { box: { $exists: true } }, name: 'changes_of_inbox' },
);
notificationSchema.index(
  { tenantId: 1, recipientId: 1, snoozedUntil: 1 },
  { partialFilterExpression: { snoozedUntil: { $exists: true } }, name: 'snoozed' },
);
// What was read since a time, whoever read it.
notificationSchema.index(
  { tenantId: 1, readAt: 1 },
  { partialFilterExpression: { readAt: { $exists: true } }, name: READ },
);
// What waits, of all tenants: held or digesting, and nothing else.
notificationSchema.index(
  { status: 1 },
  { partialFilterExpression: { status: { $in: ['held', 'digesting'] } }, name: WAITING },
);
// Retention, and what ends its time in open inboxes.
notificationSchema.index({ purgeAt: 1 });
