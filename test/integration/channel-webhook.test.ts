import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { standardWebhookChannel } from '../../channels/webhook/standard.js';
import { webhookCredentials } from '../../channels/webhook/webhook-credentials.js';
import { AddressNotAllowedError } from '../../contracts/network.js';
import { webhookMessage } from '../support/chat-messages.js';
import { startFakeHooks, type FakeHooks } from '../support/fake-hooks.js';
import { failureOf, sendContext, visibleText } from '../support/smtp-sending.js';

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const secret = newSecret();
const channel = standardWebhookChannel();
let hooks: FakeHooks;
beforeAll(async () => {
  hooks = await startFakeHooks();
});
afterAll(() => hooks.close());
beforeEach(() => {
  hooks.behave();
  hooks.secrets = [secret];
  hooks.received.length = 0;
  hooks.requests.length = 0;
});

/** The receiver is the tenant's own, unless told that it is a person's. */
const credentials = (changes: object = {}) =>
  webhookCredentials.parse({ url: hooks.receiver, secret, ...changes });
const message = (changes = {}) => webhookMessage({ to: hooks.receiver, ...changes });
const send = (context = sendContext()) => channel.send(message(), credentials(), context);
const personal = (context = sendContext()) =>
  channel.send(message(), credentials({ url: undefined }), context);

const forbidding = {
  fetch: () => Promise.reject(new AddressNotAllowedError('10.0.0.1')),
  resolve: (host: string) => Promise.resolve(host),
};

describe('a webhook', () => {
  it('passes the signature check of a receiver, and says what happened to whom', async () => {
    const receipt = await send();
    expect(hooks.received).toEqual([
      {
        id: receipt.providerMessageId,
        payload: {
          type: 'approval_request',
          timestamp: '2026-11-21T12:00:00.000Z',
          data: { id: 'ntf_1', recipient: 'u-42', body: webhookMessage().body },
        },
      },
    ]);
    expect(receipt.providerResponse).toBe('204');
  });

  it('has the same ID in every attempt, and another in another delivery or tenant', async () => {
    const context = sendContext();
    await send(context);
    await send(context);
    await send(sendContext());
    await send({ ...context, tenantId: 'other' });
    const ids = hooks.received.map(({ id }) => id);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toMatch(/^msg_[\w-]{32}$/);
  });

  it('is signed with every secret of a rotation, so that a receiver may know either', async () => {
    const [next, old] = [newSecret(), newSecret()];
    const rotating = credentials({ secret: undefined, secrets: [next, old] });
    for (const known of [next, old]) {
      hooks.secrets = [known];
      await channel.send(message(), rotating, sendContext());
    }
    expect(hooks.received.length).toBe(2);
    expect(hooks.requests[0]?.headers.get('webhook-signature')).toMatch(/^v1,\S+ v1,\S+$/);
  });

  it('is refused by a receiver that knows another secret', async () => {
    hooks.secrets = [newSecret()];
    expect(await failureOf(send())).toMatchObject({
      reason: 'auth_error',
      providerResponse: '401 no matching signature',
    });
  });

  it('is no larger than 256 KiB', () => {
    const of = (length: number) => webhookMessage({ body: { text: 'é'.repeat(length) } });
    channel.check(of(130_000));
    expect(() => channel.check(of(131_072))).toThrow(
      expect.objectContaining({
        reason: 'content_error',
        providerResponse: expect.stringContaining('262144') as string,
      }),
    );
  });

  it.each([
    [400, 'content_error'],
    [401, 'auth_error'],
    [403, 'auth_error'],
    [404, 'invalid_recipient'],
    [405, 'invalid_recipient'],
    [408, 'provider_error'],
    [409, 'provider_error'],
    [410, 'invalid_recipient'],
    [413, 'content_error'],
    [415, 'content_error'],
    [422, 'content_error'],
    [425, 'provider_error'],
    [429, 'rate_limited'],
    [500, 'provider_error'],
    [501, 'provider_error'],
    [503, 'provider_error'],
  ])('that is answered %d fails with %s', async (status, reason) => {
    hooks.behave({ status, body: 'no thanks', headers: { 'retry-after': '13' } });
    expect(await failureOf(send())).toMatchObject({
      reason,
      retryAfterMs: 13_000,
      providerDown: status >= 500,
      providerResponse: `${status} no thanks`,
    });
  });

  it('follows no redirect, and says so', async () => {
    const location = `${hooks.url}/in/elsewhere`;
    for (const status of [301, 302, 303, 307, 308]) {
      hooks.behave({ status, headers: { location } });
      expect(await failureOf(send())).toMatchObject({
        reason: 'invalid_recipient',
        providerResponse: `${status} redirects are not followed`,
      });
    }
    expect(hooks.requests.length).toBe(5);
  });

  it('was taken where the answer says so before it breaks off', async () => {
    hooks.behave({ status: 200, breaksOff: true });
    expect(await send()).toMatchObject({ providerResponse: '200' });
    hooks.behave({ status: 500, breaksOff: true });
    expect((await failureOf(send())).reason).toBe('network_error');
  });

  it('is not held up by an answer that is large', async () => {
    hooks.behave({ status: 400, body: 'x'.repeat(5_000_000) });
    expect((await failureOf(send())).providerResponse?.length).toBeLessThanOrEqual(500);
  });

  it('ends with its signal, and with its time', async () => {
    for (const [reason, providerDown] of [
      [new DOMException('stop', 'AbortError'), false],
      [new DOMException('late', 'TimeoutError'), true],
    ] as const) {
      const end = new AbortController();
      hooks.behave('hang');
      const arrived = hooks.nextRequest();
      const failing = failureOf(send(sendContext({ signal: end.signal })));
      await arrived;
      end.abort(reason);
      expect(await failing).toMatchObject({ reason: 'network_error', providerDown });
    }
  });

  it('does not tell what the receiver echoes: the message, the URL or a secret', async () => {
    const echo = message({ recipient: 'u-secret-42' });
    hooks.behave({ status: 400, body: JSON.stringify({ ...echo, url: hooks.receiver, secret }) });
    const failing = channel.send(message({ recipient: 'u-secret-42' }), credentials(), sendContext());
    const seen = visibleText(await failureOf(failing));
    for (const word of ['Approval', 'quoted', 'SECRET', secret, 'u-secret-42'])
      expect(seen).not.toContain(word);
  });
});

describe('a webhook to a person’s own URL', () => {
  it('that is out of order says nothing of the provider: others’ are not', async () => {
    for (const answer of ['drop', { status: 503 }] as const) {
      hooks.behave(answer);
      expect(await failureOf(personal())).toMatchObject({ providerDown: false });
      hooks.behave(answer);
      expect(await failureOf(send())).toMatchObject({ providerDown: true });
    }
  });

  it('that leads where it may not is a wrong address; the tenant’s is a wrong set-up', async () => {
    const context = sendContext({ network: forbidding });
    const response = { providerResponse: 'not sent: the address is not a public one' };
    expect(await failureOf(personal(context))).toMatchObject({ reason: 'invalid_recipient', ...response });
    expect(await failureOf(send(context))).toMatchObject({ reason: 'auth_error', ...response });
  });
});

describe('verifying webhooks', () => {
  const verify = (given = credentials(), context = sendContext()) => channel.verify(given, context);

  it('sends no message: it asks for the headers of the tenant’s URL', async () => {
    await verify();
    expect(hooks.received).toEqual([]);
    expect(hooks.requests).toMatchObject([{ method: 'HEAD', body: '' }]);
    expect(hooks.requests[0]?.headers.has('webhook-signature')).toBe(false);
  });

  it('has nothing to ask where every person has a URL of their own', async () => {
    await verify(credentials({ url: undefined }));
    expect(hooks.requests).toEqual([]);
  });

  it.each([200, 204, 400, 401, 403, 404, 405, 501])(
    'is content with %d: somebody answers',
    async (status) => {
      hooks.behave({ status });
      await verify();
    },
  );

  it.each([
    [301, 'invalid_recipient'],
    [410, 'invalid_recipient'],
    [429, 'rate_limited'],
    [500, 'provider_error'],
    [503, 'provider_error'],
  ])('is not content with %d', async (status, reason) => {
    hooks.behave({ status });
    expect((await failureOf(verify())).reason).toBe(reason);
  });

  it('says where nobody answers, and where nobody may be asked', async () => {
    hooks.behave('drop');
    expect((await failureOf(verify())).reason).toBe('network_error');
    const forbidden = verify(credentials(), sendContext({ network: forbidding }));
    expect((await failureOf(forbidden)).reason).toBe('auth_error');
  });
});
