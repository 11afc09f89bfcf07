import { canDigest } from '../../contracts/cadences.js';
import type { ChannelName } from '../../contracts/channels.js';
import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import {
  ownType,
  supports,
  typeOverride,
  type NotificationType,
  type StoredType,
  type TypeSettings,
} from '../../contracts/notification-types.js';
import { schemaErrors } from '../../templates/check-data.js';
import { parsePart } from '../../contracts/parse.js';

/** Types of its own that a tenant may have, and changes of others, together. */
export const MAX_TYPES = 300;

/**
 * What to store so that a type becomes as the body says: changes where somebody else made it, else a whole type.
 * @param made the type as its maker has it; undefined where it is the caller's own, or new.
 * @throws CarillonError `validation_failed` where the body is not such a type, or no such changes; `unprocessable`
 * where what comes of it is at odds with itself, or its schema is no JSON Schema.
 */
export function changeOf(
  name: string,
  made: NotificationType | undefined,
  body: TypeSettings,
): Pick<StoredType, 'own' | 'override'> & { type: NotificationType } {
  const override = made && parsePart(typeOverride, body);
  const own = made ? undefined : parsePart(ownType, body);
  const said = Object.fromEntries(Object.entries(override ?? {}).filter(([, value]) => value !== undefined));
  const type = { name, ...(made ?? {}), ...said, ...own } as NotificationType;
  refuse(problemsOf(type));
  return { own, override, type };
}

function problemsOf(type: NotificationType): ErrorItem[] {
  const { supportedChannels, variables, cadence } = type;
  const unsupported = (path: string, channels: readonly ChannelName[]): ErrorItem[] =>
    channels.flatMap((channel, at) =>
      supports(type, channel)
        ? []
        : [{ path: `${path}.${at}`, message: `"${channel}" is not one of the supportedChannels` }],
    );
  const escalated = type.escalation.map(({ channel }) => channel);
  return [
    ...unsupported('defaultChannels', type.defaultChannels),
    ...unsupported('lockedChannels', type.lockedChannels),
    ...unsupported('escalation', escalated).map((item) => ({ ...item, path: `${item.path}.channel` })),
    ...(cadence !== 'immediate' && !supportedChannels.some(canDigest)
      ? [{ path: 'cadence', message: `must be immediate, as nothing is collected on its channels` }]
      : []),
    ...(cadence !== 'immediate' && type.critical
      ? [{ path: 'cadence', message: 'must be immediate, as what is critical is never collected' }]
      : []),
    ...(variables === null ? [] : schemaErrors(variables)).map(({ path, message }) => ({
      path: path === '' ? 'variables' : `variables.${path}`,
      message,
    })),
  ];
}

function refuse(errors: ErrorItem[]): void {
  const [first] = errors;
  if (first) throw new CarillonError('unprocessable', `${first.path}: ${first.message}`, errors.slice(0, 50));
}
