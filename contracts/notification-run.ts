import type { ChannelName } from './channels.js';
import type { FailureReason } from './errors.js';
import type { ChannelOutcomes } from './outcomes.js';
import type { ChannelDecisions } from './plan.js';
import type { ChannelRetry } from './retries.js';
import type { NotificationStatus } from './statuses.js';
import type { ChosenTemplates } from './templates.js';
import type { Amendment, Trigger } from './trigger.js';

/** What the `notification` workflow is started with. Everything in it crosses Temporal sealed. */
export interface NotificationInput {
  tenantId: string;
  notificationId: string;
  /** The person's ID, or the keyed hash that stands for a bare address. */
  recipientId: string;
  trigger: Trigger;
  /** SHA-256 of the trigger as sent, to tell a repeated request from another one under the same key. */
  requestHash: string;
  acceptedAtMs: number;
  /** The broadcast that it is part of. */
  broadcastId?: string;
  /** The one topic that it goes to. */
  topic?: string;
  /** Topics through which alone it reaches the person, who may have muted them all; absent where something else does. */
  onlyTopics?: string[];
  /** Versions to write it with, whatever is published: for trying them out. */
  templates?: ChosenTemplates;
}

export interface NotificationResult {
  status: NotificationStatus;
  channels: ChannelOutcomes;
}

/** Input of the `plan` activity. `sequence` keys it: the same sequence again answers what was stored. */
export interface PlanRequest {
  input: NotificationInput;
  sequence: number;
  /** The workflow's clock when it asked. The decision is made later where MongoDB was away meanwhile. */
  nowMs: number;
  amendment?: Amendment;
  /** An operator asked to pass `sendAt` and quiet hours. */
  expedite: boolean;
  /** Steps of the escalation that are due: nobody has read it. Absent for none. */
  escalations?: number;
  /** Cancelled before anything was planned. */
  cancelled: boolean;
  /** Who cancelled it, or why, for the timeline. */
  note?: string;
}

/** One delivery to make now. */
export interface PlannedDelivery {
  deliveryId: string;
  channel: ChannelName;
  provider: string;
  /** False where the deployment wants even the first attempt as a regular activity. */
  firstAttemptInTask: boolean;
  /** The tenant's retry rule of the channel, when this was planned; absent where that is the channel's own. */
  retry?: ChannelRetry;
}

export interface PlanOutcome {
  sequence: number;
  /** It was stored by an earlier call, so it may miss what was asked, or has changed, since. */
  repeated: boolean;
  /** It was made with the request's amendment, if there was one. Always, unless `repeated`. */
  amended: boolean;
  status: NotificationStatus;
  decisions: ChannelDecisions;
  outcomes: ChannelOutcomes;
  deliveries: PlannedDelivery[];
  /** The earliest end of a hold; absent when nothing waits. */
  holdUntilMs?: number;
  /** When the next step of the escalation is due; absent when there is none. */
  escalateAtMs?: number;
  /** For operators, in words: `held until 08:00 Europe/Paris: quiet hours`. */
  holdLabel?: string;
  expiresAtMs?: number;
}

/** Input of the `deliver` activity. */
export interface DeliverRequest {
  tenantId: string;
  notificationId: string;
  delivery: PlannedDelivery;
  attempt: 'first' | 'regular';
  /** The workflow's clock when it asked. */
  nowMs: number;
  /** `sendAt` and quiet hours were passed by an operator. */
  expedite: boolean;
}

/** Input of the `settle` activity: ends what has not gone out. */
export interface SettleRequest {
  tenantId: string;
  notificationId: string;
  as: 'cancelled' | 'acknowledged';
  /** Who or what asked, for the timeline: an actor's ID, a reason. */
  note?: string;
}

/** Input of the `abandon` activity: a delivery whose last attempt nobody saw end. */
export interface AbandonRequest {
  tenantId: string;
  notificationId: string;
  delivery: PlannedDelivery;
  failureReason: FailureReason;
}

export interface SettleOutcome {
  status: NotificationStatus;
  outcomes: ChannelOutcomes;
}

/** What a caller with `?wait=decision`, or an amendment, is answered. */
export interface Decision {
  status: NotificationStatus;
  channels: ChannelDecisions;
}

/** Argument of the `cancel` and `expedite` signals; absent when typed by hand. */
export interface OperatorNote {
  by?: string;
  reason?: string;
}
