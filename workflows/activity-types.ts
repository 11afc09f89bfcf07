import type {
  BeginOutcome,
  BeginRequest,
  CancelWaitingRequest,
  MarkRequest,
  PageOutcome,
  PageRequest,
} from '../contracts/broadcast-run.js';
import type {
  ClosedDigest,
  CloseDigestRequest,
  DigestNews,
  DropDigestRequest,
  HandOverRequest,
  MoveDigestRequest,
  RemoveItemRequest,
} from '../contracts/digests.js';
import type {
  AbandonRequest,
  DeliverRequest,
  PlanOutcome,
  PlanRequest,
  SettleOutcome,
  SettleRequest,
} from '../contracts/notification-run.js';
import type { PurgeOutcome, RollUpOutcome } from '../contracts/housekeeping.js';
import type { CertifyRequest, ErasurePass, ErasurePlace } from '../contracts/erasures.js';
import type { DrainOutcome, DrainRequest, ProbeOutcome, ProviderPlace } from '../contracts/provider-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import type { RedeliverAsk, ReopenOutcome } from '../contracts/redelivery.js';
import type {
  BeginRedriveRequest,
  EndRedriveRequest,
  RedrivePage,
  RedrivePageRequest,
} from '../contracts/redrive-run.js';
import type { RedriveCounts } from '../contracts/redrives.js';
import type { SendScheduledOutcome, SendScheduledRequest } from '../contracts/schedules.js';
import type {
  AttemptWebhookRequest,
  EndReplayRequest,
  ReplayPage,
  ReplayPageRequest,
  WebhookAttemptOutcome,
} from '../contracts/webhook-run.js';
import type { RemindOutcome, RemindRequest, WithdrawRequest } from '../contracts/reminders.js';

/** What the `notification` workflow may call; `activities/` implements it. */
export interface NotificationActivities {
  plan(request: PlanRequest): Promise<PlanOutcome>;
  deliver(request: DeliverRequest): Promise<DeliveryOutcome>;
  settle(request: SettleRequest): Promise<SettleOutcome>;
  reopen(request: RedeliverAsk): Promise<ReopenOutcome>;
  abandon(request: AbandonRequest): Promise<DeliveryOutcome>;
}

/** What the `digest` workflow may call, beside `deliver`. */
export interface DigestActivities {
  closeDigest(request: CloseDigestRequest): Promise<ClosedDigest>;
  dropDigest(request: DropDigestRequest): Promise<void>;
  moveDigest(request: MoveDigestRequest): Promise<DigestNews | undefined>;
  removeItem(request: RemoveItemRequest): Promise<void>;
  handOver(request: HandOverRequest): Promise<void>;
}

/** What the `reminder` workflow may call. */
export interface ReminderActivities {
  remind(request: RemindRequest): Promise<RemindOutcome>;
  withdrawReminder(request: WithdrawRequest): Promise<void>;
}

/** What the `scheduled` workflow may call. */
export interface ScheduleActivities {
  sendScheduled(request: SendScheduledRequest): Promise<SendScheduledOutcome>;
}

/** What the `housekeeping` workflow may call. */
export interface HousekeepingActivities {
  rollUp(): Promise<RollUpOutcome>;
  purge(): Promise<PurgeOutcome>;
}

/** What the `provider` workflow may call. */
export interface ProviderActivities {
  probeProvider(place: ProviderPlace): Promise<ProbeOutcome>;
  drainProvider(request: DrainRequest): Promise<DrainOutcome>;
}

/** What the `broadcast` workflow may call, on the queue for bulk work. */
export interface BroadcastActivities {
  beginBroadcast(request: BeginRequest): Promise<BeginOutcome>;
  sendPage(request: PageRequest): Promise<PageOutcome>;
  markBroadcast(request: MarkRequest): Promise<void>;
  cancelWaiting(request: CancelWaitingRequest): Promise<void>;
}

/** What the `redrive` workflow may call, on the queue for bulk work. */
export interface RedriveActivities {
  beginRedrive(request: BeginRedriveRequest): Promise<RedriveCounts | undefined>;
  redrivePage(request: RedrivePageRequest): Promise<RedrivePage>;
  endRedrive(request: EndRedriveRequest): Promise<RedriveCounts>;
}

/** What the `erasure` workflow may call, on the queue for bulk work. */
export interface ErasureActivities {
  beginErasure(place: ErasurePlace): Promise<boolean>;
  endWaiting(place: ErasurePlace): Promise<void>;
  eraseRuns(place: ErasurePlace): Promise<ErasurePass>;
  eraseRows(place: ErasurePlace): Promise<ErasurePass>;
  certifyErasure(request: CertifyRequest): Promise<void>;
}

/** What the `webhookDelivery` workflow may call. */
export interface WebhookActivities {
  attemptWebhook(request: AttemptWebhookRequest): Promise<WebhookAttemptOutcome>;
}

/** What the `webhookReplay` workflow may call, on the queue for bulk work. */
export interface ReplayActivities {
  replayPage(request: ReplayPageRequest): Promise<ReplayPage>;
  endReplay(request: EndReplayRequest): Promise<void>;
}
