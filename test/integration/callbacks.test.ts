import { createHmac } from 'node:crypto';
import { load } from 'cheerio';
import twilioSdk from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bounceMail } from '../support/bounces.js';
import { eventually } from '../support/engine.js';
import { startFakeTwilio, type FakeTwilio } from '../support/fake-twilio.js';
import { snsSigner, topicArn, type SnsSigner } from '../support/sns-signer.js';
import {
  run,
  startChecked,
  type CheckedEngine,
  type Delivery,
  type Full,
  type Page,
} from '../unit/api-checked.js';

// As mail servers, Twilio and readers do it: with what stands in the message that arrived, and real signatures.

const publicUrl = 'https://notify.example/carillon';
let engine: CheckedEngine;
let twilio: FakeTwilio;
let sns: SnsSigner;
let secret: string;
let count = 0;

beforeAll(async () => {
  [twilio, sns] = await Promise.all([startFakeTwilio(), snsSigner()]);
  engine = await startChecked({
    env: { CARILLON_PROVIDER_ENDPOINTS: `sms/twilio=${twilio.url}`, CARILLON_PUBLIC_URL: publicUrl },
  });
  const { sid: accountSid, authToken, services } = twilio.account;
  await engine.call('PUT', '/v1/tenant/channels/sms/providers/twilio', {
    credentials: { accountSid, authToken, messagingServiceSid: services[0] },
  });
  await engine.call('PATCH', '/v1/tenant', { channelDefaults: { sms: true } });
  const made = await engine.call<{ secret: string; url: string }>('POST', '/v1/tenant/hooks/smtp/secret');
  expect(made).toMatchObject({ status: 201, body: { url: `${publicUrl}/hooks/${engine.tenantId}/smtp` } });
  secret = made.body.secret;
});
afterAll(async () => {
  await engine.stop();
  await twilio.close();
});

function somebody() {
  count += 1;
  return {
    id: `u-${count}`,
    email: `u-${count}@example.com`,
    phone: `+336123456${String(count).padStart(2, '0')}`,
  };
}
type Person = ReturnType<typeof somebody>;
const mailTo = ({ id, email }: Person, more: Record<string, unknown> = {}): Promise<Full> =>
  run(engine, {
    type: 'approval_request',
    to: { recipient: { id, email } },
    channels: ['email'],
    data: { contract: { title: 'NDA' }, requester: 'Ann' },
    actionUrl: 'https://app.example/contracts/1?a=1&b=2',
    ...more,
  });
const smsTo = ({ id, phone }: Person): Promise<Full> =>
  run(engine, {
    type: 'direct',
    to: { recipient: { id, phone } },
    channels: ['sms'],
    content: { sms: { text: 'Hello' } },
  });
function received({ email }: Person) {
  const mail = engine.smtp.mails.filter(({ envelope }) => envelope.to.includes(email)).at(-1);
  if (!mail) throw new Error(`no mail to ${email}`);
  return mail;
}
const deliveryOf = async (id: string): Promise<Delivery> =>
  (await engine.call<Delivery>('GET', `/v1/deliveries/${id}`)).body;
const suppressions = async (address: string) =>
  (
    await engine.call<Page<{ channel: string; reason: string; deliveryId: string }>>(
      'GET',
      `/v1/suppressions?address=${encodeURIComponent(address)}`,
    )
  ).body.items;

const post = (path: string, body: string | Buffer, headers: Record<string, string>): Promise<Response> =>
  fetch(engine.url + path, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers });
const bounces = (raw: string, { by = `Bearer ${secret}`, type = 'message/rfc822' } = {}) =>
  post(`/hooks/${engine.tenantId}/smtp`, raw, { authorization: by, 'content-type': type });
/** Signed by Twilio's own library, over the address at which Twilio knows us. */
function fromTwilio(fields: Record<string, string>, query = '', token = twilio.account.authToken) {
  const path = `/hooks/${engine.tenantId}/twilio${query}`;
  return post(path, new URLSearchParams(fields).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': twilioSdk.getExpectedTwilioSignature(token, publicUrl + path, fields),
  });
}

describe('a mail that bounces', () => {
  it('is marked, its address is stopped, and the next mail says why it is not sent', async () => {
    const person = somebody();
    const { id } = await mailTo(person);
    const mail = received(person);
    const raw = bounceMail({ to: mail.envelope.from, original: mail.raw, recipient: person.email });
    expect((await bounces(raw)).status).toBe(200);
    expect((await bounces(raw)).status).toBe(200);

    expect(await deliveryOf(`${id}-email`)).toMatchObject({
      status: 'bounced',
      failureReason: 'invalid_recipient',
      deliveredAt: null,
    });
    expect(await suppressions(person.email)).toMatchObject([
      { channel: 'email', reason: 'bounced', deliveryId: `${id}-email` },
    ]);
    const { timeline } = (await engine.call<Full>('GET', `/v1/notifications/${id}`)).body;
    const told = timeline.filter(({ event }) => event === 'bounced');
    expect(told).toHaveLength(1);
    expect(told[0]?.detail).toMatch(/^email via smtp: 5\.1\.1 /);
    expect(JSON.stringify(timeline)).not.toContain(person.email);

    const next = await mailTo(person);
    expect(next).toMatchObject({
      status: 'suppressed',
      plan: { channels: { email: { action: 'skip', reason: 'suppressed_address', detail: 'bounced' } } },
    });
  });

  it('for now only is told, and nothing follows', async () => {
    const person = somebody();
    const { id } = await mailTo(person);
    const mail = received(person);
    const fields = { to: mail.envelope.from, original: mail.raw, recipient: person.email };
    await bounces(bounceMail({ ...fields, action: 'delayed', status: '4.4.1' }));
    expect(await deliveryOf(`${id}-email`)).toMatchObject({ status: 'sent' });
    expect(await suppressions(person.email)).toEqual([]);
    const { timeline } = (await engine.call<Full>('GET', `/v1/notifications/${id}`)).body;
    expect(timeline).toContainEqual(expect.objectContaining({ event: 'delayed' }));
  });

  it('is another tenant’s only as far as its secret goes', async () => {
    const person = somebody();
    const { id } = await mailTo(person);
    const mail = received(person);
    const other = `${engine.tenantId}-b`;
    await engine.call('POST', '/v1/tenants', { id: other, name: 'Other' });
    const theirs = await engine.call<{ secret: string }>('POST', '/v1/tenant/hooks/smtp/secret', undefined, {
      tenant: other,
    });
    const raw = bounceMail({ to: mail.envelope.from, original: mail.raw, recipient: person.email });
    const headers = { authorization: `Bearer ${theirs.body.secret}`, 'content-type': 'message/rfc822' };
    expect((await post(`/hooks/${other}/smtp`, raw, headers)).status).toBe(200);
    expect((await post(`/hooks/${engine.tenantId}/smtp`, raw, headers)).status).toBe(403);
    expect(await deliveryOf(`${id}-email`)).toMatchObject({ status: 'sent' });
  });
});

describe('a message through Twilio', () => {
  const statusOf = (MessageStatus: string, to: string, more: Record<string, string> = {}) => ({
    MessageSid: 'SM1',
    MessageStatus,
    To: to,
    ...more,
  });

  it('is delivered once Twilio says so, and an answer to it is noted', async () => {
    const person = somebody();
    const { id } = await smsTo(person);
    const sent = twilio.messages.find(({ To }) => To === person.phone);
    const query = `?delivery=${id}-sms`;
    expect(sent?.StatusCallback).toBe(`${publicUrl}/hooks/${engine.tenantId}/twilio${query}`);
    expect((await fromTwilio(statusOf('sent', person.phone), query)).status).toBe(200);
    expect((await fromTwilio(statusOf('delivered', person.phone), query)).status).toBe(200);
    expect(await deliveryOf(`${id}-sms`)).toMatchObject({ status: 'delivered', repliedAt: null });
    await fromTwilio({ SmsStatus: 'received', From: person.phone, To: '+15005550006', Body: 'Thanks' });
    const delivery = await deliveryOf(`${id}-sms`);
    expect(delivery.status).toBe('delivered');
    expect(delivery.repliedAt).not.toBeNull();
    expect(delivery.deliveredAt).not.toBeNull();
  });

  it('comes back from a number that is none, and that number is not written to again', async () => {
    const person = somebody();
    const { id } = await smsTo(person);
    const row = await deliveryOf(`${id}-sms`);
    const fields = statusOf('undelivered', person.phone, {
      ErrorCode: '30005',
      MessageSid: row.providerMessageId ?? '',
    });
    await fromTwilio(fields, `?delivery=${id}-sms`);
    await fromTwilio(statusOf('delivered', person.phone), `?delivery=${id}-sms`);
    expect(await deliveryOf(`${id}-sms`)).toMatchObject({
      status: 'bounced',
      failureReason: 'invalid_recipient',
    });
    expect((await smsTo(person)).status).toBe('suppressed');
  });

  it('is the last one after STOP, until START', async () => {
    const person = somebody();
    await smsTo(person);
    const say = (Body: string) =>
      fromTwilio({ SmsStatus: 'received', From: person.phone, To: '+15005550006', Body });
    await say('Stop');
    expect(await suppressions(person.phone)).toMatchObject([{ channel: 'sms', reason: 'opted_out' }]);
    expect((await smsTo(person)).status).toBe('suppressed');
    await say('START');
    expect((await smsTo(person)).status).toBe('sent');
  });
});

describe('a callback of somebody else’s', () => {
  it('is refused, and nothing is recorded of it', async () => {
    const person = somebody();
    const { id } = await smsTo(person);
    const query = `?delivery=${id}-sms`;
    const fields = { MessageSid: 'SM1', MessageStatus: 'undelivered', To: person.phone, ErrorCode: '30005' };
    const forged = await fromTwilio(fields, query, 'f'.repeat(32));
    expect(forged.status).toBe(403);
    expect(await forged.json()).toMatchObject({ code: 'forbidden' });
    expect(await deliveryOf(`${id}-sms`)).toMatchObject({ status: 'sent', failureReason: null });
    expect(await suppressions(person.phone)).toEqual([]);
    expect((await bounces('', { by: 'Bearer hs_forged' })).status).toBe(403);
  });

  it('for a tenant or provider that there is not, or that is not set up, is answered alike', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const answers = await Promise.all(
      [
        '/hooks/nobody/twilio',
        `/hooks/${engine.tenantId}/nobody`,
        `/hooks/${engine.tenantId}/slack`,
        `/hooks/${engine.tenantId}/ses`,
        '/hooks/%00/twilio',
        `/hooks/${'x'.repeat(300)}/__proto__`,
      ].map(async (path) => {
        const answer = await post(path, 'a=b', form);
        const { detail } = (await answer.json()) as { detail: string };
        return `${answer.status} ${detail}`;
      }),
    );
    expect(new Set(answers)).toEqual(new Set(['404 nobody calls back here']));
  });

  it('is not read to its end when it is huge, nor taken as what it is not', async () => {
    expect((await bounces('x'.repeat(1024 * 1024 + 1))).status).toBe(413);
    expect((await bounces('{}', { type: 'application/json' })).status).toBe(400);
    expect((await bounces('{}', { type: 'image/png' })).status).toBe(400);
    expect((await bounces('rubbish')).status).toBe(200);
  });

  it('of Amazon SES counts only when SNS signed it for the tenant’s own topic', async () => {
    const keys = { region: 'eu-west-1', accessKeyId: 'A'.repeat(20), secretAccessKey: 'x'.repeat(40) };
    const stored = await engine.api('PUT', '/v1/tenant/channels/email/providers/ses', {
      credentials: { ...keys, from: 'news@acme.example', topicArn },
    });
    expect(stored.status).toBeLessThan(300);
    const path = `/hooks/${engine.tenantId}/ses`;
    const plain = { 'content-type': 'text/plain; charset=UTF-8' };
    const elsewhere = sns.sign({ SigningCertURL: 'https://evil.example/SimpleNotificationService-1.pem' });
    expect((await post(path, JSON.stringify(elsewhere), plain)).status).toBe(403);
    const foreign = sns.sign({ TopicArn: topicArn.replace('123456789012', '999999999999') });
    expect((await post(path, JSON.stringify(foreign), plain)).status).toBe(403);
    await engine.api('DELETE', '/v1/tenant/channels/email/providers/ses');
  });
});

describe('a press of a button in Slack', () => {
  it('is a click on what was posted', async () => {
    const signingSecret = 'a'.repeat(32);
    await engine.api('PUT', '/v1/tenant/channels/slack/providers/slack', {
      credentials: { token: 'xoxb-1', signingSecret },
    });
    const { id } = await mailTo(somebody());
    // What Slack would have been sent: none is at hand that posts it.
    await engine.mongo.collection('deliveries').insertOne({
      ...(await engine.models.deliveries.find(engine.tenantId, `${id}-email`)),
      _id: `${engine.tenantId}/${id}-slack`,
      id: `${id}-slack`,
      channel: 'slack',
      provider: 'slack',
    } as never);
    const value = await engine.models.deliveryTokens.write(engine.tenantId, id, 'slack');
    const payload = { type: 'block_actions', actions: [{ value, action_ts: `${Date.now() / 1000}` }] };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const press = (seconds: number) =>
      post(`/hooks/${engine.tenantId}/slack`, body, {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': String(seconds),
        'x-slack-signature': `v0=${createHmac('sha256', signingSecret).update(`v0:${seconds}:${body}`).digest('hex')}`,
      });
    const now = Math.floor(Date.now() / 1000);
    expect((await press(now - 600)).status).toBe(403);
    expect(await deliveryOf(`${id}-slack`)).toMatchObject({ clickedAt: null });
    expect((await press(now)).status).toBe(200);
    expect((await deliveryOf(`${id}-slack`)).clickedAt).not.toBeNull();
    await engine.api('DELETE', '/v1/tenant/channels/slack/providers/slack');
  });
});

describe('a tracked mail', () => {
  const track = (opens: boolean, clicks: boolean) =>
    engine.call('PATCH', '/v1/tenant', { tracking: { opens, clicks } });
  const htmlOf = (person: Person) => load(received(person).parsed.html || '');
  const pixelOf = (person: Person) => ours(htmlOf(person)('img[width="1"]').attr('src'));
  const linkOf = (person: Person) => ours(htmlOf(person)('a[href*="/t/c/"]').attr('href'));
  const ours = (url: string | undefined) => url?.replace(publicUrl, engine.url) ?? '';
  const get = (url: string, headers: Record<string, string> = {}) =>
    fetch(url, {
      redirect: 'manual',
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux) Firefox/140', ...headers },
    });

  it('is none by default', async () => {
    const person = somebody();
    await mailTo(person);
    expect([pixelOf(person), linkOf(person)]).toEqual(['', '']);
  });

  it('tells that it was opened and followed, leads on, and stops what waits to see it read', async () => {
    await track(true, true);
    const person = somebody();
    const escalation = [{ after: 'PT1H', channel: 'sms' }];
    const { id } = await mailTo(person, {
      to: { recipient: { id: person.id, email: person.email, phone: person.phone } },
      escalation,
    });
    const pixel = await get(pixelOf(person));
    expect(pixel.status).toBe(200);
    expect(Object.fromEntries(pixel.headers)).toMatchObject({
      'content-type': 'image/gif',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect((await pixel.arrayBuffer()).byteLength).toBeLessThan(100);
    expect((await deliveryOf(`${id}-email`)).openedAt).not.toBeNull();
    await eventually(
      'no step follows',
      () => engine.call<Full>('GET', `/v1/notifications/${id}`),
      ({ body }) =>
        body.timeline.some(({ event, detail }) => event === 'acknowledged' && /opened/.test(detail ?? '')),
    );

    const link = await get(linkOf(person));
    expect(link.status).toBe(302);
    expect(link.headers.get('location')).toBe('https://app.example/contracts/1?a=1&b=2');
    expect(link.headers.get('cache-control')).toBe('no-store');
    expect((await deliveryOf(`${id}-email`)).clickedAt).not.toBeNull();
    const unsubscribe = htmlOf(person)('a[href*="/u/"]');
    expect(unsubscribe.length).toBe(1);
  });

  it('tells nothing where its reader does not want that, and leads on all the same', async () => {
    await track(true, true);
    const person = somebody();
    const { id } = await mailTo(person);
    await get(pixelOf(person), { dnt: '1' });
    expect((await get(linkOf(person), { 'sec-gpc': '1' })).status).toBe(302);
    await fetch(linkOf(person), { method: 'HEAD', redirect: 'manual' });
    await engine.call('PATCH', `/v1/subscribers/${person.id}/preferences`, { tracking: false });
    expect((await get(linkOf(person))).status).toBe(302);
    expect((await get(pixelOf(person))).status).toBe(200);
    expect(await deliveryOf(`${id}-email`)).toMatchObject({ openedAt: null, clickedAt: null });
    await mailTo(person);
    expect([pixelOf(person), linkOf(person)]).toEqual(['', '']);
  });

  it('with a token that is none shows its pixel, and leads nowhere', async () => {
    for (const token of ['x', `${engine.tenantId}.${'A'.repeat(80)}`, 'https%3A%2F%2Fevil.example']) {
      const pixel = await get(`${engine.url}/t/o/${token}`);
      expect([pixel.status, pixel.headers.get('content-type')]).toEqual([200, 'image/gif']);
      const link = await get(`${engine.url}/t/c/${token}`, { 'accept-language': 'fr' });
      expect([link.status, link.headers.get('location')]).toEqual([404, null]);
      expect(await link.text()).toContain('lang="fr"');
    }
  });

  it('that resets a password is not tracked', async () => {
    await track(true, true);
    const person = somebody();
    await mailTo(person, {
      type: 'password_reset',
      data: { link: 'https://app.example/reset?t=1', expiresIn: '1 h' },
    });
    expect([pixelOf(person), linkOf(person)]).toEqual(['', '']);
    await track(false, false);
  });
});

describe('where providers call', () => {
  it('is told with what there is to prove them by', async () => {
    const { body } = await engine.call<{ items: { provider: string; ready: boolean; url: string }[] }>(
      'GET',
      '/v1/tenant/hooks',
    );
    expect(Object.fromEntries(body.items.map(({ provider, ready }) => [provider, ready]))).toEqual({
      twilio: true,
      ses: false,
      slack: false,
      smtp: true,
    });
  });

  it('takes the secret before the newest too, and none once they are removed', async () => {
    const next = await engine.call<{ secret: string }>('POST', '/v1/tenant/hooks/smtp/secret');
    for (const good of [secret, next.body.secret])
      expect((await bounces('x', { by: `Bearer ${good}` })).status).toBe(200);
    const third = await engine.call<{ secret: string }>('POST', '/v1/tenant/hooks/smtp/secret');
    expect((await bounces('x')).status).toBe(403);
    expect((await engine.call('DELETE', '/v1/tenant/hooks/smtp/secret')).status).toBe(204);
    expect((await engine.call('DELETE', '/v1/tenant/hooks/smtp/secret')).status).toBe(404);
    expect((await bounces('x', { by: `Bearer ${third.body.secret}` })).status).toBe(404);
  });
});
