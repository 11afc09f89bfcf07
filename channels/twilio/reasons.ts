import type { FailureReason } from '../../contracts/errors.js';
import type { SuppressionReason } from '../../contracts/suppressions.js';

export interface TwilioVerdict {
  reason: FailureReason;
  /** Twilio as a whole cannot be used now, as opposed to it refusing this message. */
  providerDown: boolean;
  /** The person does not want to be written to. */
  suppress?: SuppressionReason;
}

/**
 * Codes by what they mean. Each is explained at https://www.twilio.com/docs/api/errors/{code}; those from 30000 on come
 * with a message that was accepted, mostly in a status callback. What another sender, number or permission of the
 * account would mend is `auth_error`: somebody has to set it up, no later attempt helps, and another provider may.
 */
const codes: Readonly<Partial<Record<FailureReason, readonly number[]>>> = {
  auth_error: [
    // Account not active or without the feature; wrong credentials, test credentials, a foreign account.
    10001, 10002, 20003, 20005, 20006, 20008, 20010, 20403, 20404,
    // No permission for the region of the addressee.
    21408,
    // A sender that is missing, foreign, or cannot reach this addressee; a callback URL that is refused.
    21210, 21212, 21603, 21606, 21607, 21609, 21612, 21616, 21657, 21659, 21660, 21661, 14108,
    // A messaging service that is not there, or has no sender for this addressee.
    21701, 21702, 21703, 21704, 21705, 21708, 21709, 21711,
    // Account suspended; a sender that a carrier wants registered first.
    30002, 30018, 30024, 30032, 30033, 30034, 30035,
    // WhatsApp: sender or business account not set up.
    63001, 63002, 63007, 63008, 63020, 63022, 63051,
  ],
  invalid_recipient: [
    // Not a number; not a mobile one; one that a trial account may not write to.
    14111, 21202, 21211, 21214, 21217, 21219, 21401, 21407, 21421, 21604, 21608, 21614, 21635,
    // Opted out.
    21610,
    // Blocked by the carrier; unknown; a landline. A handset that is switched off (30003) may come back.
    30004, 30005, 30006,
    // WhatsApp: nobody there; blocked by the person; not in the sandbox; an experiment; the sender itself.
    63003, 63014, 63015, 63024, 63031, 63032, 63033,
  ],
  content_error: [
    // Empty, too long, or with media or template variables that do not fit.
    21602, 21605, 21617, 21618, 21619, 21620, 21621, 21622, 21623, 21654, 21655, 21656, 21658,
    // Filtered as spam; too large for the carrier; dearer than allowed.
    30007, 30010, 30011, 30019,
    // WhatsApp: refused content or policy; outside the 24 hours in which free text may be sent; templates.
    63005, 63006, 63013, 63016, 63019, 63021, 63026, 63027, 63028, 63030, 63034, 63040, 63041, 63042,
  ],
  rate_limited: [
    // Calls at once; messages queued by one sender or between two numbers.
    14107, 20429, 21611,
    // Of a carrier's campaign or brand.
    30022, 30023, 30027,
    // WhatsApp: of the channel, of the sender, of the day.
    63017, 63018, 63038,
  ],
  provider_error: [
    20500, 20503,
    // Queue overflow; handset out of reach; unknown; a network that is busy or silent; a number blocked for a while.
    30001,
    30003, 30008, 30017, 30020, 30021, 30410, 30450,
    // WhatsApp: an internal error of the channel's or of Twilio's.
    63009, 63010, 63011, 63012, 63023, 63036,
  ],
};

const reasonOfCode: ReadonlyMap<number, FailureReason> = new Map(
  Object.entries(codes).flatMap(([reason, ofReason]) =>
    ofReason.map((code) => [code, reason as FailureReason] as const),
  ),
);

/** The person said STOP, or blocked the sender on WhatsApp. */
const optedOut: readonly number[] = [21610, 63014, 63033];

/**
 * What a failure means.
 * @param code Twilio's, of an answer or of a status callback; undefined where it gave none.
 * @param status of the HTTP answer; absent for a callback.
 */
export function twilioVerdict(code: number | undefined, status?: number): TwilioVerdict {
  const reason =
    (code === undefined ? undefined : (reasonOfCode.get(code) ?? reasonOfRange(code))) ??
    reasonOfStatus(status);
  return {
    reason,
    providerDown: reason === 'provider_error' && status !== undefined && status >= 500,
    ...(code !== undefined && optedOut.includes(code) ? { suppress: 'opted_out' as const } : {}),
  };
}

/** Codes of carriers and channels are added all the time. */
function reasonOfRange(code: number): FailureReason | undefined {
  const isOfCarrier = code >= 30_000 && code < 31_000;
  const isOfChannel = code >= 63_000 && code < 64_000;
  return isOfCarrier || isOfChannel ? 'provider_error' : undefined;
}

function reasonOfStatus(status: number | undefined): FailureReason {
  if (status === undefined) return 'unknown_error';
  if (status === 401 || status === 403) return 'auth_error';
  if (status === 429) return 'rate_limited';
  // A redirect, an error of the server's, a success that is none: nothing that is wrong with the message.
  if (status < 400 || status >= 500) return 'provider_error';
  return 'unknown_error';
}
