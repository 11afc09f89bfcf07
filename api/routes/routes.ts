import type { Route } from '../route.js';
import { analyticsRoutes } from './analytics.js';
import { apiKeyRoutes } from './api-keys.js';
import { auditRoutes } from './audit.js';
import { backlogRoutes } from './backlog.js';
import { broadcastRecipients } from './broadcast-recipients.js';
import { broadcastRoutes } from './broadcasts.js';
import { deliveryRetries } from './delivery-retries.js';
import { codecRoutes } from './codec.js';
import { deliveryRoutes } from './deliveries.js';
import { digestRoutes } from './digests.js';
import { deviceRoutes } from './devices.js';
import { erasureRoutes } from './erasures.js';
import { eventRuleDryRun } from './event-rule-dry-run.js';
import { eventRuleRoutes } from './event-rules.js';
import { eventSourceRoutes } from './event-sources.js';
import { eventRoutes } from './events.js';
import { exportRoutes } from './exports.js';
import { healthRoutes } from './health.js';
import { inAppCorrections } from './in-app-corrections.js';
import { inboxChanges } from './inbox-changes.js';
import { inboxReads } from './inbox-reads.js';
import { inboxThreads } from './inbox-threads.js';
import { insightRoutes } from './insights.js';
import { meRoutes } from './me.js';
import { metricsRoutes } from './metrics.js';
import { notificationActions } from './notification-actions.js';
import { notificationReads } from './notification-reads.js';
import { notificationTriggers } from './notifications.js';
import { preferenceRoutes } from './preferences.js';
import { redriveRoutes } from './redrives.js';
import { reminderRoutes } from './reminders.js';
import { hookRoutes } from './hooks.js';
import { scheduleRoutes } from './schedules.js';
import { subscriberImport } from './subscriber-import.js';
import { subscriberRoutes } from './subscribers.js';
import { suppressionRoutes } from './suppressions.js';
import { systemRoutes } from './system.js';
import { templateRoutes } from './templates.js';
import { tenantChannelRoutes } from './tenant-channels.js';
import { tenantAuthRoutes } from './tenant-auth.js';
import { tenantProviderRoutes } from './tenant-providers.js';
import { tenantRoutes } from './tenants.js';
import { tenantHookRoutes } from './tenant-hooks.js';
import { topicRoutes } from './topics.js';
import { trackingRoutes } from './tracking.js';
import { typeRoutes } from './types.js';
import { unsubscribeRoutes } from './unsubscribe.js';
import { webhookReplayRoutes } from './webhook-replays.js';
import { webhookRoutes } from './webhooks.js';

/** Every operation of the API: what is mounted, and what OpenAPI describes. */
export const routes: readonly Route[] = [
  ...notificationTriggers,
  ...notificationReads,
  ...notificationActions,
  ...inAppCorrections,
  ...deliveryRoutes,
  ...deliveryRetries,
  ...redriveRoutes,
  ...digestRoutes,
  ...reminderRoutes,
  ...scheduleRoutes,
  ...broadcastRoutes,
  ...broadcastRecipients,
  ...subscriberRoutes,
  ...subscriberImport,
  ...exportRoutes,
  ...erasureRoutes,
  ...insightRoutes,
  ...topicRoutes,
  ...typeRoutes,
  ...preferenceRoutes,
  ...meRoutes,
  ...deviceRoutes,
  ...inboxReads,
  // Before `{id}`, which would take `threads` for one.
  ...inboxThreads,
  ...inboxChanges,
  ...suppressionRoutes,
  ...unsubscribeRoutes,
  ...trackingRoutes,
  ...hookRoutes,
  ...templateRoutes,
  ...tenantRoutes,
  ...tenantChannelRoutes,
  ...tenantProviderRoutes,
  ...tenantAuthRoutes,
  ...tenantHookRoutes,
  ...webhookRoutes,
  ...webhookReplayRoutes,
  ...apiKeyRoutes,
  ...backlogRoutes,
  ...analyticsRoutes,
  ...auditRoutes,
  ...systemRoutes,
  ...eventRoutes,
  ...eventSourceRoutes,
  ...eventRuleRoutes,
  ...eventRuleDryRun,
  ...codecRoutes,
  ...healthRoutes,
  ...metricsRoutes,
];
