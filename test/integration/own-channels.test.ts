import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPerson, notify } from '../support/runs.js';
import { startFakeGateway, type FakeGateway } from '../support/fake-gateway.js';
import { startChecked, type CheckedEngine } from '../unit/api-checked.js';

/* The modules of docs/examples/, named in CARILLON_CHANNELS, from the trigger through the worker to their providers. */

let engine: CheckedEngine;
let gateway: FakeGateway;

beforeAll(async () => {
  gateway = await startFakeGateway();
  engine = await startChecked({
    env: {
      CARILLON_CHANNELS: './docs/examples/sms-gateway.js',
      CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true',
    },
  });
  await store('sms/providers/gateway', { url: gateway.url, token: gateway.token, from: 'Acme' });
  const channelDefaults = { sms: true };
  expect((await engine.call('PATCH', '/v1/tenant', { channelDefaults })).status).toBe(200);
});
afterAll(async () => {
  await engine.stop();
  await gateway.close();
});
beforeEach(() => gateway.behave());

async function store(path: string, credentials: unknown): Promise<void> {
  const answer = await engine.call('PUT', `/v1/tenant/channels/${path}`, { credentials });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

/** Tells somebody new, who has a telephone. */
async function send(channel: string, changes: object = {}) {
  const person = await addPerson(engine);
  await engine.call('PATCH', `/v1/subscribers/${person.id}`, { phone: '+33612345678' });
  const run = await notify(engine, person, { channels: [channel], ...changes });
  await run.handle.result();
  return { person, view: await run.view() };
}

describe('another provider for a channel that Carillon has', () => {
  it('sends what the channel sends', async () => {
    const { view } = await send('sms');
    expect(view).toMatchObject({ status: 'sent', deliveries: [{ provider: 'gateway', status: 'sent' }] });
    expect(gateway.taken).toMatchObject([
      { to: '+33612345678', from: 'Acme', text: expect.stringContaining('NDA with Acme') as string },
    ]);
    expect(view.deliveries[0].providerMessageId).toBe('m-1');
  });

  it('has its failures classified, and nothing of the message in the log', async () => {
    gateway.behave({ status: 422, body: 'no such number: +33612345678' });
    const { view } = await send('sms');
    expect(view.deliveries).toMatchObject([{ status: 'failed', failureReason: 'invalid_recipient' }]);
    expect(JSON.stringify(view.deliveries)).not.toContain('612345678');
  });

  it('is listed, verified and read back without its token', async () => {
    const path = '/v1/tenant/channels/sms/providers/gateway';
    expect(await engine.call('POST', `${path}/verify`, {})).toMatchObject({ body: { ok: true } });
    const credentials = { url: gateway.url, token: 'of somebody else', from: 'Acme' };
    expect(await engine.call('POST', `${path}/verify`, { credentials })).toMatchObject({
      body: { ok: false, reason: 'auth_error', detail: expect.not.stringContaining('somebody') as string },
    });
    const { body } = await engine.call<{ credentials: object }>('GET', path);
    expect(body.credentials).toEqual({ url: gateway.url, token: '••••••••', from: 'Acme' });
    expect(
      await engine.call('PUT', path, { credentials: { ...credentials, from: 'much too long' } }),
    ).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'credentials.from' }] },
    });
  });
});

describe('in the build', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const node = (script: string, env: NodeJS.ProcessEnv = {}) =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      env: { ...process.env, LOG_LEVEL: 'fatal', MONGODB_URI: 'mongodb://127.0.0.1:1/none', ...env },
    });

  it('a module imports carillon/channel by that name, and shares its classes with the worker', async () => {
    const { stdout } = await node(`
      import { ChannelError } from 'carillon/channel';
      import { ChannelError as own } from './dist/channels/channel.js';
      import example from './docs/examples/sms-gateway.js';
      console.log(own === ChannelError, example.provider);
    `);
    expect(stdout.trim()).toBe('true gateway');
  });

  it('a bad module ends a worker at its start, with one line that says why', async () => {
    const env = { CARILLON_CHANNELS: './docs/examples/sms-gateway.js, ./dist/contracts/priorities.js' };
    const { stdout } = (await node("import './dist/worker/main.js'", env).catch(
      (error: unknown) => error,
    )) as {
      stdout: string;
    };
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(String(lines[0]))).toMatchObject({
      level: 'fatal',
      msg: expect.stringMatching(
        /^CARILLON_CHANNELS: \.\/dist\/contracts\/priorities\.js: exports no channel/,
      ) as string,
    });
  });
});
