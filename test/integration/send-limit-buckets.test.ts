import { randomBytes } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import fc from 'fast-check';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSendLimits } from '../../activities/send-limits.js';
import type { SendsPerSecond } from '../../contracts/send-limits.js';
import { SendLimitBuckets } from '../../models/send-limits.js';
import { openMongo } from '../../runtime/mongodb.js';
import { withDatabase } from '../support/servers.js';

/** As two workers have them. */
let connections: Connection[];
let workers: SendLimitBuckets[];
let buckets: SendLimitBuckets;

beforeAll(async () => {
  const uri = withDatabase(inject('mongodbUri'), `test_${randomBytes(6).toString('hex')}`);
  connections = [openMongo(uri, { name: 'test-1' }), openMongo(uri, { name: 'test-2' })];
  await Promise.all(connections.map((connection) => connection.asPromise()));
  workers = connections.map((connection) => new SendLimitBuckets(connection));
  [buckets] = workers as [SendLimitBuckets];
  await connections[0]?.model('SendLimit').createIndexes();
});
afterAll(async () => {
  await connections[0]?.dropDatabase();
  await Promise.all(connections.map((connection) => connection.close()));
});

const newKey = () => `provider/${randomBytes(6).toString('hex')}`;
const workerOf = (index: number) => workers[index % workers.length] ?? buckets;
const rows = () =>
  connections[0]?.db?.collection<{ _id: string; fullAtMs: number; fullAt: Date }>('sendLimits');

/** A clock that runs from now on, in milliseconds. */
function stopwatch(): () => number {
  const startedAt = performance.now();
  return () => performance.now() - startedAt;
}

/** The server's clock has whole milliseconds. */
const TICK_MS = 1;

describe('a bucket', () => {
  it('gives a second’s worth at once, and says when the rest is there', async () => {
    const key = newKey();
    expect(await buckets.take(key, { perSecond: 5, count: 8 })).toEqual({ granted: 5, retryAfterMs: 600 });
    const { granted, retryAfterMs } = await buckets.take(key, { perSecond: 5, count: 8 });
    expect(granted).toBeLessThanOrEqual(1);
    expect(retryAfterMs).toBeGreaterThan(0);
  });

  it('holds one token where the rate is less than one a second', async () => {
    const key = newKey();
    const elapsed = stopwatch();
    const slow = { perSecond: 0.1 };
    expect(await buckets.reserve(key, slow)).toEqual({ startsInMs: 0 });
    const second = (await buckets.reserve(key, slow))?.startsInMs;
    expect(second).toBeLessThanOrEqual(10_000);
    expect(second).toBeGreaterThanOrEqual(10_000 - elapsed() - TICK_MS);
  });

  it('gives every reservation a place of its own, at an even rate, whichever worker asks', async () => {
    const key = newKey();
    const elapsed = stopwatch();
    const asked = Array.from({ length: 60 }, (_, index) => workerOf(index).reserve(key, { perSecond: 20 }));
    const places = (await Promise.all(asked)).map((place) => place?.startsInMs ?? NaN).sort((a, b) => a - b);
    const tookMs = elapsed() + TICK_MS;
    for (const [index, startsInMs] of places.entries()) {
      const exactMs = Math.max(0, (index - 19) * 50);
      expect(startsInMs).toBeLessThanOrEqual(exactMs);
      expect(startsInMs).toBeGreaterThanOrEqual(exactMs - tookMs);
    }
  });

  it('reserves nothing for what cannot wait so long', async () => {
    const key = newKey();
    const perSecond = 0.1;
    await buckets.reserve(key, { perSecond });
    for (let count = 0; count < 20; count += 1) {
      expect(await buckets.reserve(key, { perSecond, withinMs: 0 })).toBeUndefined();
    }
    const next = await buckets.reserve(key, { perSecond, withinMs: 10_000 });
    expect(next?.startsInMs).toBeLessThanOrEqual(10_000);
  });

  it('lets reserved sends go before those that only take', async () => {
    const key = newKey();
    const elapsed = stopwatch();
    for (let count = 0; count < 50; count += 1) await buckets.reserve(key, { perSecond: 10 });
    const taken = await buckets.take(key, { perSecond: 10, count: 3 });
    expect(taken.granted).toBe(0);
    expect(taken.retryAfterMs).toBeGreaterThanOrEqual(4100 - elapsed() - TICK_MS);
  });

  it('has again what was given back', async () => {
    const key = newKey();
    await buckets.take(key, { perSecond: 50, count: 50 });
    await buckets.giveBack(key, { perSecond: 50, count: 30 });
    expect(await buckets.take(key, { perSecond: 50, count: 30 })).toEqual({ granted: 30, retryAfterMs: 0 });
  });

  it('is born once, however many ask for it first', async () => {
    for (let round = 0; round < 20; round += 1) {
      const key = newKey();
      const elapsed = stopwatch();
      const asked = Array.from({ length: 16 }, (_, index) =>
        workerOf(index).take(key, { perSecond: 4, count: 1 }),
      );
      const granted = (await Promise.all(asked)).reduce((sum, taken) => sum + taken.granted, 0);
      expect(granted).toBeGreaterThanOrEqual(4);
      expect(granted).toBeLessThanOrEqual(4 + (4 * (elapsed() + TICK_MS)) / 1000);
    }
  });

  it('is removed when it is full again and nobody asks', async () => {
    const key = newKey();
    await buckets.take(key, { perSecond: 2, count: 2 });
    const row = await rows()?.findOne({ _id: key });
    expect(row?.fullAt.getTime()).toBe(Math.floor(row?.fullAtMs ?? 0));
    expect(await rows()?.indexes()).toContainEqual(
      expect.objectContaining({ key: { fullAt: 1 }, expireAfterSeconds: 60 }),
    );
  });

  it('never gives more than its rate, and keeps nobody from it, when many empty it', async () => {
    const key = newKey();
    const perSecond = 40;
    const each = 15;
    const elapsed = stopwatch();
    const grants: { atMs: number; granted: number }[] = [];
    const takers = Array.from({ length: 10 }, async (_, index) => {
      for (let got = 0; got < each;) {
        const taken = await workerOf(index).take(key, { perSecond, count: each - got });
        got += taken.granted;
        grants.push({ atMs: elapsed() + TICK_MS, granted: taken.granted });
        await pass(taken.retryAfterMs);
      }
    });
    await Promise.all(takers);
    let total = 0;
    for (const { atMs, granted } of grants.sort((a, b) => a.atMs - b.atMs)) {
      total += granted;
      expect(total).toBeLessThanOrEqual(perSecond + (perSecond * atMs) / 1000);
    }
    expect(total).toBe(150);
    // 150 at 40 a second, of which 40 at once, take 2.75 s.
    expect(elapsed()).toBeLessThan(15_000);
  });

  it('keeps to its rate for any rate and any sequence of calls', async () => {
    const call = fc.oneof(
      fc.record({ kind: fc.constant('reserve' as const) }),
      fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 500 }) }),
      fc.record({
        kind: fc.constant('give back' as const),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    );
    const rate = fc.oneof(
      fc.double({ min: 0.01, max: 10_000, noNaN: true }),
      fc.constantFrom(0.01, 1, 3, 7, 9_999),
    );
    await fc.assert(
      fc.asyncProperty(rate, fc.array(call, { maxLength: 12 }), async (perSecond, calls) => {
        const key = newKey();
        const capacity = Math.max(1, perSecond);
        const elapsed = stopwatch();
        /** All that the bucket may have given until now. */
        const allowed = () => capacity + (perSecond * (elapsed() + TICK_MS)) / 1000 + 0.01;
        let used = 0;
        let last = 0;
        for (const [index, next] of calls.entries()) {
          const worker = workerOf(index);
          if (next.kind === 'reserve') {
            const place = await worker.reserve(key, { perSecond });
            used += 1;
            expect(used - (perSecond * (place?.startsInMs ?? NaN)) / 1000).toBeLessThanOrEqual(allowed());
            last = 0;
          } else if (next.kind === 'take') {
            const taken = await worker.take(key, { perSecond, count: next.count });
            expect(Number.isInteger(taken.granted)).toBe(true);
            expect(taken.granted).toBeLessThanOrEqual(next.count);
            expect(taken.retryAfterMs === 0).toBe(taken.granted === next.count);
            used += taken.granted;
            if (taken.granted > 0) expect(used).toBeLessThanOrEqual(allowed());
            last = taken.granted;
          } else {
            const count = Math.floor(last * next.share);
            await worker.giveBack(key, { perSecond, count });
            used -= count;
            last = 0;
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the limits of a tenant and of a provider', () => {
  const tenant = (sendsPerSecond: SendsPerSecond, id = `t-${randomBytes(5).toString('hex')}`) => ({
    id,
    limits: { sendsPerSecond },
  });
  const limitsWith = (provider: string, perSecond?: number) =>
    createSendLimits({
      buckets,
      providerLimits: new Map(perSecond === undefined ? [] : [[`email/${provider}`, perSecond]]),
    });

  it('are not asked, read or written where none is set', async () => {
    const before = await rows()?.countDocuments();
    const free = limitsWith('other', 1);
    const acme = tenant({ sms: 1 });
    expect(free.of(acme, 'email', 'smtp')).toEqual([]);
    expect(free.of(acme, 'in_app', 'inbox')).toEqual([]);
    expect(await free.turn(acme, 'email', 'smtp')).toEqual({ status: 'now' });
    expect(await free.takeUpTo(acme, 'email', 'smtp', 500)).toEqual({ granted: 500, retryAfterMs: 0 });
    expect(await rows()?.countDocuments()).toBe(before);
  });

  it('grant a page the smaller of the two, and keep nothing of what the other refused', async () => {
    const provider = newKey();
    const acme = tenant({ email: 50 });
    const elapsed = stopwatch();
    const page = await limitsWith(provider, 20).takeUpTo(acme, 'email', provider, 40);
    expect(page.granted).toBe(20);
    expect(page.retryAfterMs).toBeGreaterThan(0);
    const { granted } = await limitsWith('none').takeUpTo(acme, 'email', 'none', 100);
    expect(granted).toBeGreaterThanOrEqual(30);
    expect(granted).toBeLessThanOrEqual(30 + (50 * (elapsed() + TICK_MS)) / 1000);
  });

  it('grant a page nothing, and take nothing from the provider, when the tenant has none left', async () => {
    const provider = newKey();
    const limits = limitsWith(provider, 20);
    const acme = tenant({ email: 0.01 });
    expect((await limits.takeUpTo(acme, 'email', provider, 5)).granted).toBe(1);
    for (let count = 0; count < 5; count += 1) {
      const { granted, retryAfterMs } = await limits.takeUpTo(acme, 'email', provider, 5);
      expect(granted).toBe(0);
      expect(retryAfterMs).toBeGreaterThan(90_000);
    }
    expect((await limits.takeUpTo(tenant({}), 'email', provider, 19)).granted).toBe(19);
  });

  it('are one for all tenants at a provider', async () => {
    const provider = newKey();
    const limits = limitsWith(provider, 0.01);
    expect(await limits.turn(tenant({}), 'email', provider)).toEqual({ status: 'now' });
    expect(await limits.turn(tenant({ email: 100 }), 'email', provider)).toMatchObject({
      status: 'later',
      limit: { of: 'provider' },
    });
  });

  it('queue a send at the provider only when its tenant’s turn has come', async () => {
    const provider = newKey();
    const limits = limitsWith(provider, 0.02);
    const acme = tenant({ email: 0.01 });
    expect(await limits.turn(acme, 'email', provider)).toEqual({ status: 'now' });
    const waiting = await limits.turn(acme, 'email', provider);
    expect(waiting).toMatchObject({ status: 'later', limit: { of: 'tenant', perSecond: 0.01 } });
    // The provider's next place, 50 s on, is still free.
    const stranger = await limits.turn(tenant({}), 'email', provider);
    expect(stranger).toMatchObject({ status: 'later', limit: { of: 'provider' } });
    expect(stranger.status === 'later' && stranger.inMs).toBeLessThanOrEqual(50_000);
    const passed = waiting.status === 'later' ? waiting.limit.key : '';
    const after = await limits.turn(acme, 'email', provider, { passed });
    expect(after).toMatchObject({ status: 'later', limit: { of: 'provider' } });
    expect(after.status === 'later' && after.inMs).toBeGreaterThan(50_000);
    expect(await limits.turn(acme, 'email', provider, { passed, withinMs: 50_000 })).toMatchObject({
      status: 'too_late',
    });
  });

  it('begin anew where the rate is another', async () => {
    const acme = tenant({ email: 0.01 });
    const limits = limitsWith('none');
    await limits.turn(acme, 'email', 'smtp');
    expect((await limits.turn(acme, 'email', 'smtp')).status).toBe('later');
    expect(await limits.turn(tenant({ email: 5 }, acme.id), 'email', 'smtp')).toEqual({ status: 'now' });
  });
});
