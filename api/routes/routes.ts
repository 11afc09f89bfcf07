import type { Route } from '../route.js';
import { apiKeyRoutes } from './api-keys.js';
import { deliveryRoutes } from './deliveries.js';
import { healthRoutes } from './health.js';
import { inAppCorrections } from './in-app-corrections.js';
import { inboxChanges } from './inbox-changes.js';
import { inboxReads } from './inbox-reads.js';
import { meRoutes } from './me.js';
import { notificationActions } from './notification-actions.js';
import { notificationReads } from './notification-reads.js';
import { notificationTriggers } from './notifications.js';
import { preferenceRoutes } from './preferences.js';
import { subscriberRoutes } from './subscribers.js';
import { tenantRoutes } from './tenants.js';

/** Every operation of the API: what is mounted, and what OpenAPI describes. */
export const routes: readonly Route[] = [
  ...notificationTriggers,
  ...notificationReads,
  ...notificationActions,
  ...inAppCorrections,
  ...deliveryRoutes,
  ...subscriberRoutes,
  ...preferenceRoutes,
  ...meRoutes,
  ...inboxReads,
  ...inboxChanges,
  ...tenantRoutes,
  ...apiKeyRoutes,
  ...healthRoutes,
];
