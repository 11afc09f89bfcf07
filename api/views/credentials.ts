import { masked } from '../../contracts/tenant-channels.js';
import type { StoredCredentials } from '../../contracts/credentials.js';
import { readable } from '../../channels/tenant-providers.js';
import type { ApiDependencies } from '../dependencies.js';

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
