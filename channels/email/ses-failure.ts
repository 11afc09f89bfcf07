import type { FailureReason } from '../../contracts/errors.js';
import { ChannelError } from '../channel.js';
import { redactResponse } from '../redaction.js';
import { retryAfterMs } from '../retry-after.js';

interface Row {
  /** The exception's name. */
  name?: RegExp;
  text?: RegExp;
  reason: FailureReason;
  providerDown?: true;
}

/**
 * What SES answers, by the exception's name; the first row that fits decides. Beside SES's own exceptions (API reference
 * of SES v2, "Errors" of SendEmail) stand those that AWS's front answers any service with ("Common Errors").
 */
const refusals: readonly Row[] = [
  {
    name: /^(UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature)/,
    reason: 'auth_error',
  },
  {
    name: /^(AccessDenied|NotAuthorized|ExpiredToken|MissingAuthenticationToken|OptInRequired|RequestExpired)/,
    reason: 'auth_error',
  },
  // For good: AWS does not lift it.
  { name: /^AccountSuspended/, reason: 'auth_error' },
  // The domain of the envelope's sender is set up and not verified; or no configuration set has the name given.
  { name: /^(MailFromDomainNotVerified|NotFound)/, reason: 'auth_error' },
  // Somebody paused the account, or AWS did while it looks into it: until it is resumed nothing goes out.
  { name: /^SendingPaused/, reason: 'provider_error', providerDown: true },
  {
    name: /^(TooManyRequests|LimitExceeded|Throttl|RequestThrottled|RequestLimitExceeded)/,
    reason: 'rate_limited',
  },
  // The sender's identity; in the sandbox the recipient's, which no other account would miss.
  { name: /^MessageRejected/, text: /not verified/i, reason: 'auth_error' },
  {
    name: /^MessageRejected/,
    text: /sending (is )?(paused|disabled)/i,
    reason: 'provider_error',
    providerDown: true,
  },
  { name: /^MessageRejected/, reason: 'content_error' },
  {
    name: /^BadRequest/,
    text: /missing final '@domain'|(illegal|invalid) address|\b(domain|local address|local part) (contains|ends|starts)/i,
    reason: 'invalid_recipient',
  },
  { name: /^(BadRequest|Validation)/, reason: 'content_error' },
];

/** Errors of Node and the SDK before any answer. */
const SILENCE = /^(E[A-Z_]+|UND_ERR_\w+|TimeoutError|NetworkingError)$/;

interface SdkError {
  name?: string;
  code?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { headers?: Record<string, string | undefined> };
}

/**
 * The SDK's error as a {@link ChannelError}. Nothing of it survives but its name and its redacted words.
 * @param ended why the call was ended from outside.
 */
export function sesFailure(
  error: unknown,
  ended: 'deadline' | 'stopped' | undefined,
  secrets: readonly string[],
): ChannelError {
  const { name = '', code = '', message = '', $metadata, $response } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  const cause = new Error([name, code, status].filter(Boolean).join(' '));
  if (ended) {
    return new ChannelError('network_error', {
      cause,
      providerDown: ended === 'deadline',
      providerResponse: `${ended === 'deadline' ? 'no answer in time' : 'stopped before SES had answered'}; the message may have been accepted`,
    });
  }
  if (status === undefined && (SILENCE.test(code) || SILENCE.test(name))) {
    return new ChannelError('network_error', { cause, providerResponse: code || name });
  }
  const row = refusals.find((row) => (row.name?.test(name) ?? true) && (row.text?.test(message) ?? true)) ?? {
    reason: status === undefined ? 'unknown_error' : 'provider_error',
  };
  const isServers = (status ?? 0) >= 500;
  const reason = isServers && row.reason !== 'rate_limited' ? 'provider_error' : row.reason;
  const retryAfter = retryAfterMs($response?.headers?.['retry-after']);
  return new ChannelError(reason, {
    cause,
    providerDown: isServers ? reason === 'provider_error' : (row.providerDown ?? false),
    providerResponse: redactResponse(`${name}: ${message}`, secrets),
    ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
  });
}
