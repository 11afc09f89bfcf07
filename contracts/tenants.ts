import { z } from 'zod';
import { alertSettingsPatch, type AlertSettings } from './alerts.js';
import { channelSwitches } from './preferences.js';
import { ianaZone, lineOfText, locale, tenantId, typeName } from './primitives.js';
import { quietHours } from './quiet-hours.js';
import { limitedChannel, sendsPerSecondPatch, type SendsPerSecond } from './send-limits.js';

const days = z.number().int().min(1).max(3650);

/** The deployment's providers: `true` behind the tenant's own, `false` never; else where the tenant has none. */
export const useDeployment = z.partialRecord(limitedChannel, z.boolean());
export type UseDeployment = z.infer<typeof useDeployment>;

const settings = {
  name: lineOfText(200),
  timezone: ianaZone,
  locale,
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
    })
    .partial(),
  /** How fast the tenant's notifications go out: what would be faster waits for its turn. */
  limits: z.strictObject({ sendsPerSecond: sendsPerSecondPatch }).partial(),
  /**
   * Whether a channel may go through the deployment's providers: `true` behind the tenant's own, `false` never. A
   * channel that is not named (`null` takes its name out) does where the tenant has no provider of its own.
   */
  useDeployment: z.partialRecord(limitedChannel, z.boolean().nullable()),
  /** What its administrators are told of. */
  alerts: alertSettingsPatch,
};

/** `POST /v1/tenants` */
export const tenantCreate = z.strictObject({
  id: tenantId,
  name: settings.name,
  timezone: settings.timezone.default('UTC'),
  locale: settings.locale.default('en'),
});

/** `PATCH /v1/tenant`: what is left out stays, inside `retention`, `limits`, `useDeployment` and `alerts` too. */
export const tenantPatch = z.strictObject(settings).partial();
export type TenantPatch = z.infer<typeof tenantPatch>;

/** A tenant, as stored and as the API shows one. */
export interface Tenant {
  id: string;
  name: string;
  timezone: string;
  locale: string;
  channelDefaults: z.infer<typeof channelSwitches>;
  quietHours: z.infer<typeof quietHours> | null;
  disabledTypes: string[];
  retention: Required<z.infer<typeof settings.retention>>;
  limits: { sendsPerSecond: SendsPerSecond };
  useDeployment: UseDeployment;
  alerts: AlertSettings;
  /** Counts the changes of what the tenant sends through: what was read at another count is read anew. */
  credentialsVersion: number;
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
