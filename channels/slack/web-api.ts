import type { Logger, LogLevel, WebClient } from '@slack/web-api';
import { ChannelError, type CallContext } from '../channel.js';
import { readAnswer, retryAfterIn } from '../http-failure.js';

/** Slack counts most of its limits by the minute; this is waited where it does not say how long. */
const DEFAULT_RETRY_AFTER_MS = 60_000;

/** The SDK writes to the console unless told otherwise, at `debug` with addresses and texts. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as LogLevel,
  setName: () => undefined,
};

/**
 * Slack's own client, for one call or some that belong together: it ends with the context's signal. Nothing is repeated
 * and nothing queues within it, since when to try again is decided above.
 * @param endpoint in place of `https://slack.com/api/`.
 */
export async function slackClient(
  token: string,
  { signal }: Pick<CallContext, 'signal'>,
  endpoint: string | undefined,
): Promise<WebClient> {
  const { WebClient } = await import('@slack/web-api');
  return new WebClient(token, {
    ...(endpoint === undefined ? {} : { slackApiUrl: endpoint }),
    allowAbsoluteUrls: false,
    logger: silent,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    fetch: async (url, init) => refuseRateLimited(await fetch(url, { ...init, signal })),
  });
}

/** Before the SDK looks: it keeps neither a limit without a number of seconds nor what Slack said of it. */
async function refuseRateLimited(response: Response): Promise<Response> {
  if (response.status !== 429) return response;
  await readAnswer(response);
  throw new ChannelError('rate_limited', {
    retryAfterMs: retryAfterIn(response.headers) ?? DEFAULT_RETRY_AFTER_MS,
    providerResponse: '429 ratelimited',
  });
}
