import type { WebClient } from '@slack/web-api';
import type { SlackMessage } from '../../contracts/messages.js';
import { emailAddress } from '../../contracts/primitives.js';
import {
  ChannelError,
  type CallContext,
  type Receipt,
  type SendContext,
  type SendingChannel,
} from '../channel.js';
import { echoedWords } from '../echoed.js';
import { slackPost } from './blocks.js';
import { neededScopes, slackCredentials, type SlackCredentials } from './slack-credentials.js';
import { slackErrorOf, slackFailure } from './slack-failure.js';
import { UserIds } from './user-ids.js';
import { slackClient } from './web-api.js';

/**
 * Direct messages and channel posts by a bot. At least once: Slack takes no key that would tell a repetition.
 * @param options.endpoint where the Web API is, in place of `https://slack.com/api/`.
 */
export function slackChannel({ endpoint }: { endpoint?: string } = {}): SendingChannel<
  SlackMessage,
  SlackCredentials
> {
  const userIds = new UserIds();
  return {
    channel: 'slack',
    provider: 'slack',
    delivery: 'sent',
    credentials: slackCredentials,
    shown: ['channel', 'lookupByEmail'],
    targetOf: ({ slackUserId, email }, { channel, lookupByEmail }) =>
      slackUserId ?? (lookupByEmail ? email : undefined) ?? channel,
    check: (message) => void slackPost(message),
    verify: (credentials, context) => verify(credentials, context, endpoint),
    send: async (message, credentials, context) => {
      const client = await slackClient(credentials.token, context, endpoint);
      return send(client, userIds, message, credentials, context);
    },
    retract: async (providerMessageId, credentials, context) => {
      const client = await slackClient(credentials.token, context, endpoint);
      await retract(client, providerMessageId, credentials, context);
    },
    close: () => Promise.resolve(),
  };
}

async function send(
  client: WebClient,
  userIds: UserIds,
  message: SlackMessage,
  { token }: SlackCredentials,
  context: SendContext,
): Promise<Receipt> {
  const { to } = message;
  const { tenantId } = context;
  try {
    const channel = await destination(client, userIds, to, token, tenantId);
    const posted = await postOnce(client, channel, message, context.returnToken);
    return { providerMessageId: `${posted.channel}:${posted.ts}`, providerResponse: 'ok' };
  } catch (error) {
    const failure = slackFailure(error, context, [to, token, ...echoedWords(message, [])]);
    // The account that was found may be gone since.
    if (failure.reason === 'invalid_recipient') userIds.forget(tenantId, token, to);
    throw failure;
  }
}

/** An address is looked up; all else is what Slack itself calls a person or a channel. */
async function destination(
  client: WebClient,
  userIds: UserIds,
  to: string,
  token: string,
  tenantId: string,
): Promise<string> {
  if (!emailAddress.safeParse(to).success) return to;
  const known = userIds.get(tenantId, token, to);
  if (known !== undefined) return known;
  const { user } = await client.users.lookupByEmail({ email: to });
  if (user?.id === undefined) {
    throw new ChannelError('provider_error', { providerResponse: 'users.lookupByEmail answered no user' });
  }
  userIds.set(tenantId, token, to, user.id);
  return user.id;
}

/**
 * Slack refuses the whole message where it cannot fetch the image, so it then goes without one: what is to be said does
 * not depend on it.
 */
async function postOnce(
  client: WebClient,
  channel: string,
  message: SlackMessage,
  returnToken: string | undefined,
): Promise<{ channel?: string; ts?: string }> {
  try {
    return await client.chat.postMessage({ channel, ...slackPost(message, { returnToken }) });
  } catch (error) {
    if (message.imageUrl === undefined || slackErrorOf(error) !== 'invalid_blocks') throw error;
    return client.chat.postMessage({ channel, ...slackPost(message, { image: false, returnToken }) });
  }
}

async function retract(
  client: WebClient,
  providerMessageId: string,
  { token }: SlackCredentials,
  context: CallContext,
): Promise<void> {
  const [channel = '', ts = ''] = providerMessageId.split(':');
  try {
    await client.chat.delete({ channel, ts });
  } catch (error) {
    if (slackErrorOf(error) === 'message_not_found') return;
    throw slackFailure(error, context, [token, channel]);
  }
}

/** Whose token it is, and which scopes it lacks: Slack names those that it has in a header of every answer. */
async function verify(
  credentials: SlackCredentials,
  context: CallContext,
  endpoint: string | undefined,
): Promise<void> {
  const client = await slackClient(credentials.token, context, endpoint);
  let scopes: readonly string[] | undefined;
  try {
    const answer = await client.auth.test();
    scopes = answer.response_metadata?.scopes;
  } catch (error) {
    throw slackFailure(error, context, [credentials.token]);
  }
  const missing = neededScopes(credentials).filter((scope) => scopes && !scopes.includes(scope));
  if (missing.length > 0) {
    throw new ChannelError('auth_error', { providerResponse: `missing scopes: ${missing.join(', ')}` });
  }
}
