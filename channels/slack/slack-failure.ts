import type { CallContext } from '../channel.js';
import { ChannelError } from '../channel.js';
import { callFailure, httpFailure } from '../http-failure.js';
import { redactResponse } from '../redaction.js';
import { classifySlackError } from './slack-reasons.js';

/** The SDK's errors by their code, as far as they are read. Classes are not compared: the SDK is loaded late. */
type SdkError =
  | { code: 'slack_webapi_platform_error'; data: PlatformAnswer }
  | { code: 'slack_webapi_http_error'; statusCode: number; headers: Record<string, string>; body?: unknown }
  | { code: 'slack_webapi_request_error'; original: unknown }
  | { code?: undefined };

interface PlatformAnswer {
  error: string;
  /** The scope that was needed, with `missing_scope`. */
  needed?: string;
  response_metadata?: { messages?: readonly string[]; retryAfter?: number };
}

/**
 * What the SDK threw as a {@link ChannelError}; of its errors nothing goes on but Slack's own words, redacted.
 * @param secrets words that Slack might echo.
 */
export function slackFailure(
  error: unknown,
  context: Pick<CallContext, 'signal'>,
  secrets: readonly string[],
): ChannelError {
  if (error instanceof ChannelError) return error;
  const known = error as SdkError;
  switch (known.code) {
    case 'slack_webapi_platform_error':
      return platformFailure(known.data, secrets);
    case 'slack_webapi_http_error': {
      const { statusCode, headers, body } = known;
      const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
      // The API has answers of its own for all that is wrong with a call; a bare status comes from before it.
      const reason = statusCode >= 400 && statusCode !== 429 ? 'provider_error' : undefined;
      return httpFailure({ status: statusCode, headers: new Headers(headers), body: text }, secrets, reason);
    }
    case 'slack_webapi_request_error':
      return callFailure(known.original, context);
    case undefined:
    // Thrown while the answer was read: it broke off, or the call was ended.
    default:
      return callFailure(error, context);
  }
}

/** The name of Slack's error, where it is one. */
export function slackErrorOf(error: unknown): string | undefined {
  const known = error as SdkError;
  return known.code === 'slack_webapi_platform_error' ? known.data.error : undefined;
}

function platformFailure(answer: PlatformAnswer, secrets: readonly string[]): ChannelError {
  const { error, needed, response_metadata: { messages = [], retryAfter } = {} } = answer;
  const said = [error, ...(needed === undefined ? [] : [`needed: ${needed}`]), ...messages].join('; ');
  return new ChannelError(...verdict(error, retryAfter, redactResponse(said, secrets)));
}

function verdict(
  error: string,
  retryAfter: number | undefined,
  providerResponse: string,
): ConstructorParameters<typeof ChannelError> {
  const { reason, providerDown } = classifySlackError(error);
  const retryAfterMs = retryAfter === undefined ? undefined : retryAfter * 1000;
  return [reason, { providerDown, providerResponse, retryAfterMs }];
}
