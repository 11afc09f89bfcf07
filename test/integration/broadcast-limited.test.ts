import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  addPeople,
  addressOf,
  broadcastTo,
  ids,
  mailedTo,
  smallLanes,
  sumOf,
} from '../support/broadcasts.js';
import type { Broadcast } from '../support/broadcasts.js';
import { apiCaller, eventually, startEngine, type ApiCaller, type Engine } from '../support/engine.js';

const PROVIDER_PER_SECOND = 20;
const PEOPLE = 25;
const MAIL = { channels: ['email'] };

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: {
      ...smallLanes,
      CARILLON_PROVIDER_LIMITS: `email/smtp=${PROVIDER_PER_SECOND}`,
      // A page that waited in it would keep every other broadcast from being sent.
      CARILLON_BULK_PAGES: '1',
    },
  });
});
afterAll(() => engine.stop());

/** A tenant of the test's own, and the people whom it broadcasts to. */
interface Tenant {
  id: string;
  api: ApiCaller;
  people: string[];
}

/** @param perSecond mails that the tenant may send. Default: as many as it likes. */
async function newTenant(perSecond?: number): Promise<Tenant> {
  const id = `t-${randomBytes(5).toString('hex')}`;
  const api = apiCaller(engine.url, engine.bootstrapKey, id);
  await api('POST', '/v1/tenants', { id, name: 'Acme' });
  if (perSecond !== undefined)
    await api('PATCH', '/v1/tenant', { limits: { sendsPerSecond: { email: perSecond } } });
  const people = ids(id, PEOPLE);
  await addPeople({ api }, people);
  return { id, api, people };
}

const toAll = ({ id, api, people }: Tenant, more: object = {}): Promise<Broadcast> =>
  broadcastTo({ api, client: engine.client }, { to: { recipients: people }, ...MAIL, ...more }, id);

/**
 * Holds when the mails of these tenants came no faster than a bucket of one second's worth lets them, from `sinceMs`,
 * when nothing was out.
 */
function expectNoFaster(tenants: Tenant[], perSecond: number, sinceMs: number): void {
  const times = engine.smtp.mails
    .filter(({ envelope }) => tenants.some(({ id }) => envelope.to[0]?.startsWith(id)))
    .map(({ at }) => at.getTime() - sinceMs)
    .sort((one, other) => one - other);
  const soonest = times.map((_, index) => Math.max(0, ((index + 1 - perSecond) * 1000) / perSecond));
  // The clocks of the database and of this process have whole milliseconds.
  const early = times.filter((atMs, index) => atMs < (soonest[index] ?? 0) - 2);
  expect({ mails: times.length, early }).toEqual({ mails: tenants.length * PEOPLE, early: [] });
}

describe.concurrent('a broadcast that meets its tenant’s send limit', () => {
  it('mails everybody once in the end, and its counts add up', async () => {
    const tenant = await newTenant(10);
    const done = await (await toAll(tenant)).over();
    expect(done).toMatchObject({
      status: 'completed',
      total: PEOPLE,
      processed: PEOPLE,
      counts: { sent: PEOPLE },
    });
    expect(sumOf(done.counts)).toBe(PEOPLE);
    expect(mailedTo(engine, tenant.id)).toEqual(tenant.people.map(addressOf));
  });

  it('sends no faster than that', async () => {
    const tenant = await newTenant(5);
    const sinceMs = Date.now();
    await (await toAll(tenant)).over();
    expectNoFaster([tenant], 5, sinceMs);
  });

  it('waits in its run, and lets other broadcasts through the only slot there is', async () => {
    const tenant = await newTenant(0.01);
    const waiting = await toAll(tenant);
    await waiting.until('the first mail', ({ counts }) => counts.sent === 1);
    await waiting.untilIdle();

    const stranger = await newTenant();
    const passing = await (await toAll(stranger)).over();
    expect(passing.counts.sent).toBe(PEOPLE);
    expect(await waiting.view()).toMatchObject({ status: 'running', processed: 1, counts: { sent: 1 } });
    await waiting.tell('cancel');
    await waiting.untilStatus('cancelled');
  });

  it('stops at once when it is cancelled while it waits', async () => {
    const tenant = await newTenant(0.01);
    const broadcast = await toAll(tenant);
    await broadcast.until('the first mail', ({ counts }) => counts.sent === 1);
    await broadcast.untilIdle();
    await broadcast.tell('cancel');
    const { processed, counts } = await broadcast.untilStatus('cancelled');
    expect({ processed, sent: counts.sent, sum: sumOf(counts) }).toEqual({ processed: 1, sent: 1, sum: 1 });
  });

  it('goes on where it was when it was paused while it waited', async () => {
    const tenant = await newTenant(5);
    const broadcast = await toAll(tenant);
    await eventually(
      'a few mails',
      () => Promise.resolve(mailedTo(engine, tenant.id).length),
      (count) => count >= 5,
    );
    await broadcast.tell('pause');
    await broadcast.untilStatus('paused');
    await broadcast.tell('resume');
    expect(await broadcast.over()).toMatchObject({ status: 'completed', counts: { sent: PEOPLE } });
    expect(mailedTo(engine, tenant.id)).toEqual(tenant.people.map(addressOf));
  });
});

it('a broadcast that meets its tenant’s send limit is over when it expires, however many wait', async () => {
  const tenant = await newTenant(0.01);
  const expiresAt = new Date(Date.now() + 6_000).toISOString();
  const broadcast = await toAll(tenant, { expiresAt });
  await broadcast.until('the first mail', ({ counts }) => counts.sent === 1);
  const { status, counts } = await broadcast.over();
  expect({ status, sent: counts.sent, expired: counts.expired }).toEqual({
    status: 'completed',
    sent: 1,
    expired: PEOPLE - 1,
  });
});

describe('the broadcasts of several tenants that meet their provider’s send limit', () => {
  it('mail everybody once in the end, together no faster than that', async () => {
    const tenants = [await newTenant(), await newTenant(), await newTenant()];
    const sinceMs = Date.now();
    const broadcasts = await Promise.all(tenants.map((one) => toAll(one)));
    for (const broadcast of broadcasts) {
      expect(await broadcast.over()).toMatchObject({ status: 'completed', counts: { sent: PEOPLE } });
    }
    expectNoFaster(tenants, PROVIDER_PER_SECOND, sinceMs);
    for (const { id, people } of tenants) expect(mailedTo(engine, id)).toEqual(people.map(addressOf));
  });
});
