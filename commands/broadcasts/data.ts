import type { Audience, AudienceMember, AudienceSources } from '../../contracts/audience.js';
import type { NotificationType } from '../../contracts/notification-types.js';
import { checkData } from '../trigger/check.js';

type Data = Record<string, unknown>;

/**
 * Checks what each recipient's notification will be made of: the broadcast's data, and over it the recipient's own. Of a
 * draft whose list is to be streamed nothing is known yet: its lines are checked as they come.
 * @throws CarillonError `unprocessable`
 */
export function checkBroadcastData(
  type: NotificationType,
  data: Data,
  named: { sources: AudienceSources; audience: Audience | undefined } | undefined,
): void {
  if (type.variables === null || !named) return;
  const { sources, audience } = named;
  const listed = audience?.recipients ?? [];
  const own = listed.map((one) => ownData(one));
  const others = sources.everyone || sources.roles.length + sources.topics.length > 0;
  if (others || own.length === 0 || own.includes(undefined)) checkData(type, data);
  own.forEach((theirs, at) => {
    if (theirs) checkData(type, { ...data, ...theirs }, `audience.recipients.${at}.data`);
  });
}

/** Checks what one line of a streamed list adds to the broadcast's data. */
export function checkMemberData(type: NotificationType, data: Data, member: AudienceMember): void {
  checkData(type, { ...data, ...ownData(member) });
}

function ownData(member: AudienceMember): Data | undefined {
  return typeof member === 'string' ? undefined : member.data;
}
