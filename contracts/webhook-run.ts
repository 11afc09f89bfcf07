import type { ReplayCounts, ReplayStatus } from './webhooks.js';

/** One event on its way to one endpoint. */
export interface WebhookPlace {
  tenantId: string;
  eventId: string;
  endpointId: string;
}

/** What the `webhookDelivery` workflow is started with, once a first attempt has failed or somebody asks for it again. */
export interface WebhookDeliveryInput extends WebhookPlace {
  /** Attempts made before: 1 after a first attempt, 0 where it is sent again on request. */
  attempts: number;
  /** Until the next attempt. */
  waitMs: number;
}

/** Input of the `attemptWebhook` activity. */
export interface AttemptWebhookRequest extends WebhookPlace {
  /** Which attempt it is: 1 is the first. */
  attempt: number;
  /** It was asked for: the schedule begins anew with it. */
  isReplay: boolean;
}

/**
 * What came of an attempt: the receiver took it; it failed and is tried again after so long; it failed for good; or there
 * is nothing to send, or nowhere to send it to, any more.
 */
export type WebhookAttemptOutcome =
  | { status: 'delivered' }
  | { status: 'retry'; waitMs: number; detail: string }
  | { status: 'failed'; detail: string }
  | { status: 'dropped'; detail: string };

export interface WebhookDeliveryResult {
  status: 'delivered' | 'failed' | 'dropped' | 'cancelled';
  attempts: number;
}

interface ReplayPlace {
  tenantId: string;
  replayId: string;
}

/** What the `webhookReplay` workflow is started with. What is meant is in MongoDB. */
export interface WebhookReplayInput extends ReplayPlace {
  /** Pages of one run; then it continues as new. Default 400. */
  pagesPerRun?: number;
  counts?: ReplayCounts;
  /** Pages in vain, one after the other, carried over when its run continues as new. */
  inVain?: number;
}

/** Input of `replayPage`: sends the next events. */
export type ReplayPageRequest = ReplayPlace;

export interface ReplayPage {
  counts: ReplayCounts;
  /** None is left, or there is nothing to go on with. */
  done: boolean;
  /** The receiver refused several in a row: go on later. */
  isInVain: boolean;
  /** The endpoint is disabled or gone, or the replay is. */
  gone?: true;
}

/** Input of `endReplay`. */
export type EndReplayRequest = ReplayPlace & { status: Exclude<ReplayStatus, 'running'> };

export interface WebhookReplayResult {
  status: EndReplayRequest['status'];
  counts: ReplayCounts;
}
