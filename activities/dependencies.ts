import type { BroadcastSizes } from '../contracts/broadcast-input.js';
import type { ChannelName } from '../contracts/channels.js';
import type { CredentialSource } from '../contracts/credentials.js';
import type { DigestNews, DigestPlace } from '../contracts/digests.js';
import type { Predictor } from '../contracts/predictor.js';
import type { ProviderPlace } from '../contracts/provider-run.js';
import type { NotificationInput } from '../contracts/notification-run.js';
import type { RedeliverAsk } from '../contracts/redelivery.js';
import type { SchedulePlace } from '../contracts/schedules.js';
import type { WebhookDeliveryInput } from '../contracts/webhook-run.js';
import type { DeliveryRow } from '../models/delivery-schema.js';
import type { Network } from '../contracts/network.js';
import type { Models } from '../models/models.js';
import type { ChannelRegistry } from '../channels/registry.js';
import type { Logger } from '../runtime/logger.js';
import type { Metrics } from '../runtime/metrics/metrics.js';
import type { TemplateCache } from '../templates/template-cache.js';
import type { TypeRegistry } from '../templates/type-registry.js';
import type { Breakers } from './breakers.js';
import type { FirstAttempts } from './first-attempts.js';
import type { SendLimits } from './send-limits.js';
import type { TrackingUrls } from './tracking-urls.js';
import type { UnsubscribeUrls } from './unsubscribe-urls.js';

/** What the activities need; made once per worker process and passed in. */
export interface ActivityDependencies {
  models: Models;
  channels: ChannelRegistry;
  credentials: CredentialSource;
  /** Each tenant's notification types, and which templates it has published. */
  types: TypeRegistry;
  /** The versions of templates that were used last. */
  templates: TemplateCache;
  /** The way out to what tenants name. */
  network: Network;
  /** Says when people are reached best. */
  predictor: Predictor;
  firstAttempts: FirstAttempts;
  breakers: Breakers;
  sendLimits: SendLimits;
  /** Parked deliveries let go in one second, at most, of each provider that answers again. */
  drainPerSecond: number;
  /** Where providers reach the API from outside; absent while they cannot. */
  publicUrl?: string;
  /** Channels whose first attempt is a regular activity too. */
  firstAttemptAsActivity: readonly string[];
  /** Where mails' readers unsubscribe; absent while the deployment has no public address. */
  unsubscribeUrls?: UnsubscribeUrls | undefined;
  /** Where mails tell that they were opened; absent likewise. */
  trackingUrls?: TrackingUrls | undefined;
  /** Starts and tells runs of other workflows. */
  runs: WorkflowRuns;
  /** How a broadcast's page is worked through. */
  bulk: { chunkSize: number; sendsAtOnce(channel: ChannelName): number; sizes: BroadcastSizes };
  /** Outbound events: the days that they and the attempts at them are kept. */
  webhooks: { keepDays: number };
  /** Where what is removed after its time is written to before; absent: nowhere. */
  purgeExportDir?: string | undefined;
  /** The process's figures. */
  metrics: Metrics;
  log: Logger;
}

/** One run. */
export interface RunPlace {
  workflowId: string;
  runId: string;
}

/** Runs of workflows as they are kept, of whatever kind. */
export interface WorkflowHistories {
  /** Pages of the runs that carry one of these recipients, whether they go on or have ended, in no order. */
  ofRecipients(tenantId: string, recipientIds: readonly string[]): AsyncIterable<RunPlace[]>;
  /** Ends it at once, unless it has ended. */
  end(workflowId: string, reason: string): Promise<void>;
  /** Ends it where it goes on, and has it removed with its history, which takes the server a while. False when it is gone. */
  remove(run: RunPlace): Promise<boolean>;
  /** Removes the clock of a schedule, unless it is gone. */
  dropSchedule(place: SchedulePlace): Promise<void>;
}

/** What operators see of a redelivery's run, and its place in the queue. */
export type RedeliverySubject = Pick<DeliveryRow, 'recipientId' | 'type' | 'channel' | 'priorityKey'>;

/** Runs of workflows, as activities start and tell them. */
export interface WorkflowRuns {
  /** Starts one, unless it is there already. */
  start(input: NotificationInput): Promise<void>;
  /** Tells the notification's run to try a failed delivery again, or starts one that does. */
  redeliver(subject: RedeliverySubject, ask: RedeliverAsk): Promise<void>;
  /** Tells the workflow of a digest of a window, or starts it with that. */
  collect(place: DigestPlace, news: DigestNews): Promise<void>;
  /** Starts the run that tries an event again at an endpoint, unless it is there already. */
  retryWebhook(input: WebhookDeliveryInput): Promise<void>;
  /** Tells it that its provider answers again. False when there is none that goes on. */
  release(tenantId: string, notificationId: string): Promise<boolean>;
  /** Starts the run that watches over a provider that is down, unless it is there already. */
  watchProvider(place: ProviderPlace): Promise<void>;
  /** Finds and removes runs with their histories. */
  histories: WorkflowHistories;
  /** Tells it to stop. False when there is none that goes on. */
  cancel(tenantId: string, notificationId: string, note: string | undefined): Promise<boolean>;
}
