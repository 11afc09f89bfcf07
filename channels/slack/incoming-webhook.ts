import { z } from 'zod';
import type { FailureReason } from '../../contracts/errors.js';
import type { SlackMessage } from '../../contracts/messages.js';
import { lineOfText } from '../../contracts/primitives.js';
import type { CallContext, Receipt, SendContext, SendingChannel } from '../channel.js';
import { echoedWords } from '../echoed.js';
import { call, httpFailure, reasonOfStatus, type HttpAnswer } from '../http-failure.js';
import { slackPost } from './blocks.js';

export interface IncomingWebhookCredentials {
  /** `https://hooks.slack.com/services/T…/B…/…`: whoever knows it may post. */
  url: string;
}

/** Slack's own, and its government cloud's. */
const HOOK = /^https:\/\/hooks\.slack(-gov)?\.com\/services\/[A-Za-z0-9/_-]+$/;

export const incomingWebhookCredentials: z.ZodType<IncomingWebhookCredentials> = z.strictObject({
  url: lineOfText(500).regex(HOOK, 'must be a URL such as https://hooks.slack.com/services/T…/B…/…'),
  signingSecret: lineOfText(200).optional(),
});

/**
 * What the words of an answer mean, where its status does not say as much. A hook leads to one channel, so that a channel
 * that is gone is no person's wrong address: the set-up is wrong, and the tenant's next provider may do better.
 */
const words: Readonly<Record<string, FailureReason>> = {
  user_not_found: 'auth_error',
  channel_not_found: 'auth_error',
  channel_is_archived: 'auth_error',
  action_prohibited: 'auth_error',
  posting_to_general_channel_denied: 'auth_error',
  invalid_token: 'auth_error',
  no_service: 'auth_error',
  no_service_id: 'auth_error',
  no_active_hooks: 'auth_error',
  no_team: 'auth_error',
  team_disabled: 'auth_error',
  rate_limited: 'rate_limited',
  ratelimited: 'rate_limited',
  rollup_error: 'provider_error',
};

/** How a hook that lives answers to `{}`: there is nothing to post. */
const nothingToPost: readonly string[] = [
  'no_text',
  'missing_text_or_fallback_or_attachments',
  'invalid_payload',
];

/** All go to the channel that the hook was made for. */
const TARGET = 'incoming-webhook';

/**
 * Posts to the one channel of an incoming webhook. At least once: Slack takes no key that would tell a repetition.
 * @param options.endpoint in place of `https://hooks.slack.com`; the hook's path follows it.
 */
export function slackIncomingWebhook({ endpoint }: { endpoint?: string } = {}): SendingChannel<
  SlackMessage,
  IncomingWebhookCredentials
> {
  const post = async (
    body: unknown,
    { url }: IncomingWebhookCredentials,
    context: CallContext,
  ): Promise<HttpAnswer> => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
    };
    if (endpoint === undefined) return call(context.network, url, init, context);
    // The deployment's own address, which need not be a public one.
    const proxied = endpoint.replace(/\/$/, '') + new URL(url).pathname;
    return call({ fetch }, proxied, { ...init, redirect: 'manual' }, context);
  };
  return {
    channel: 'slack',
    provider: 'incoming-webhook',
    delivery: 'sent',
    credentials: incomingWebhookCredentials,
    shown: [],
    targetOf: () => TARGET,
    check: (message) => void slackPost(message),
    async verify(credentials, context) {
      const answer = await post({}, credentials, context);
      if (answer.status < 300 || nothingToPost.includes(answer.body.trim())) return;
      throw hookFailure(answer, echoedWords(undefined, [credentials.url]));
    },
    async send(message: SlackMessage, credentials, context: SendContext): Promise<Receipt> {
      const { returnToken } = context;
      let answer = await post(slackPost(message, { returnToken }), credentials, context);
      // Slack refuses the whole message where it cannot fetch the image.
      if (answer.body.startsWith('invalid_blocks') && message.imageUrl !== undefined) {
        answer = await post(slackPost(message, { image: false, returnToken }), credentials, context);
      }
      if (answer.status >= 200 && answer.status < 300) return { providerResponse: String(answer.status) };
      throw hookFailure(answer, echoedWords(message, [credentials.url]));
    },
    close: () => Promise.resolve(),
  };
}

function hookFailure(answer: HttpAnswer, secrets: readonly string[]) {
  const reason = words[answer.body.trim()] ?? reasonOfStatus(answer.status);
  return httpFailure(answer, secrets, reason === 'invalid_recipient' ? 'auth_error' : reason);
}
