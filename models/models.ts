import type { Connection } from 'mongoose';
import type { KeyRing } from '../runtime/key-ring.js';
import { ApiKeys } from './api-keys.js';
import { Attachments } from './attachments.js';
import { Audit } from './audit.js';
import { Backlog } from './backlog.js';
import { BroadcastDrafts } from './broadcast-drafts.js';
import { BroadcastRecipients } from './broadcast-recipients.js';
import { Broadcasts } from './broadcasts.js';
import { Credentials } from './credentials.js';
import { DataKeys } from './data-keys.js';
import { Deliveries } from './deliveries.js';
import { DeliveryAttempts } from './delivery-attempts.js';
import { DeliveryChanges } from './delivery-changes.js';
import { DeliveryBulk } from './delivery-bulk.js';
import { DeliveryFeedback } from './delivery-feedback.js';
import { DeliveryParking } from './delivery-parking.js';
import { DeliveryRedrives } from './delivery-redrives.js';
import { DeliveryTokens } from './delivery-tokens.js';
import { DigestItems } from './digest-items.js';
import { Digests } from './digests.js';
import { Devices } from './devices.js';
import { Erasures } from './erasures.js';
import { EventRules } from './event-rules.js';
import { EventSources } from './event-sources.js';
import { ExpiredRows, purged } from './expired-rows.js';
import { FailureCounts } from './failure-counts.js';
import { HookSecrets } from './hook-secrets.js';
import { Inbox } from './inbox.js';
import { HousekeepingRuns } from './housekeeping-runs.js';
import { InboxLive } from './inbox-live.js';
import { InboxReads } from './inbox-reads.js';
import { InboundEvents } from './inbound-events.js';
import { InboxThreads } from './inbox-threads.js';
import { Leases } from './leases.js';
import { InsightStore } from './insights.js';
import { NotificationBulk } from './notification-bulk.js';
import { Notifications } from './notifications.js';
import { NotificationTypes } from './notification-types.js';
import { OutageAlerts } from './outage-alerts.js';
import { OutboundEvents } from './outbound-events.js';
import { OutboundSubjects } from './outbound-subjects.js';
import { PersonRows } from './person-rows.js';
import { PreferenceStore } from './preferences.js';
import { RecentAttempts } from './recent-attempts.js';
import { Redrives } from './redrives.js';
import { Reminders } from './reminders.js';
import { RollupMarks } from './rollup-marks.js';
import { Rollups } from './rollups.js';
import { Schedules } from './schedules.js';
import { ProviderHealth } from './provider-health.js';
import { SendLimitBuckets } from './send-limits.js';
import { SocketReports } from './socket-reports.js';
import { Subscribers } from './subscribers.js';
import { Suppressions } from './suppressions.js';
import { SystemMessages } from './system-messages.js';
import { TemplateVersions } from './template-versions.js';
import { Templates } from './templates.js';
import { TenantAuthSettings } from './tenant-auth.js';
import { Tenants } from './tenants.js';
import { Throttles } from './throttles.js';
import { TopicMembers } from './topic-members.js';
import { TrackingTokens } from './tracking-tokens.js';
import { UnsubscribeTokens } from './unsubscribe-tokens.js';
import { WaitingRuns } from './waiting-runs.js';
import { WaitingCounts } from './waiting-counts.js';
import { WebhookAttempts } from './webhook-attempts.js';
import { WebhookEndpoints } from './webhook-endpoints.js';
import { WebhookReplays } from './webhook-replays.js';

/** Every collection, on one connection. */
export type Models = ReturnType<typeof createModels>;

export function createModels(connection: Connection, ring: KeyRing | undefined) {
  const dataKeys = new DataKeys(connection, ring);
  const tenants = new Tenants(connection);
  const notifications = new Notifications(connection);
  const deliveries = new Deliveries(connection);
  const subscribers = new Subscribers(connection, dataKeys);
  const broadcasts = new Broadcasts(connection);
  const broadcastRecipients = new BroadcastRecipients(connection);
  const templates = new Templates(connection, tenants);
  return {
    connection,
    dataKeys,
    notifications,
    inbox: new Inbox(notifications),
    inboxLive: new InboxLive(notifications),
    inboxThreads: new InboxThreads(notifications),
    inboxReads: new InboxReads(notifications),
    notificationBulk: new NotificationBulk(notifications),
    waitingRuns: new WaitingRuns(notifications),
    deliveries,
    backlog: new Backlog(notifications, deliveries),
    deliveryAttempts: new DeliveryAttempts(deliveries),
    deliveryChanges: new DeliveryChanges(deliveries),
    deliveryBulk: new DeliveryBulk(deliveries),
    deliveryFeedback: new DeliveryFeedback(deliveries),
    deliveryTokens: new DeliveryTokens(dataKeys),
    deliveryParking: new DeliveryParking(deliveries),
    deliveryRedrives: new DeliveryRedrives(deliveries),
    rollups: new Rollups(connection, deliveries),
    rollupMarks: new RollupMarks(connection),
    insights: new InsightStore(connection),
    recentAttempts: new RecentAttempts(deliveries),
    redrives: new Redrives(connection),
    reminders: new Reminders(connection),
    digests: new Digests(connection),
    digestItems: new DigestItems(connection),
    broadcasts,
    broadcastRecipients,
    broadcastDrafts: new BroadcastDrafts(dataKeys, broadcasts, broadcastRecipients),
    schedules: new Schedules(connection),
    tenants,
    credentials: new Credentials(connection, dataKeys, tenants),
    notificationTypes: new NotificationTypes(connection, tenants),
    templates,
    templateVersions: new TemplateVersions(connection, templates),
    tenantAuth: new TenantAuthSettings(connection),
    apiKeys: new ApiKeys(connection),
    subscribers,
    devices: new Devices(subscribers, dataKeys),
    erasures: new Erasures(connection, dataKeys, subscribers),
    personRows: new PersonRows(connection, subscribers, dataKeys),
    preferences: new PreferenceStore(connection),
    suppressions: new Suppressions(connection, dataKeys),
    unsubscribeTokens: new UnsubscribeTokens(dataKeys),
    trackingTokens: new TrackingTokens(dataKeys),
    hookSecrets: new HookSecrets(connection, dataKeys),
    topicMembers: new TopicMembers(connection),
    attachments: new Attachments(connection),
    socketReports: new SocketReports(connection),
    systemMessages: new SystemMessages(connection),
    eventSources: new EventSources(connection, dataKeys),
    eventRules: new EventRules(connection, dataKeys),
    inboundEvents: new InboundEvents(connection, dataKeys),
    audit: new Audit(connection, tenants),
    throttles: new Throttles(connection),
    failureCounts: new FailureCounts(connection),
    expiredRows: new ExpiredRows(connection),
    housekeepingRuns: new HousekeepingRuns(connection),
    waitingCounts: new WaitingCounts(notifications, deliveries),
    outageAlerts: new OutageAlerts(connection),
    providerHealth: new ProviderHealth(connection),
    sendLimits: new SendLimitBuckets(connection),
    leases: new Leases(connection),
    outboundEvents: new OutboundEvents(connection),
    outboundSubjects: new OutboundSubjects(connection, notifications, deliveries),
    webhookEndpoints: new WebhookEndpoints(connection, dataKeys),
    webhookAttempts: new WebhookAttempts(connection),
    webhookReplays: new WebhookReplays(connection),
  };
}

/** Creates the indexes that are missing. Run by `carillon upgrade`, and by a starting process outside production. */
export async function buildIndexes(connection: Connection): Promise<void> {
  await connection.asPromise();
  await dropRetired(connection);
  for (const model of Object.values(connection.models)) await model.createIndexes();
}

/** Indexes by which MongoDB itself removed, in earlier versions, what housekeeping writes out and removes now. */
async function dropRetired(connection: Connection): Promise<void> {
  for (const { collection } of purged) {
    const rows = connection.collection(collection);
    const indexes = await rows.indexes().catch(() => []);
    for (const { name, expireAfterSeconds } of indexes)
      if (name !== undefined && expireAfterSeconds !== undefined) await rows.dropIndex(name);
  }
}

/** Answers when the database does. @throws when it is away. */
export async function pingMongo(connection: Connection): Promise<void> {
  await connection.asPromise();
  if (!connection.db) throw new Error('MongoDB is not connected');
  await connection.db.admin().ping({ timeoutMS: 2500 });
}
