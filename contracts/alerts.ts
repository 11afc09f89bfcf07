import { z } from 'zod';
import { externalId } from './primitives.js';
import type { FailureReason } from './errors.js';

/** The built-in type that tells administrators of repeated failures. */
export const DELIVERY_FAILING = 'delivery_failing';

/** When they are told: at so many failed deliveries of one provider within so long. `null`: never. */
const deliveryFailing = z.strictObject({
  /** 20 at first. */
  threshold: z.number().int().min(1).max(1_000_000),
  /** From the first failure on: 60 at first. */
  windowMinutes: z.number().int().min(1).max(10_080),
});

const settings = {
  deliveryFailing: deliveryFailing.nullable(),
  /** People with one of these roles are told: `admin` at first. */
  roles: z.array(externalId).max(20),
  /** And these, by their IDs. */
  recipients: z.array(externalId).max(50),
};

/** What a tenant's administrators are told of, and who they are. */
export const alertSettings = z.strictObject(settings);
export type AlertSettings = z.infer<typeof alertSettings>;

/** What is left out stays. */
export const alertSettingsPatch = alertSettings.partial();

/** What holds for a tenant that has said nothing else. */
export const defaultAlerts: AlertSettings = {
  deliveryFailing: { threshold: 20, windowMinutes: 60 },
  roles: ['admin'],
  recipients: [],
};

/** What is the provider's, or its account's, trouble: a wrong address or a broken template is neither's. */
export const providerFailures: ReadonlySet<FailureReason> = new Set([
  'auth_error',
  'network_error',
  'provider_error',
  'rate_limited',
  'unknown_error',
]);

/** Whether a delivery of this type that failed counts towards the threshold; that of an alert itself does not. */
export function countsAsFailing(type: string, failureReason: FailureReason): boolean {
  return type !== DELIVERY_FAILING && providerFailures.has(failureReason);
}
