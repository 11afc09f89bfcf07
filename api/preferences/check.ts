import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import type { ChannelName } from '../../contracts/channels.js';
import type { NotificationType } from '../../contracts/notification-types.js';
import type { Preferences } from '../../contracts/preferences.js';
import type { Types } from '../../templates/type-registry.js';
import { checkQuietHours } from '../quiet-hours.js';

/**
 * Refuses what a change would say in vain: what the person may not turn off, or have collected, and quiet hours that
 * cannot be meant. What stood there before, since before the type was locked, may stay.
 * @throws CarillonError `unprocessable`, or `validation_failed` for windows that overlap
 */
export function checkPreferences(next: Preferences, before: Preferences, types: Types): Preferences {
  checkQuietHours(next.quietHours);
  const errors = Object.keys(next.types).flatMap((name) => {
    const type = types.find(name);
    return type ? lockedRules(type, next, before) : [];
  });
  const [first] = errors;
  if (first) throw new CarillonError('unprocessable', `${first.path} ${first.message}`, errors);
  return next;
}

function lockedRules(type: NotificationType, next: Preferences, before: Preferences): ErrorItem[] {
  const { name, critical, lockedChannels } = type;
  const rules = next.types[name] ?? {};
  const were = before.types[name] ?? {};
  const { cadence, ...chosenOf } = rules;
  const isLocked = (channel: ChannelName) => critical || lockedChannels.includes(channel);
  const switches = (Object.keys(chosenOf) as ChannelName[])
    .filter((channel) => rules[channel] === false && were[channel] !== false && isLocked(channel))
    .map((channel) => ({ path: `types.${name}.${channel}`, message: 'cannot be turned off' }));
  const chosen = typeof cadence === 'object' ? Object.values(cadence) : [cadence];
  const isCollected = chosen.some((one) => one !== undefined && one !== 'immediate');
  const isNew = JSON.stringify(cadence) !== JSON.stringify(were.cadence);
  if (!critical || !isCollected || !isNew) return switches;
  return [...switches, { path: `types.${name}.cadence`, message: 'must be immediate: it is critical' }];
}
