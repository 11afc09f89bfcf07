import type { z } from 'zod';
import { isOwnChannel, withOwnChannels } from '../../contracts/channels.js';
import { parsePart } from '../../contracts/parse.js';
import type { ApiDependencies } from '../dependencies.js';

/**
 * Parses what a caller sent: of channels that modules bring, only those that this deployment has.
 * @throws CarillonError `validation_failed` with every path that is wrong.
 */
export function parseRequest<S extends z.ZodType>(
  { channels }: Pick<ApiDependencies, 'channels'>,
  schema: S,
  value: unknown,
): z.output<S> {
  return withOwnChannels(channels.channelNames().filter(isOwnChannel), () => parsePart(schema, value));
}
