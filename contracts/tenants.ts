import { z } from 'zod';
import { alertSettingsPatch, type AlertSettings } from './alerts.js';
import { brandingPatch, senderPatch, type Branding, type Sender } from './branding.js';
import { channelSwitches } from './preferences.js';
import { ianaZone, lineOfText, locale, regionCode, tenantId, typeName } from './primitives.js';
import { quietHours } from './quiet-hours.js';
import { retrySettingsPatch, type RetrySettings } from './retries.js';
import { limitedChannel, sendsPerSecondPatch, type SendsPerSecond } from './send-limits.js';

const days = z.number().int().min(1).max(3650);

/** The deployment's providers: `true` behind the tenant's own, `false` never; else where the tenant has none. */
export const useDeployment = z.partialRecord(limitedChannel, z.boolean());
export type UseDeployment = z.infer<typeof useDeployment>;

const settings = {
  name: lineOfText(200),
  timezone: ianaZone,
  locale,
  /** Where phone numbers without a country code are dialled; `null`: they need one. */
  region: regionCode.nullable(),
  /** Channels on or off for everyone who has not said otherwise. */
  channelDefaults: channelSwitches,
  /** For people without quiet hours of their own. */
  quietHours: quietHours.nullable(),
  disabledTypes: z.array(typeName).max(500),
  retention: z
    .strictObject({
      /** Days that a read notification is kept: 30 at first. */
      readDays: days,
      /** Days that an unread notification is kept: 365 at first. */
      unreadDays: days,
      /** Days that a delivery stays in the log: 90 at first. */
      deliveryDays: days,
      /** Days that the audit trail tells of a change: 730 at first. */
      auditDays: days,
    })
    .partial(),
  sender: senderPatch,
  branding: brandingPatch,
  /** Where the tenant's application lives: completes links that are only a path. */
  appUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(2048)
    .nullable(),
  limits: z
    .strictObject({
      /** How fast the tenant's notifications go out: what would be faster waits for its turn. */
      sendsPerSecond: sendsPerSecondPatch,
      /** Requests that each API process takes per second; `null`, or more than the deployment allows: as many as that. */
      requestsPerSecond: z.number().int().min(1).max(1_000_000).nullable(),
    })
    .partial(),
  /**
   * Whether a channel may go through the deployment's providers: `true` behind the tenant's own, `false` never. A
   * channel that is not named (`null` takes its name out) does where the tenant has no provider of its own.
   */
  useDeployment: z.partialRecord(limitedChannel, z.boolean().nullable()),
  /** How often, and after which waits, failed deliveries are tried again. */
  retries: retrySettingsPatch,
  /** What its administrators are told of. */
  alerts: alertSettingsPatch,
  /** Whether mails tell that they were opened, and which link was followed. Off at first. */
  tracking: z.strictObject({ opens: z.boolean(), clicks: z.boolean() }).partial(),
};

/** `POST /v1/tenants` */
export const tenantCreate = z.strictObject({
  id: tenantId,
  name: settings.name,
  timezone: settings.timezone.default('UTC'),
  locale: settings.locale.default('en'),
  region: settings.region.default(null),
});

/** `PATCH /v1/tenant`: what is left out stays, inside its objects too, but for `quietHours`. */
export const tenantPatch = z.strictObject(settings).partial();
export type TenantPatch = z.infer<typeof tenantPatch>;

/** A tenant, as stored and as the API shows one. */
export interface Tenant {
  id: string;
  name: string;
  timezone: string;
  locale: string;
  region: string | null;
  channelDefaults: z.infer<typeof channelSwitches>;
  quietHours: z.infer<typeof quietHours> | null;
  disabledTypes: string[];
  retention: Required<z.infer<typeof settings.retention>>;
  limits: { sendsPerSecond: SendsPerSecond; requestsPerSecond?: number };
  sender: Sender;
  branding: Branding;
  appUrl: string | null;
  useDeployment: UseDeployment;
  retries: RetrySettings;
  alerts: AlertSettings;
  tracking: { opens: boolean; clicks: boolean };
  /** Counts the changes of what the tenant sends through: what was read at another count is read anew. */
  credentialsVersion: number;
  /** Counts the changes of its types and templates, in the same way. */
  typesVersion: number;
  createdAt: string;
}

export const apiKeyRoles = ['platform', 'admin', 'manager', 'sender'] as const;
export type ApiKeyRole = (typeof apiKeyRoles)[number];

/** `POST /v1/api-keys` */
export const apiKeyCreate = z.strictObject({
  name: lineOfText(200),
  roles: z
    .array(z.enum(['admin', 'manager', 'sender']))
    .min(1)
    .max(3),
});
