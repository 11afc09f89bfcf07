import { z } from 'zod';
import { channelName } from '../../contracts/channels.js';
import { masked } from '../../contracts/tenant-channels.js';
import type { StoredCredentials } from '../../contracts/credentials.js';
import { readable } from '../../channels/tenant-providers.js';
import type { ApiDependencies } from '../dependencies.js';

/** A tenant's provider, as {@link showCredentials} makes it. */
export const providerView = z.object({
  channel: channelName,
  provider: z.string(),
  /** Every field's name; the value of a secret one is always the same dots. */
  credentials: z.record(z.string(), z.unknown()),
  /** Why the stored credentials cannot be used; null when they can. */
  problem: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** A provider as the API shows it: which fields its credentials have, and the values of those that are no secret. */
export function showCredentials({ channels }: Pick<ApiDependencies, 'channels'>, stored: StoredCredentials) {
  const { channel, provider, createdAt, updatedAt } = stored;
  const { credentials, problem } = readable(channels, stored);
  return {
    channel,
    provider,
    credentials: maskedCredentials({ channels }, stored, credentials),
    problem: problem ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** Every field's name; its value only where the provider says that it may be read back. */
export function maskedCredentials(
  { channels }: Pick<ApiDependencies, 'channels'>,
  { channel, provider }: Pick<StoredCredentials, 'channel' | 'provider'>,
  credentials: unknown,
): Record<string, unknown> {
  if (typeof credentials !== 'object' || credentials === null) return {};
  const sending = channels.find(channel, provider);
  const shown = sending?.delivery === 'sent' ? sending.shown : [];
  return Object.fromEntries(
    Object.entries(credentials)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]: [string, unknown]) => [name, shown.includes(name) ? value : masked]),
  );
}
