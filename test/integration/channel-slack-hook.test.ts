import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { incomingWebhookCredentials, slackIncomingWebhook } from '../../channels/slack/incoming-webhook.js';
import { AddressNotAllowedError } from '../../contracts/network.js';
import { slackMessage } from '../support/chat-messages.js';
import { startFakeHooks, type FakeHooks } from '../support/fake-hooks.js';
import { failureOf, sendContext, visibleText } from '../support/smtp-sending.js';

let hooks: FakeHooks;
let channel: ReturnType<typeof slackIncomingWebhook>;
beforeAll(async () => {
  hooks = await startFakeHooks();
  channel = slackIncomingWebhook({ endpoint: hooks.url });
});
afterAll(() => hooks.close());
beforeEach(() => {
  hooks.behave();
  hooks.slack.length = 0;
  hooks.requests.length = 0;
});

const credentials = (url = hooks.slackHook) => incomingWebhookCredentials.parse({ url });
const send = (changes = {}) => channel.send(slackMessage(changes), credentials(), sendContext());

describe('a message to an incoming webhook', () => {
  it('arrives with its blocks', async () => {
    await send();
    expect(hooks.slack).toMatchObject([{ blocks: [{ type: 'section' }, { type: 'actions' }] }]);
  });

  it('goes without its image where Slack refuses that', async () => {
    hooks.behave({ status: 400, body: 'invalid_blocks' });
    await send({ imageUrl: 'https://app.example/gone.png' });
    expect(hooks.slack[0]?.blocks.map(({ type }) => type)).toEqual(['section', 'actions']);
  });

  it('goes out through the network that it is given, unless the deployment names an endpoint', async () => {
    const called: string[] = [];
    const network = {
      fetch: (url: string) => {
        called.push(url);
        return Promise.resolve(new Response('ok'));
      },
      resolve: (host: string) => Promise.resolve(host),
    };
    await slackIncomingWebhook().send(slackMessage(), credentials(), sendContext({ network }));
    expect(called).toEqual([hooks.slackHook]);
  });

  it('is a wrong set-up where that network refuses', async () => {
    const network = {
      fetch: () => Promise.reject(new AddressNotAllowedError('hooks.slack.com')),
      resolve: (host: string) => Promise.resolve(host),
    };
    const sending = slackIncomingWebhook().send(slackMessage(), credentials(), sendContext({ network }));
    expect((await failureOf(sending)).reason).toBe('auth_error');
  });

  it.each([
    [400, 'invalid_payload', 'content_error'],
    [400, 'invalid_blocks', 'content_error'],
    [400, 'no_text', 'content_error'],
    [400, 'too_many_attachments', 'content_error'],
    [400, 'user_not_found', 'auth_error'],
    [403, 'action_prohibited', 'auth_error'],
    [403, 'invalid_token', 'auth_error'],
    [404, 'channel_not_found', 'auth_error'],
    [404, 'no_service', 'auth_error'],
    [404, 'no_active_hooks', 'auth_error'],
    [404, 'no_team', 'auth_error'],
    [410, 'channel_is_archived', 'auth_error'],
    [302, '', 'auth_error'],
    [429, 'rate_limited', 'rate_limited'],
    [500, 'rollup_error', 'provider_error'],
    [503, '', 'provider_error'],
  ])('that is answered %d %s fails with the reason it has', async (status, body, reason) => {
    hooks.behave({ status, body, headers: { 'retry-after': '7' } });
    const failure = await failureOf(send());
    expect(failure).toMatchObject({ reason, retryAfterMs: 7000, providerDown: status >= 500 });
    expect(failure.providerResponse).toContain(String(status));
  });

  it('is a network error where nobody answers', async () => {
    hooks.behave('drop');
    expect(await failureOf(send())).toMatchObject({ reason: 'network_error', providerDown: true });
  });

  it('ends with its signal', async () => {
    const end = new AbortController();
    hooks.behave('hang');
    const arrived = hooks.nextRequest();
    const failing = failureOf(
      channel.send(slackMessage(), credentials(), sendContext({ signal: end.signal })),
    );
    await arrived;
    end.abort();
    expect(await failing).toMatchObject({ reason: 'network_error', providerDown: false });
  });

  it('says nothing of the URL or of the text in its failure', async () => {
    hooks.behave({ status: 500, body: `cannot post ${hooks.slackHook} Please look at contract 7.` });
    expect(visibleText(await failureOf(send({ text: 'Please look at contract 7.' })))).not.toMatch(
      /SECRET|contract 7/,
    );
  });
});

describe('verifying an incoming webhook', () => {
  it('posts nothing, and is told so', async () => {
    await channel.verify(credentials(), sendContext());
    expect(hooks.slack).toEqual([]);
    expect(hooks.requests).toMatchObject([{ method: 'POST', body: '{}' }]);
  });

  it('says that the hook is gone', async () => {
    const gone = credentials('https://hooks.slack.com/services/T01/B01/other');
    expect(await failureOf(channel.verify(gone, sendContext()))).toMatchObject({
      reason: 'auth_error',
      providerResponse: '404 no_service',
    });
  });

  it('is no proof where Slack has trouble of its own', async () => {
    hooks.behave({ status: 503 });
    expect((await failureOf(channel.verify(credentials(), sendContext()))).reason).toBe('provider_error');
  });
});
