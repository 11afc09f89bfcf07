import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPerson, notify } from '../support/runs.js';
import { startFakeGateway, type FakeGateway } from '../support/fake-gateway.js';
import { startFakePagers, type FakePagers } from '../support/fake-pagers.js';
import {
  inSeconds,
  plan,
  startChecked,
  tokenOf,
  type CheckedEngine,
  type Delivery,
  type Full,
} from '../unit/api-checked.js';
import { eventually } from '../support/engine.js';

/* The modules of docs/examples/, named in CARILLON_CHANNELS, from the trigger through the worker to their providers. */

const publicUrl = 'https://notify.example/carillon';
let engine: CheckedEngine;
let gateway: FakeGateway;
let pagers: FakePagers;

beforeAll(async () => {
  gateway = await startFakeGateway();
  pagers = await startFakePagers();
  engine = await startChecked({
    env: {
      CARILLON_CHANNELS: './docs/examples/sms-gateway.js,./docs/examples/pager.js',
      CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true',
      CARILLON_PUBLIC_URL: publicUrl,
    },
  });
  await store('sms/providers/gateway', { url: gateway.url, token: gateway.token, from: 'Acme' });
  await store('x_pager/providers/pagerworks', { url: pagers.url, key: pagers.key });
  const channelDefaults = { sms: true, x_pager: true };
  expect((await engine.call('PATCH', '/v1/tenant', { channelDefaults })).status).toBe(200);
});
afterAll(async () => {
  await engine.stop();
  await gateway.close();
  await pagers.close();
});
beforeEach(() => {
  gateway.behave();
  pagers.behave();
  pagers.pages.clear();
});

async function store(path: string, credentials: unknown): Promise<void> {
  const answer = await engine.call('PUT', `/v1/tenant/channels/${path}`, { credentials });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

const reachable = { phone: '+33612345678', attributes: { pagerId: 'p-90210' } };

/** Tells somebody new, who has a telephone and a pager unless told otherwise. */
async function send(channel: string, changes: object = {}, places: object = reachable) {
  const person = await addPerson(engine);
  await engine.call('PATCH', `/v1/subscribers/${person.id}`, places);
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

describe('a channel that Carillon does not have', () => {
  it('sends what the type says, to the address that the module finds', async () => {
    const { view } = await send('x_pager', {
      actionUrl: 'https://app.example/contracts/1',
      priority: 'high',
    });
    expect(view).toMatchObject({
      status: 'sent',
      plan: { channels: { x_pager: { action: 'send' }, sms: { reason: 'not_requested' } } },
      deliveries: [
        {
          channel: 'x_pager',
          provider: 'pagerworks',
          status: 'sent',
          target: '•••',
          providerMessageId: 'page-1',
        },
      ],
    });
    expect([...pagers.pages.values()]).toEqual([
      {
        pager: 'p-90210',
        title: expect.any(String) as string,
        text: expect.stringContaining('NDA with Acme') as string,
        link: 'https://app.example/contracts/1',
        urgent: true,
        callback: `${publicUrl}/hooks/${engine.tenantId}/pagerworks?delivery=${view.deliveries[0].id}`,
      },
    ]);
  });

  it('says what the caller brings, with its placeholders filled', async () => {
    const content = { x_pager: { title: 'Door', text: 'Open for {{ requester }}' } };
    await send('x_pager', { type: 'direct', content });
    await send('x_pager', { type: 'direct', content: { x_pager: { text: 'Shut' } } });
    expect([...pagers.pages.values()]).toMatchObject([
      { title: 'Door', text: 'Open for Ann' },
      { title: 'Acme', text: 'Shut' },
    ]);
  });

  it('leaves out whom it does not reach, and who turned it off', async () => {
    const { view } = await send('x_pager', {}, {});
    expect(view.plan.channels.x_pager).toEqual({ action: 'skip', reason: 'no_address' });
    const person = await addPerson(engine);
    const off = {
      channels: { x_pager: false },
      types: { mention: { x_pager: true, cadence: { x_pager: 'daily' } } },
    };
    const preferences = `/v1/subscribers/${person.id}/preferences`;
    expect(await engine.call('PATCH', preferences, off)).toMatchObject({ status: 200, body: off });
    const run = await notify(engine, person, { channels: ['x_pager'] });
    await run.handle.result();
    const plan = (await run.view()).plan as { channels: object };
    expect(plan.channels).toMatchObject({ x_pager: { reason: 'turned_off_by_person' } });
  });

  it('waits for its time, and goes out when it is told to', async () => {
    const person = await addPerson(engine);
    await engine.call('PATCH', `/v1/subscribers/${person.id}`, reachable);
    const run = await notify(engine, person, { channels: ['x_pager'], sendAt: inSeconds(3600) });
    expect(await run.untilStatus('held')).toMatchObject({
      plan: { channels: { x_pager: { action: 'hold' } } },
    });
    await run.tell('expedite');
    await run.handle.result();
    expect(await run.view()).toMatchObject({
      status: 'sent',
      plan: { channels: { x_pager: { action: 'send' } } },
    });
    expect(pagers.pages.size).toBe(1);
  });

  it('is retried, and neither its address nor a secret stands in the log', async () => {
    pagers.behave({ status: 503, body: `p-90210 is busy for ${pagers.key}` });
    const person = await addPerson(engine);
    await engine.call('PATCH', `/v1/subscribers/${person.id}`, reachable);
    const run = await notify(engine, person, { channels: ['x_pager'] });
    const retrying = await eventually(
      'the first attempt to fail',
      () => run.delivery('x_pager'),
      (delivery) => delivery?.status === 'retrying',
    );
    expect(retrying.attempts).toMatchObject([{ outcome: 'failed', failureReason: 'provider_error' }]);
    expect(JSON.stringify(retrying)).not.toMatch(/90210|k3y/);
    await run.tell('expedite');
    await run.handle.result();
    expect(await run.view()).toMatchObject({ status: 'sent', deliveries: [{ retryCount: 1 }] });
  });

  it('says at once what was collected for it', async () => {
    const person = await addPerson(engine);
    await engine.call('PATCH', `/v1/subscribers/${person.id}`, reachable);
    const collected = { channels: ['x_pager'], digestKey: 'contracts', digest: { period: 'PT1S' } };
    const runs = [await notify(engine, person, collected), await notify(engine, person, collected)];
    for (const run of runs) await run.untilStatus('sent');
    const pages = await eventually(
      'the digest to go out',
      () => Promise.resolve([...pagers.pages.values()]),
      (seen) => seen.length > 0,
    );
    expect(pages).toMatchObject([{ pager: 'p-90210', title: expect.stringContaining('2') as string }]);
  });

  it('is a channel like any other in settings, lists, suppressions, broadcasts and escalations', async () => {
    const settings = { limits: { sendsPerSecond: { x_pager: 50 } }, useDeployment: { x_pager: false } };
    expect(await engine.call('PATCH', '/v1/tenant', settings)).toMatchObject({ status: 200, body: settings });
    const { view, person } = await send('x_pager');
    const choices = await engine.call('GET', '/v1/me/types', undefined, {
      token: await tokenOf(engine, person.id),
    });
    expect(choices).toMatchObject({
      body: {
        items: expect.arrayContaining([
          expect.objectContaining({ supportedChannels: expect.arrayContaining(['x_pager']) as string[] }),
        ]) as object[],
      },
    });
    const { id } = view as { id: string };
    for (const list of ['deliveries', 'notifications']) {
      const found = await engine.call<{ items: object[] }>(
        'GET',
        `/v1/${list}?channel=x_pager&recipient=${person.id}`,
      );
      expect(found, list).toMatchObject({
        status: 200,
        body: { items: [{ id: list === 'notifications' ? id : (expect.any(String) as string) }] },
      });
    }
    const stopped = { channel: 'x_pager', address: 'p-0404' };
    expect((await engine.call('POST', '/v1/suppressions', stopped)).status).toBe(201);
    const after = await send('x_pager', {}, { attributes: { pagerId: 'p-0404' } });
    expect(after.view.plan.channels.x_pager).toMatchObject({
      reason: 'suppressed_address',
      detail: 'manual',
    });

    const broadcast = await engine.call<{ broadcastId: string }>('POST', '/v1/notifications', {
      type: 'direct',
      to: { recipients: [person.id] },
      content: { x_pager: { text: 'To all' } },
    });
    await eventually(
      'the broadcast’s page',
      () => Promise.resolve([...pagers.pages.values()]),
      (pages) => pages.some(({ text }) => text === 'To all'),
    );
    expect(broadcast.status).toBe(202);

    const escalating = await plan(engine, {
      ...{ type: 'mention', to: { recipient: person.id }, channels: ['in_app'] },
      escalation: [{ after: 'PT15M', channel: 'x_pager' }],
    });
    expect(
      (await engine.call<Full>('GET', `/v1/notifications/${escalating}`)).body.plan.channels,
    ).toMatchObject({
      x_pager: { action: 'hold', reason: 'escalation' },
    });
    await engine.call('POST', `/v1/notifications/${escalating}/cancel`, {});
  });

  const mention = { type: 'mention', to: { recipient: 'u-1' } };
  it.each<[string, 'GET' | 'POST' | 'PATCH', string, unknown, string]>([
    ['a trigger', 'POST', '/v1/notifications', { ...mention, channels: ['email', 'x_fax'] }, 'channels.1'],
    [
      'a content',
      'POST',
      '/v1/notifications',
      { ...mention, content: { x_fax: { text: 'a' } } },
      'content.x_fax',
    ],
    [
      'an escalation',
      'POST',
      '/v1/notifications',
      { ...mention, escalation: [{ after: 'PT1H', channel: 'x_fax' }] },
      'escalation.0.channel',
    ],
    ['a filter', 'GET', '/v1/deliveries?channel=x_fax', undefined, 'channel'],
    ['a redrive', 'POST', '/v1/deliveries/redrive', { filter: { channel: 'x_fax' } }, 'filter.channel'],
    ['a setting', 'PATCH', '/v1/tenant', { channelDefaults: { x_fax: true } }, 'channelDefaults.x_fax'],
    [
      'a name out of shape',
      'PATCH',
      '/v1/tenant',
      { channelDefaults: { x_Fax: true } },
      'channelDefaults.x_Fax',
    ],
    ['a suppression', 'POST', '/v1/suppressions', { channel: 'x_fax', address: '1' }, 'channel'],
  ])(
    'is refused by its name in %s where this deployment has none such',
    async (_what, method, path, body, at) => {
      const { status, body: refusal } = await engine.call(method, path, body);
      expect(status).toBe(400);
      expect(refusal.errors?.map((error) => error.path)).toContain(at);
    },
  );

  it('is refused in a batch in its place', async () => {
    const batch = [{ ...mention, channels: ['x_fax'] }];
    const { body } = await engine.call<{ items: object[] }>('POST', '/v1/notifications/batch', batch);
    expect(body.items).toMatchObject([{ statusCode: 400, errors: [{ path: 'channels.0' }] }]);
  });
});

describe('what a provider of one’s own tells later', () => {
  /** To the address that a page came with, as the service does it. */
  async function tell(state: string, { callback, pager, id }: Sent, key?: string): Promise<number> {
    const { body, headers } = pagers.event(callback, { id, pager, state }, key);
    const url = engine.url + callback.slice(publicUrl.length);
    return (await fetch(url, { method: 'POST', body, headers })).status;
  }
  interface Sent {
    callback: string;
    pager: string;
    id: string;
  }
  async function page(pager: string) {
    const { view } = await send('x_pager', {}, { attributes: { pagerId: pager } });
    const [taken] = pagers.pages.values();
    const { id, providerMessageId } = view.deliveries[0] as { id: string; providerMessageId: string };
    return { deliveryId: id, sent: { callback: taken?.callback ?? '', pager, id: providerMessageId } };
  }
  const delivery = async (id: string) => (await engine.call<Delivery>('GET', `/v1/deliveries/${id}`)).body;

  it('is what became of the delivery that its address names', async () => {
    const { deliveryId, sent } = await page('p-1001');
    expect(await tell('shown', sent)).toBe(200);
    expect(await delivery(deliveryId)).toMatchObject({ status: 'delivered', openedAt: null });
    expect(await tell('confirmed', sent)).toBe(200);
    expect((await delivery(deliveryId)).openedAt).not.toBeNull();
  });

  it('stops an address that there is not, and the next message says so', async () => {
    const { deliveryId, sent } = await page('p-1002');
    expect(await tell('unknown_pager', sent)).toBe(200);
    expect(await delivery(deliveryId)).toMatchObject({
      status: 'bounced',
      failureReason: 'invalid_recipient',
    });
    const next = await send('x_pager', {}, { attributes: { pagerId: 'p-1002' } });
    expect(next.view.plan.channels.x_pager).toMatchObject({
      reason: 'suppressed_address',
      detail: 'bounced',
    });
  });

  it('is refused where it is forged, and nothing is recorded of it', async () => {
    const [one, other] = [await page('p-1003'), (pagers.pages.clear(), await page('p-1004'))];
    expect(await tell('shown', one.sent, 'somebody else’s key')).toBe(403);
    // Signed by the service, and turned to another delivery.
    const { body, headers } = pagers.event(other.sent.callback, { ...other.sent, state: 'shown' });
    const turned = engine.url + one.sent.callback.slice(publicUrl.length);
    expect((await fetch(turned, { method: 'POST', body, headers })).status).toBe(403);
    expect(await delivery(one.deliveryId)).toMatchObject({ status: 'sent', deliveredAt: null });
  });

  it('has nobody to prove it where the module reads no callbacks', async () => {
    const answer = await fetch(`${engine.url}/hooks/${engine.tenantId}/gateway`, {
      method: 'POST',
      body: '{}',
    });
    expect(answer.status).toBe(404);
    const { body } = await engine.call<{ items: object[] }>('GET', '/v1/tenant/hooks');
    expect(body.items).toContainEqual({
      provider: 'pagerworks',
      url: `${publicUrl}/hooks/${engine.tenantId}/pagerworks`,
      ready: true,
    });
    expect(body.items).toHaveLength(5);
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
