import { z } from 'zod';

/** Stands for every value that is not read back: it tells nothing of it, not even its length. */
export const masked = '••••••••';

/** A provider's name, as it stands in paths and in the log. */
export const providerName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'is not the name of a provider such as smtp or twilio');

/** `PUT /v1/tenant/channels/{channel}/providers/{provider}`; what fits is up to the provider. */
export const credentialsBody = z.strictObject({ credentials: z.unknown() });

/** `POST …/verify`: without credentials it tries those that are stored. */
export const verifyBody = z.strictObject({ credentials: z.unknown().optional() });

/** `PUT /v1/tenant/channels/{channel}/order`: every provider that is set up, the first choice first. */
export const providerOrder = z.strictObject({ providers: z.array(providerName).min(1).max(50) });

/** Providers whose callbacks Carillon reads itself, by the name that stands in `/hooks/{tenant}/{provider}`. */
export const hookNames = ['twilio', 'ses', 'slack', 'smtp'] as const;
export type HookName = (typeof hookNames)[number];
