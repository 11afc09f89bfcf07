import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyCredentials } from '../../api/verify-credentials.js';
import { smtpChannel } from '../../channels/email/smtp.js';
import { masked } from '../../contracts/tenant-channels.js';
import { createModels } from '../../models/models.js';
import { guardedNetwork } from '../../runtime/guarded-network.js';
import { parseKeyRing } from '../../runtime/key-ring.js';
import { createLogger } from '../../runtime/logger.js';
import { addPerson, notify } from '../support/runs.js';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.js';
import { keyOf, startChecked, type CheckedEngine, type Page } from '../unit/api-checked.js';

interface Provider {
  channel: string;
  provider: string;
  credentials: Record<string, unknown>;
  problem: string | null;
}

const password = `pw-${randomBytes(9).toString('hex')}`;
const smtp = '/v1/tenant/channels/email/providers/smtp';

let engine: CheckedEngine;
/** The tenant's own server, which asks for a login. */
let own: TestSmtpServer;

beforeAll(async () => {
  own = await startSmtpServer({ auth: { user: 'acme', pass: password } });
  engine = await startChecked({ env: { CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true' } });
});
afterAll(async () => {
  await engine.stop();
  await own.close();
});
beforeEach(async () => {
  await engine.call('DELETE', smtp);
  await engine.call('PATCH', '/v1/tenant', { useDeployment: { email: null } });
});

const ownSmtp = () => ({
  host: '127.0.0.1',
  port: own.port,
  user: 'acme',
  pass: password,
  from: 'own@acme.example',
});
const store = (credentials: unknown = ownSmtp()) => engine.call<Provider>('PUT', smtp, { credentials });

/** Sends a mail to somebody new and answers the sender that it came from, and its delivery. */
async function send() {
  const person = await addPerson(engine);
  const run = await notify(engine, person, { channels: ['email'] });
  await run.handle.result();
  const mails = [...engine.smtp.mails, ...own.mails].filter(({ envelope }) =>
    envelope.to.includes(person.email),
  );
  return { from: mails[0]?.envelope.from, delivery: await run.delivery(), view: await run.view() };
}

describe('a tenant’s credentials', () => {
  it('are shown with their fields’ names, and only the values that are no secret', async () => {
    const stored = await store();
    expect(stored.status).toBe(201);
    expect(stored.body).toMatchObject({
      channel: 'email',
      provider: 'smtp',
      problem: null,
      credentials: { host: '127.0.0.1', port: own.port, user: 'acme', pass: masked },
    });
    const listed = await engine.call<Page<Provider>>('GET', '/v1/tenant/channels/email/providers');
    const one = await engine.call<Provider>('GET', smtp);
    expect(listed.body.items).toEqual([one.body]);
    expect(JSON.stringify([stored, listed, one])).not.toContain(password);
  });

  it('are replaced as a whole', async () => {
    await store();
    const replaced = await store({ host: 'mail.example' });
    expect(replaced.status).toBe(200);
    expect(replaced.body.credentials).not.toHaveProperty('pass');
  });

  it('are not readable in the database', async () => {
    await store();
    const rows = await engine.mongo.collection('credentials').find().toArray();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${password}|127\\.0\\.0\\.1`));
  });

  it('count from the very next notification on, in every process', async () => {
    expect((await send()).from).toBe('notifications@carillon.localhost');
    await store();
    expect((await send()).from).toBe('own@acme.example');
    await engine.call('DELETE', smtp);
    expect((await send()).from).toBe('notifications@carillon.localhost');
  });

  it('replace the deployment’s: a failing server of one’s own does not fall back on it', async () => {
    await store({ ...ownSmtp(), pass: 'wrong' });
    const { from, delivery } = await send();
    expect(from).toBeUndefined();
    expect(delivery).toMatchObject({ status: 'failed', failureReason: 'auth_error' });
    expect(delivery.attempts).toHaveLength(1);
  });

  it('have the deployment’s behind them where the tenant says so', async () => {
    await store({ ...ownSmtp(), pass: 'wrong' });
    await engine.call('PATCH', '/v1/tenant', { useDeployment: { email: true } });
    const { from, delivery } = await send();
    expect(from).toBe('notifications@carillon.localhost');
    expect(delivery).toMatchObject({ status: 'sent', attempts: [{ failureReason: 'auth_error' }, {}] });
  });

  it('can do without the deployment’s altogether', async () => {
    await engine.call('PATCH', '/v1/tenant', { useDeployment: { email: false } });
    const { view } = await send();
    expect(view.plan.channels.email).toEqual({ action: 'skip', reason: 'channel_not_configured' });
    const { body } = await engine.call<Page<{ channel: string }>>('GET', '/v1/tenant/channels');
    expect(body.items[0]).toMatchObject({ channel: 'email', own: [], deployment: [] });
  });
});

describe('credentials that cannot be opened', () => {
  it.each([
    ['tampered with', { sealed: 'AAAA'.repeat(20) }, /tampered/],
    ['sealed with a key that is gone', { keyId: 'deadbeef0000' }, /"deadbeef0000".*not there/],
  ])('say so and fail the delivery as auth_error when they are %s', async (_what, change, message) => {
    await store();
    await engine.mongo
      .collection<{ _id: string }>('credentials')
      .updateOne({ _id: `${engine.tenantId}/email/smtp` }, { $set: change });
    await engine.mongo
      .collection<{ _id: string }>('tenants')
      .updateOne({ _id: engine.tenantId }, { $inc: { credentialsVersion: 1 } });
    const { body } = await engine.call<Provider>('GET', smtp);
    expect(body.problem).toMatch(message);
    const { delivery } = await send();
    expect(delivery).toMatchObject({ status: 'failed', failureReason: 'auth_error' });
    expect(delivery.attempts[0].providerResponse).toMatch(message);
  });

  it('are not opened in another tenant’s row', async () => {
    await store();
    const rows = engine.mongo.collection<{ _id: string; tenantId: string }>('credentials');
    const row = await rows.findOne();
    await engine.call('POST', '/v1/tenants', { id: 'thief', name: 'Thief' });
    await rows.insertOne({ ...row, _id: 'thief/email/smtp', tenantId: 'thief' });
    const [stolen] = await engine.models.credentials.list('thief');
    expect(stolen).toMatchObject({ credentials: undefined, problem: expect.stringContaining('key') });
  });

  it('are not opened in another provider’s row of the same tenant', async () => {
    await store();
    const rows = engine.mongo.collection<{ _id: string; provider: string }>('credentials');
    const row = await rows.findOne({ provider: 'smtp' });
    const _id = `${engine.tenantId}/email/other`;
    await rows.insertOne({ ...row, _id, provider: 'other' });
    const stored = await engine.models.credentials.find(engine.tenantId, 'email', 'other');
    await rows.deleteOne({ _id });
    expect(stored).toMatchObject({
      credentials: undefined,
      problem: expect.stringContaining('another place'),
    });
  });

  it('name the master key that is missing from the ring', async () => {
    await store();
    const other = parseKeyRing(`k9:${randomBytes(32).toString('base64')}`);
    const connection = engine.mongo.useDb(engine.mongo.name, { useCache: false });
    const [stored] = await createModels(connection, other).credentials.list(engine.tenantId);
    expect(stored?.problem).toMatch(/no key "k1" in the key ring/);
  });
});

describe('bad input', () => {
  it.each<[string, unknown, string]>([
    ['a field of the wrong kind', { host: 7 }, 'credentials.host'],
    ['a field that is not known', { host: 'a.example', passwd: 'x' }, 'credentials.passwd'],
    ['half a login', { host: 'a.example', user: 'u' }, 'credentials.pass'],
    ['a URL that is none', `http://u:${password}@x`, 'credentials'],
    ['nothing', null, 'credentials'],
  ])('%s is refused with its path, and nothing is stored', async (_what, credentials, path) => {
    const answer = await store(credentials);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path }] } });
    expect(JSON.stringify(answer.body)).not.toContain(password);
    expect((await engine.call('GET', smtp)).status).toBe(404);
  });

  it('what is wrong leaves what was stored as it was', async () => {
    const before = await store();
    expect(((await store({ host: 7 })) as { status: number }).status).toBe(400);
    expect((await engine.call<Provider>('GET', smtp)).body).toMatchObject(before.body);
  });

  it.each([
    ['/v1/tenant/channels/email/providers/pigeon', /"pigeon".*smtp/],
    ['/v1/tenant/channels/smoke/providers/smtp', /"smoke".*email/],
    ['/v1/tenant/channels/in_app/providers/inbox', /"in_app".*email/],
  ])('%s is not there, and those that are are named', async (path, message) => {
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const answer = await engine.call(method, path, method === 'PUT' ? { credentials: {} } : undefined);
      expect(answer).toMatchObject({ status: 404, body: { detail: expect.stringMatching(message) } });
    }
  });

  it('an order that is not of the providers that are set up is refused', async () => {
    await store();
    for (const providers of [['smtp', 'ses'], ['smtp', 'smtp'], ['ses']]) {
      const answer = await engine.call('PUT', '/v1/tenant/channels/email/order', { providers });
      expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    }
    const right = await engine.call('PUT', '/v1/tenant/channels/email/order', { providers: ['smtp'] });
    expect(right.status).toBe(200);
  });
});

it('keeps several providers in the order that they were given, and any number of changes at once', async () => {
  const { credentials } = engine.models;
  const names = ['one', 'two', 'three', 'four'];
  const tenantId = 'many';
  await engine.call('POST', '/v1/tenants', { id: tenantId, name: 'Many' });
  await Promise.all(names.map((name) => credentials.put(tenantId, 'sms', name, { token: name })));
  const listed = await credentials.list(tenantId, 'sms');
  expect(listed.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  await credentials.order(tenantId, 'sms', names);
  expect((await credentials.list(tenantId, 'sms')).map(({ provider }) => provider)).toEqual(names);
  await credentials.put(tenantId, 'sms', 'two', { token: 'new' });
  expect((await credentials.list(tenantId, 'sms')).map(({ provider }) => provider)).toEqual(names);
  expect((await credentials.settings(tenantId))?.credentialsVersion).toBe(6);
});

it('is an administrator’s business', async () => {
  const { key } = await keyOf(engine, ['manager']);
  expect((await engine.call('GET', smtp, undefined, { token: key })).status).toBe(403);
});

it('leaves a trail without secrets', async () => {
  await engine.mongo.collection('audit').deleteMany({});
  await store();
  await engine.call('DELETE', smtp);
  const rows = await engine.mongo.collection('audit').find().toArray();
  expect(rows).toMatchObject([
    { action: 'credentials.stored', subject: 'email/smtp', actor: 'platform', tenantId: engine.tenantId },
    { action: 'credentials.removed', subject: 'email/smtp' },
  ]);
  expect(JSON.stringify(rows)).toContain(masked);
  expect(JSON.stringify(rows)).not.toContain(password);
});

describe('verifying', () => {
  const verify = (body?: object) => engine.call<{ ok: boolean }>('POST', `${smtp}/verify`, body);

  it('tries what is stored, and finds it right', async () => {
    await store();
    expect(await verify()).toMatchObject({ status: 200, body: { ok: true } });
  });

  it('tries what is given before it is stored, says what is wrong with it, and stores nothing', async () => {
    const answer = await verify({ credentials: { ...ownSmtp(), pass: `${password}-wrong` } });
    expect(answer.body).toMatchObject({
      ok: false,
      reason: 'auth_error',
      detail: expect.stringMatching(/535/),
    });
    expect(JSON.stringify(answer.body)).not.toContain(password);
    expect((await engine.call('GET', smtp)).status).toBe(404);
  });

  it('says that nobody answers', async () => {
    const gone = await startSmtpServer();
    await gone.close();
    const answer = await verify({ credentials: { ...ownSmtp(), port: gone.port } });
    expect(answer).toMatchObject({ status: 200, body: { ok: false, reason: 'network_error' } });
  });

  it('waits no longer than its deadline', async () => {
    own.behave({ at: 'connect', do: 'hang' });
    const network = guardedNetwork({ allowPrivate: true });
    const log = createLogger({ level: 'silent', name: 'test' });
    const channel = smtpChannel();
    const credentials = channel.credentials.parse(ownSmtp());
    const verified = await verifyCredentials({ network, log }, 'acme', channel, credentials, 200);
    own.behave();
    await channel.close();
    expect(verified).toMatchObject({ ok: false, reason: 'network_error' });
  });

  it('does not reach this machine from where that is not allowed', async () => {
    const network = guardedNetwork({ allowPrivate: false });
    const log = createLogger({ level: 'silent', name: 'test' });
    const channel = smtpChannel();
    const credentials = channel.credentials.parse(ownSmtp());
    const verified = await verifyCredentials({ network, log }, 'acme', channel, credentials);
    expect(verified).toMatchObject({ ok: false, reason: 'auth_error' });
  });

  it('has nothing to try where nothing is stored or given', async () => {
    expect((await verify()).status).toBe(404);
    expect((await verify({ credentials: { host: 7 } })).status).toBe(400);
  });

  it('says what is wrong with credentials that cannot be opened', async () => {
    await store();
    await engine.mongo
      .collection<{ _id: string }>('credentials')
      .updateOne({ _id: `${engine.tenantId}/email/smtp` }, { $set: { keyId: 'deadbeef0000' } });
    expect((await verify()).body).toMatchObject({
      ok: false,
      reason: 'auth_error',
      detail: expect.stringContaining('deadbeef0000'),
    });
  });
});
