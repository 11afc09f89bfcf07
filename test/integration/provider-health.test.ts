import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeliveryRow } from '../../models/delivery-schema.js';
import { DOWN_AFTER } from '../../models/provider-health.js';
import { addPerson, notify } from '../support/runs.js';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.js';
import { startChecked, type CheckedEngine, type Page } from '../unit/api-checked.js';

interface Provider {
  provider: string;
  health: {
    status: string;
    since: string | null;
    waiting: number;
    lastSentAt: string | null;
    lastFailure: { at: string; failureReason: string; providerResponse: string | null } | null;
  };
}

const path = '/v1/tenant/channels/email/providers';
const password = `pw-${randomBytes(9).toString('hex')}`;
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

async function store(pass: string): Promise<void> {
  const credentials = { host: '127.0.0.1', port: own.port, user: 'acme', pass, from: 'own@acme.example' };
  await engine.call('PUT', `${path}/smtp`, { credentials });
}

async function send(): Promise<string> {
  const person = await addPerson(engine);
  const run = await notify(engine, person, { channels: ['email'] });
  await run.handle.result();
  return person.email;
}

/** As listed, which is as it is shown alone. */
async function health(): Promise<Provider['health'] | undefined> {
  const { body: listed } = await engine.call<Page<Provider>>('GET', path);
  const { body: alone } = await engine.call<Provider>('GET', `${path}/smtp`);
  expect(listed.items).toEqual([alone]);
  return alone.health;
}

it('is unknown before the first send, up after it, and in doubt after credentials that do not work', async () => {
  // By the deployment's of the same name, which says nothing of the tenant's.
  await send();
  await store(password);
  expect(await health()).toEqual({
    status: 'unknown',
    since: null,
    waiting: 0,
    lastSentAt: null,
    lastFailure: null,
  });
  await send();
  const up = await health();
  expect(up).toMatchObject({ status: 'up', since: null, lastFailure: null });
  expect(Date.parse(up?.lastSentAt ?? '')).toBeGreaterThan(Date.now() - 60_000);

  await store('wrong');
  expect(await health()).toMatchObject({ status: 'unknown', lastFailure: null });
  const email = await send();
  const doubtful = await health();
  expect(doubtful).toMatchObject({
    status: 'unknown',
    lastSentAt: up?.lastSentAt,
    lastFailure: { failureReason: 'auth_error', providerResponse: expect.stringContaining('535') },
  });
  expect(JSON.stringify(doubtful)).not.toMatch(new RegExp(`${email}|${password}|wrong`));
});

it('is down with its beginning, its latest failure and how many wait, in the channels’ list too', async () => {
  const { tenantId, models } = engine;
  const place = { tenantId, channel: 'email', provider: 'smtp' } as const;
  for (let found = 0; found < DOWN_AFTER.deliveries; found += 1) {
    await models.providerHealth.foundDown(place, {
      deliveryId: `n-${found}`,
      reason: 'network_error',
      response: '$nobody answered',
    });
  }
  const sent = await models.deliveries.model.findOne({ tenantId, channel: 'email' }).lean<DeliveryRow>();
  if (!sent) throw new Error('nothing was sent');
  const parked = { provider: 'email/smtp', priority: 3, at: new Date() };
  await models.deliveries.insert([
    { ...sent, _id: `${tenantId}/n-1-email`, id: 'n-1-email', status: 'parked', attempts: [], parked },
  ]);

  const down = await health();
  expect(down).toMatchObject({
    status: 'down',
    waiting: 1,
    lastFailure: { failureReason: 'network_error', providerResponse: '$nobody answered' },
  });
  const since = down?.since;
  expect(Date.parse(since ?? '')).toBeGreaterThan(Date.now() - 60_000);
  const { body } = await engine.call<Page<{ channel: string; down: unknown[] }>>(
    'GET',
    '/v1/tenant/channels',
  );
  const downOf = (name: string) => body.items.find(({ channel }) => channel === name)?.down;
  expect(downOf('email')).toEqual([{ provider: 'smtp', since, waiting: 1 }]);
  expect(downOf('sms')).toEqual([]);

  await models.providerHealth.stillDown(place, { reason: 'provider_error' });
  expect(await health()).toMatchObject({
    status: 'down',
    since,
    lastFailure: { failureReason: 'provider_error', providerResponse: null },
  });
  await models.providerHealth.beginDraining(place);
  expect(await health()).toMatchObject({ status: 'up', since: null, waiting: 1 });
});
