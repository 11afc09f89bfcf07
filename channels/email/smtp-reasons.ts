import type { FailureReason } from '../../contracts/errors.js';
import type { SuppressionReason } from '../../contracts/suppressions.js';

/** Where in the session the server said no. `message`: to DATA, or after the whole message had been sent. */
export type SmtpStage = 'connect' | 'auth' | 'sender' | 'recipient' | 'message';

export interface SmtpVerdict {
  reason: FailureReason;
  /** The server as a whole cannot be used now, as opposed to it refusing this message. */
  providerDown: boolean;
  /** When the server named a time. */
  retryAfterMs?: number;
  /** The server says that there is no such mailbox, and that none will be. */
  suppress?: SuppressionReason;
}

interface Row {
  /** Enhanced status code (RFC 3463, IANA's registry). */
  status?: RegExp;
  /** Basic reply code (RFC 5321 section 4.2.3). */
  code?: RegExp;
  text?: RegExp;
  stage?: SmtpStage;
  reason: FailureReason;
}

const SENDING_LIMIT = /throttl|sending (rate|limit|quota)|(daily|hourly) .{0,30}(quota|limit)|message quota/i;
const RATE = /too (many|quickly|fast)|\brate\b|rate[- ]limit|limit exceeded|slow down|concurren/i;
const GREYLISTING = /gr[ea]y-?list/i;
const NO_RELAY =
  /relay(ing)?( access)? (is )?(denied|not (allowed|permitted)|prohibited)|(unable|not permitted) to relay/i;

/**
 * The first row that fits decides. Enhanced status codes are read before basic codes, as they say more; ahead of both
 * stand the few replies whose meaning no status code settles, since servers pair them with all sorts of statuses.
 */
const refusals: readonly Row[] = [
  // RFC 4954 section 6, and RFC 3207's 530 for a missing STARTTLS: somebody has to change the credentials.
  { code: /^53[0458]$/, reason: 'auth_error' },
  { code: /^5/, stage: 'auth', reason: 'auth_error' },
  { code: /^5/, text: NO_RELAY, reason: 'auth_error' },
  // Some send even a spent allowance with a 5xx (Gmail: 550 5.4.5); final it is not.
  { text: SENDING_LIMIT, reason: 'rate_limited' },
  { status: /^5\.4\.5$/, reason: 'rate_limited' },

  { code: /^4/, text: GREYLISTING, reason: 'provider_error' },
  { code: /^4/, text: RATE, reason: 'rate_limited' },
  // RFC 4954: 454 4.7.0 is an authentication service that is out of order, not a limit.
  { code: /^4/, stage: 'auth', reason: 'provider_error' },
  { status: /^4\.7\./, reason: 'rate_limited' },
  // RFC 5321 section 3.1: a server that greets with 5xx serves nobody, so the message is not to blame.
  { stage: 'connect', reason: 'provider_error' },
  { code: /^4/, reason: 'provider_error' },
  { status: /^4\./, reason: 'provider_error' },

  // A session out of step, not a message refused: it may pass on a new connection.
  { code: /^503$/, reason: 'provider_error' },
  { status: /^5\.1\./, stage: 'sender', reason: 'content_error' },
  { status: /^5\.1\.[78]$/, reason: 'content_error' },
  { status: /^5\.1\./, reason: 'invalid_recipient' },
  // A full mailbox may be emptied, and is no reason never to write to the person again.
  { status: /^5\.2\.2$/, reason: 'provider_error' },
  { status: /^5\.2\.3$/, reason: 'content_error' },
  { status: /^5\.2\./, reason: 'invalid_recipient' },
  { status: /^5\.3\.[34]$/, reason: 'content_error' },
  { status: /^5\.3\./, reason: 'provider_error' },
  // No route or no such domain; Microsoft 365 gives 5.4.1 for a mailbox that does not exist.
  { status: /^5\.4\./, stage: 'recipient', reason: 'invalid_recipient' },
  { status: /^5\.4\./, reason: 'provider_error' },
  { status: /^5\.5\.[24]$/, stage: 'recipient', reason: 'invalid_recipient' },
  { status: /^5\.5\./, stage: 'message', reason: 'content_error' },
  { status: /^5\.5\./, reason: 'provider_error' },
  // RFC 6531: an address outside ASCII that this server cannot take.
  { status: /^5\.6\.[79]$/, reason: 'invalid_recipient' },
  { status: /^5\.6\./, reason: 'content_error' },
  { status: /^5\.7\.(3|8|9|1[1-4]|57|139)$/, reason: 'auth_error' },
  { status: /^5\.7\./, reason: 'content_error' },

  { code: /^5(50|51|53|01|56)$/, stage: 'recipient', reason: 'invalid_recipient' },
  // Without a status, 552 to a recipient is the mailbox that is full.
  { code: /^552$/, stage: 'recipient', reason: 'provider_error' },
  { code: /^55[24]$/, reason: 'content_error' },
  { code: /^5/, stage: 'message', reason: 'content_error' },
  { code: /^5(50|51|53|01|55)$/, stage: 'sender', reason: 'content_error' },
  // What is left is a quarrel about the protocol (500, 502, 504), which a later attempt costs little to try again.
  { reason: 'provider_error' },
];

/**
 * Statuses that say of a mailbox that it does not exist: 5.1.1 (no such mailbox) and 5.1.6 (moved, and no address to
 * forward to) of RFC 3463, and 5.1.10 of RFC 7505 (the domain's owner declares that it takes no mail). Not 5.1.2 and
 * 5.4.x, which tell what this server's DNS found just now; 5.1.0 and 5.1.3, which blame what was typed or nothing in
 * particular; 5.2.x, a mailbox that is there and full or closed; nor 5.7.x, which is policy.
 */
const NO_MAILBOX = /^5\.1\.(1|6|10)$/;
/** Some servers dress their blocklists as an unknown user. */
const POLICY = /\b(spam|block(ed|list|listed)?|blacklist(ed)?|polic(y|ies)|reputation|dnsbl|rbl|banned)\b/i;

/** Whether a reply is about who sends, or what, rather than about the mailbox. */
export function isPolicy(response: string): boolean {
  return POLICY.test(response);
}

/** What a refusal means. `response` is the whole reply, e.g. `550-5.1.1 No such\n550 5.1.1 user`. */
export function classifyReply(response: string, stage: SmtpStage): SmtpVerdict {
  const code = response.slice(0, 3);
  const status = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? '';
  const row = refusals.find(
    (row) =>
      (row.stage ?? stage) === stage &&
      (row.code?.test(code) ?? true) &&
      (row.status?.test(status) ?? true) &&
      (row.text?.test(response) ?? true),
  );
  const reason = row?.reason ?? 'provider_error';
  const retryAfterMs = code.startsWith('4') ? retryAfterIn(response) : undefined;
  return {
    reason,
    // RFC 5321: 421 ends the service for everyone; RFC 3463: X.3.2 is a system that accepts no messages.
    providerDown:
      reason === 'provider_error' && (stage === 'connect' || code === '421' || /\.3\.2$/.test(status)),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(reason === 'invalid_recipient' && NO_MAILBOX.test(status) && !isPolicy(response)
      ? { suppress: 'bounced' as const }
      : {}),
  };
}

/**
 * What failed without a word from the server, by nodemailer's code. A certificate that does not pass comes as
 * `ESOCKET` or `ETLS` and counts as network: nothing is wrong with message or login, nothing was sent in the clear,
 * and a server that renews its certificate gets what was parked meanwhile.
 */
const silence: Readonly<Record<string, FailureReason>> = {
  ECONNECTION: 'network_error',
  ETIMEDOUT: 'network_error',
  ESOCKET: 'network_error',
  EDNS: 'network_error',
  ETLS: 'network_error',
  EREQUIRETLS: 'network_error',
  EPROXY: 'network_error',
  EPROTOCOL: 'provider_error',
  EAUTH: 'auth_error',
  ENOAUTH: 'auth_error',
  EOAUTH2: 'auth_error',
  EENVELOPE: 'invalid_recipient',
  EMAXRECIPIENTS: 'invalid_recipient',
  EMESSAGE: 'content_error',
  ESTREAM: 'content_error',
  EFILEACCESS: 'content_error',
  EURLACCESS: 'content_error',
};

/** What a failure without a reply means, by nodemailer's code. */
export function classifySilence(code: string | undefined): SmtpVerdict {
  const reason = silence[code ?? ''] ?? 'unknown_error';
  return { reason, providerDown: reason === 'network_error' || reason === 'provider_error' };
}

const SECOND_MS = 1000;
const LONGEST_RETRY_AFTER_MS = 24 * 3600 * SECOND_MS;
const IN_UNITS =
  /\b(?:in|after|for|within)\s+(\d{1,6})\s*(s|m|h)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?)?\b/i;
const ON_A_CLOCK = /\b(?:in|after|for)\s+(?:(\d{1,2}):)?(\d{1,2}):(\d{2})\b/i;

/** `try again in 300 seconds`, `Greylisted for 5 minutes`, `come back in 00:05:00`: milliseconds, a day at most. */
function retryAfterIn(response: string): number | undefined {
  const [, amount, unit] = IN_UNITS.exec(response) ?? [];
  const [, hours = '0', minutes, seconds] = ON_A_CLOCK.exec(response) ?? [];
  const inSeconds =
    amount && unit
      ? Number(amount) * { s: 1, m: 60, h: 3600 }[unit.toLowerCase() as 's' | 'm' | 'h']
      : minutes && seconds
        ? Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
        : undefined;
  return inSeconds === undefined ? undefined : Math.min(inSeconds * SECOND_MS, LONGEST_RETRY_AFTER_MS);
}
