import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { slackChannel } from '../../channels/slack/slack.js';
import { slackCredentials } from '../../channels/slack/slack-credentials.js';
import type { FailureReason } from '../../contracts/errors.js';
import { slackMessage } from '../support/chat-messages.js';
import type { FakeAnswer } from '../support/fake-http.js';
import { startFakeSlack, type FakeSlack } from '../support/fake-slack.js';
import { failureOf, sendContext, visibleText } from '../support/smtp-sending.js';

let slack: FakeSlack;
let channel: ReturnType<typeof slackChannel>;
beforeAll(async () => {
  slack = await startFakeSlack();
});
afterAll(() => slack.close());
beforeEach(() => {
  channel = slackChannel({ endpoint: slack.endpoint });
  slack.behave();
  slack.requests.length = 0;
  slack.posted.length = 0;
  slack.scopes = ['chat:write', 'users:read', 'users:read.email'];
});

const credentials = (changes: object = {}) => slackCredentials.parse({ token: slack.token, ...changes });
const answered = (error: string, more: object = {}): FakeAnswer => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ ok: false, error, ...more }),
});
const lookups = () => slack.requests.filter(({ url }) => url.pathname.endsWith('lookupByEmail')).length;

describe('a message to Slack', () => {
  it('reaches a person by ID, and says which message it became', async () => {
    const receipt = await channel.send(slackMessage(), credentials(), sendContext());
    expect(receipt.providerMessageId).toBe(`D01ANN:${slack.posted[0]?.ts}`);
    expect(slack.posted).toMatchObject([
      { channel: 'D01ANN', blocks: [{ type: 'section' }, { type: 'actions' }] },
    ]);
  });

  it.each(['#alerts', 'C01ALERTS'])('reaches the channel %s', async (to) => {
    await channel.send(slackMessage({ to }), credentials(), sendContext());
    expect(slack.posted).toMatchObject([{ channel: 'C01ALERTS' }]);
  });

  it('finds a person by address, and asks once', async () => {
    for (const to of ['ann@example.com', 'Ann@example.com']) {
      await channel.send(slackMessage({ to }), credentials(), sendContext());
    }
    expect(slack.posted).toMatchObject([{ channel: 'D01ANN' }, { channel: 'D01ANN' }]);
    expect(lookups()).toBe(1);
  });

  it('asks again for another tenant: its workspace may know the address as somebody else', async () => {
    for (const tenantId of ['acme', 'other']) {
      await channel.send(slackMessage({ to: 'ann@example.com' }), credentials(), sendContext({ tenantId }));
    }
    expect(lookups()).toBe(2);
  });

  it('asks again once the account that was found is gone', async () => {
    const send = () => channel.send(slackMessage({ to: 'ann@example.com' }), credentials(), sendContext());
    await send();
    slack.behave(answered('user_not_found'));
    expect((await failureOf(send())).reason).toBe('invalid_recipient');
    await send();
    expect(lookups()).toBe(2);
  });

  it('goes without its image where Slack cannot fetch that', async () => {
    const message = slackMessage({ imageUrl: 'https://app.example/gone.png' });
    await channel.send(message, credentials(), sendContext());
    expect(slack.posted[0]?.blocks.map(({ type }) => type)).toEqual(['section', 'actions']);
    slack.images.add('https://app.example/gone.png');
    await channel.send(message, credentials(), sendContext());
    expect(slack.posted[1]?.blocks.map(({ type }) => type)).toEqual(['section', 'image', 'actions']);
  });

  it('is taken back, also where it is gone already', async () => {
    const receipt = await channel.send(slackMessage(), credentials(), sendContext());
    const id = receipt.providerMessageId ?? '';
    await channel.retract?.(id, credentials(), sendContext());
    expect(slack.posted).toEqual([]);
    await channel.retract?.(id, credentials(), sendContext());
  });

  it('that cannot be taken back says why', async () => {
    slack.behave(answered('cant_delete_message'));
    const failure = await failureOf(Promise.resolve(channel.retract?.('D1:1', credentials(), sendContext())));
    expect(failure).toMatchObject({ reason: 'auth_error', providerResponse: 'cant_delete_message' });
  });
});

const errors: Readonly<Record<string, readonly string[]>> = {
  auth_error: [
    'not_authed',
    'invalid_auth',
    'token_revoked',
    'token_expired',
    'account_inactive',
    'ekm_access_denied',
  ],
  invalid_recipient: [
    'channel_not_found',
    'user_not_found',
    'users_not_found',
    'is_archived',
    'not_in_channel',
    'restricted_action_read_only_channel',
  ],
  content_error: ['msg_too_long', 'invalid_blocks', 'no_text', 'too_many_attachments', 'invalid_arguments'],
  rate_limited: ['ratelimited', 'rate_limited', 'message_limit_exceeded'],
  provider_error: ['service_unavailable', 'fatal_error', 'internal_error', 'team_added_to_org'],
  unknown_error: ['something_new'],
};
const named = Object.entries(errors).flatMap(([reason, names]) =>
  names.map((name) => [name, reason] as const),
);

describe('a refusal by Slack', () => {
  it.each(named)('with %s is %s, asked once', async (name, reason) => {
    slack.behave(answered(name));
    const failure = await failureOf(channel.send(slackMessage(), credentials(), sendContext()));
    expect(failure).toMatchObject({ reason, providerResponse: name });
    expect(slack.requests.length).toBe(1);
  });

  it.each(['service_unavailable', 'fatal_error', 'internal_error'])(
    'with %s says that Slack is down',
    async (name) => {
      slack.behave(answered(name));
      const failure = await failureOf(channel.send(slackMessage(), credentials(), sendContext()));
      expect(failure.providerDown).toBe(true);
    },
  );

  it('names the scope that is missing', async () => {
    slack.scopes = ['chat:write'];
    const sending = channel.send(slackMessage({ to: 'ann@example.com' }), credentials(), sendContext());
    expect(await failureOf(sending)).toMatchObject({
      reason: 'auth_error',
      providerResponse: 'missing_scope; needed: users:read.email',
    });
  });

  it('with 429 waits as long as Slack says, and is not repeated by the SDK', async () => {
    slack.behave({ status: 429, headers: { 'retry-after': '37' }, body: 'ratelimited' });
    const failure = await failureOf(channel.send(slackMessage(), credentials(), sendContext()));
    expect(failure).toMatchObject({ reason: 'rate_limited', retryAfterMs: 37_000, providerDown: false });
    expect(slack.requests.length).toBe(1);
  });

  it('with 429 and no time waits a minute', async () => {
    slack.behave({ status: 429 });
    const failure = await failureOf(channel.send(slackMessage(), credentials(), sendContext()));
    expect(failure).toMatchObject({ reason: 'rate_limited', retryAfterMs: 60_000 });
  });

  it.each<[string, FakeAnswer, FailureReason]>([
    ['500', { status: 500, body: 'oops' }, 'provider_error'],
    ['503', { status: 503, headers: { 'retry-after': '5' } }, 'provider_error'],
    ['the page of a proxy', { body: '<html>Sign in</html>' }, 'provider_error'],
    ['a broken connection', 'drop', 'network_error'],
    ['half an answer', { status: 200, breaksOff: true }, 'network_error'],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example/' } }, 'network_error'],
  ])('that is %s says that Slack is down', async (_what, answer, reason) => {
    slack.behave(answer);
    const failure = await failureOf(channel.send(slackMessage(), credentials(), sendContext()));
    expect(failure).toMatchObject({ reason, providerDown: true });
    expect(slack.requests.length).toBe(1);
  });

  it('where nobody listens is a network error with its code', async () => {
    const closed = await startFakeSlack();
    await closed.close();
    const nowhere = slackChannel({ endpoint: closed.endpoint });
    const failure = await failureOf(nowhere.send(slackMessage(), credentials(), sendContext()));
    expect(failure).toMatchObject({ reason: 'network_error', providerResponse: 'ECONNREFUSED' });
  });

  it('repeats neither token, addressee nor text', async () => {
    const { to, text } = slackMessage({ to: 'ann@example.com' });
    const said = `failed for ${to} with ${slack.token}: ${text}`;
    slack.behave(
      { body: JSON.stringify({ ok: true, user: { id: 'U01ANN' } }) },
      answered('invalid_arguments', { response_metadata: { messages: [said] } }),
    );
    const failure = await failureOf(channel.send(slackMessage({ to }), credentials(), sendContext()));
    expect(visibleText(failure)).not.toMatch(/ann@example|xoxb|contract 7/);
    expect(failure.providerResponse).toContain('invalid_arguments');
  });
});

describe('a call to Slack that is ended', () => {
  it.each([
    [
      'stopped',
      'AbortError',
      { providerDown: false, providerResponse: 'stopped before the server had answered' },
    ],
    ['out of time', 'TimeoutError', { providerDown: true, providerResponse: 'no answer in time' }],
  ])('because it is %s ends at once', async (_why, name, expected) => {
    const end = new AbortController();
    slack.behave('hang');
    const arrived = slack.nextRequest();
    const failing = failureOf(
      channel.send(slackMessage(), credentials(), sendContext({ signal: end.signal })),
    );
    await arrived;
    end.abort(new DOMException('ended', name));
    expect(await failing).toMatchObject({ reason: 'network_error', ...expected });
  });
});

describe('verifying a Slack bot', () => {
  it('sends nothing and finds nothing wrong', async () => {
    await channel.verify(credentials(), sendContext());
    expect(slack.requests.map(({ url }) => url.pathname)).toEqual(['/api/auth.test']);
  });

  it('names all scopes that are missing for what is asked of it', async () => {
    slack.scopes = ['users:read'];
    expect(await failureOf(channel.verify(credentials(), sendContext()))).toMatchObject({
      reason: 'auth_error',
      providerResponse: 'missing scopes: chat:write, users:read.email',
    });
    slack.scopes = ['chat:write'];
    await channel.verify(credentials({ lookupByEmail: false }), sendContext());
  });

  it('says that the token is not one', async () => {
    const failure = await failureOf(channel.verify(credentials({ token: 'xoxb-wrong' }), sendContext()));
    expect(failure).toMatchObject({ reason: 'auth_error', providerResponse: 'invalid_auth' });
  });
});
