import type { PlannedDelivery } from './notification-run.js';
import type { ChannelOutcomes } from './outcomes.js';
import type { DeliveryStatus, NotificationStatus } from './statuses.js';

/** Statuses in which a delivery has ended and may be tried again. */
export const failedDeliveryStatuses: readonly DeliveryStatus[] = ['failed', 'bounced'];

/** What the `redelivery` workflow is started with. What it is to deliver comes with the `redeliver` signal. */
export interface RedeliveryInput {
  tenantId: string;
  notificationId: string;
}

export interface RedeliveryResult {
  channels: ChannelOutcomes;
}

/** Argument of the `redeliver` signal, and input of the `reopen` activity. */
export interface RedeliverAsk {
  tenantId: string;
  notificationId: string;
  deliveryId: string;
  /** Whose new attempts these are: a retry's own ID, or the redrive's. The same again opens nothing twice. */
  round: string;
  /** Set where it is a redrive that asks. */
  redriveId?: string;
  /** Who asked, for the timeline. */
  by?: string;
}

/** Why a delivery is not tried again. */
export const refusals = ['gone', 'not_failed', 'stored', 'cancelled', 'retracted', 'read'] as const;
export type Refusal = (typeof refusals)[number];

export type ReopenOutcome =
  | {
      status: 'reopened';
      delivery: PlannedDelivery;
      /** How the notification's channels stood then. */
      outcomes: ChannelOutcomes;
      expiresAtMs?: number;
    }
  /** `notification` is its status; absent when it is gone. */
  | { status: 'refused'; reason: Refusal; notification?: NotificationStatus };
