import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { rollUpAll } from '../../activities/housekeeping/roll-up.js';
import type { Period } from '../../api/analytics/period.js';
import { readFigures, type FigureFilter } from '../../api/analytics/read-figures.js';
import { Report } from '../../api/analytics/report.js';
import { buildIndexes, createModels, type Models } from '../../models/models.js';
import type { DeliveryRow } from '../../models/delivery-schema.js';
import { LATENCY_ERROR } from '../../models/latency-bins.js';
import { SLOT_MS, slotOf } from '../../models/rollup-slots.js';
import { createLogger } from '../../runtime/logger.js';
import { openMongo } from '../../runtime/mongodb.js';
import { eventually } from '../support/engine.js';
import { delivery, recount } from '../support/recount.js';
import { withDatabase } from '../support/servers.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const zone = 'Asia/Kathmandu';

let mongo: Connection;
let models: Models;
let tenantId: string;

beforeAll(async () => {
  mongo = openMongo(withDatabase(inject('mongodbUri'), `rollups_${randomBytes(4).toString('hex')}`), {
    name: 'test',
  });
  await mongo.asPromise();
  models = createModels(mongo, undefined);
  await buildIndexes(mongo);
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});
beforeEach(async () => {
  tenantId = `t${randomBytes(4).toString('hex')}`;
  await models.tenants.create({ id: tenantId, name: 'Acme', timezone: 'UTC', locale: 'en' });
});

const rollUp = () => rollUpAll({ models, log: createLogger({ level: 'silent', name: 'test' }) });
const store = (...rows: DeliveryRow[]) => models.deliveries.insert(rows);
const change = (id: string, fields: Partial<DeliveryRow>) =>
  models.deliveries.model.updateOne({ tenantId, id }, { $set: { ...fields, updatedAt: new Date() } });

async function report(period: Period, filter: FigureFilter = {}) {
  const made = new Report(period, filter.role);
  const asOf = await readFigures(models, tenantId, period, filter, made);
  return made.answer(zone, asOf);
}

type Breakdown = Pick<
  Awaited<ReturnType<typeof report>>['types'][number],
  'sent' | 'failed' | 'average_latency_ms' | 'open_rate'
>;

const lastDays = (days: number): Period => {
  const toMs = slotOf(Date.now()) + SLOT_MS;
  return { fromMs: toMs - days * DAY_MS, toMs };
};

const allRows = () => mongo.collection<DeliveryRow>('deliveries').find({ tenantId }).toArray();

/** The report beside a recount of every delivery that there is. */
async function expectExact(period: Period, filter: FigureFilter = {}): Promise<void> {
  const answer = await report(period, filter);
  const { latencies, failures, channels, types, templates, roles, ...counted } = recount(
    await allRows(),
    period,
    zone,
    filter,
  );
  expect(answer).toMatchObject(counted);
  const named = <Part extends Breakdown>(parts: Part[], nameOf: (part: Part) => string) =>
    Object.fromEntries(
      parts.map((part) => {
        const { sent, failed, average_latency_ms, open_rate } = part;
        return [nameOf(part), { sent, failed, average_latency_ms, open_rate }];
      }),
    );
  expect(named(answer.channels, ({ channel }) => channel)).toEqual(channels);
  expect(named(answer.types, ({ type }) => type)).toEqual(types);
  expect(named(answer.templates, (one) => `${one.template} ${one.channel} ${one.type}`)).toEqual(templates);
  expect(named(answer.roles, ({ role }) => role)).toEqual(roles);
  expect(
    Object.fromEntries(
      answer.failure_patterns.map((one) => [
        `${one.failure_reason} ${one.channel} ${one.provider}`,
        one.count,
      ]),
    ),
  ).toEqual(failures);
  for (const [name, share] of Object.entries({ p50: 0.5, p95: 0.95, p99: 0.99 })) {
    const told = answer.latency_ms[name as 'p50'];
    const exact = latencies[Math.max(0, Math.ceil(share * latencies.length) - 1)];
    if (exact === undefined) expect(told).toBeNull();
    else
      expect(Math.abs(Number(told) - exact)).toBeLessThanOrEqual(Math.max(1, exact * LATENCY_ERROR * 1.0001));
  }
}

describe('the figures', () => {
  const facts = fc.record({
    ageMinutes: fc.integer({ min: 0, max: 3 * 24 * 60 }),
    channel: fc.constantFrom('in_app' as const, 'email' as const, 'sms' as const),
    type: fc.constantFrom('mention', 'system'),
    template: fc.constantFrom(undefined, 'tpl_1', 'tpl_2'),
    roles: fc.uniqueArray(fc.constantFrom('admin', 'auditor', 'guest'), { maxLength: 3 }),
    status: fc.constantFrom('pending' as const, 'sent' as const, 'failed' as const, 'skipped' as const),
    latencyMs: fc.integer({ min: 0, max: 100_000 }),
  });
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), facts }),
    fc.record({
      do: fc.constant('change' as const),
      which: fc.nat(),
      to: fc.constantFrom(
        { status: 'sent' as const },
        { status: 'delivered' as const },
        { status: 'failed' as const, failureReason: 'network_error' as const },
        { status: 'bounced' as const, failureReason: 'invalid_recipient' as const },
        { openedAt: new Date() },
        { clickedAt: new Date() },
      ),
    }),
    fc.record({ do: fc.constant('recount' as const), ageSlots: fc.integer({ min: 0, max: 300 }) }),
    fc.record({ do: fc.constant('roll up' as const) }),
  );

  it('are those of a recount, whatever changed when, and in whatever order it was counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await mongo.collection('deliveries').deleteMany({ tenantId });
        tenantId = `t${randomBytes(4).toString('hex')}`;
        await models.tenants.create({ id: tenantId, name: 'Acme', timezone: 'UTC', locale: 'en' });
        let added = 0;
        for (const one of steps) {
          if (one.do === 'add') await store(delivery(tenantId, `d${added++}`, one.facts));
          else if (one.do === 'change') {
            if (added > 0) await change(`d${one.which % added}`, one.to);
          } else if (one.do === 'recount') {
            await models.rollups.recount(tenantId, [slotOf(Date.now()) - one.ageSlots * SLOT_MS]);
          } else await rollUp();
        }
        await rollUp();
        await expectExact(lastDays(4));
        await expectExact(lastDays(4), { role: 'admin' });
        await expectExact(lastDays(3), { type: 'mention' });
        await expectExact(lastDays(3), { channel: 'in_app' });
        await expectExact(lastDays(2), { channel: 'email', template: '' });
        // Neither end on a day of UTC, and whole days between them.
        const toMs = slotOf(Date.now() - 5 * HOUR_MS);
        await expectExact({ fromMs: toMs - 2 * DAY_MS - 3 * SLOT_MS, toMs });
      }),
      { numRuns: 12 },
    );
  });

  it('have what was triggered since the last time, and what changed before', async () => {
    await store(delivery(tenantId, 'old', { ageMinutes: 600 }));
    await rollUp();
    await store(delivery(tenantId, 'new', { ageMinutes: 0 }));
    await expectExact(lastDays(2));
  });

  it('have a callback that comes days late, the next time they are counted', async () => {
    await store(delivery(tenantId, 'd', { ageMinutes: 3 * 24 * 60 }));
    await rollUp();
    await change('d', { status: 'bounced', failureReason: 'invalid_recipient' });
    expect((await report(lastDays(4))).total_failed).toBe(0);
    await rollUp();
    expect(await report(lastDays(4))).toMatchObject({ total_sent: 0, total_failed: 1 });
    await expectExact(lastDays(4));
  });

  it('tell up to when changes are in them', async () => {
    const before = Date.now();
    await store(delivery(tenantId, 'd'));
    await rollUp();
    expect(Date.parse((await report(lastDays(1))).as_of ?? '')).toBeGreaterThanOrEqual(before);
    expect((await models.rollups.staleSince(tenantId)) ?? null).toBeNull();
  });

  it('stay as they were when deliveries are purged', async () => {
    const purgeAt = new Date(Date.now() + 60);
    await store(delivery(tenantId, 'gone', { ageMinutes: 300, purgeAt }));
    await store(delivery(tenantId, 'kept', { ageMinutes: 300 }));
    await rollUp();
    await mongo.collection('deliveries').deleteMany({ tenantId, id: 'gone' });
    await eventually(
      'the time',
      () => Promise.resolve(Date.now()),
      (now) => now > purgeAt.getTime(),
    );
    await change('kept', { openedAt: new Date() });
    await rollUp();
    expect((await report(lastDays(1))).total_sent).toBe(2);
    expect((await models.rollups.staleSince(tenantId)) ?? null).toBeNull();
  });

  it('are right when the same quarter of an hour is counted by several at once', async () => {
    const slotMs = slotOf(Date.now() - 2 * HOUR_MS);
    for (let round = 0; round < 5; round += 1) {
      await store(delivery(tenantId, `d${round}`, { createdAt: new Date(slotMs + 1000) }));
      await Promise.all(Array.from({ length: 4 }, () => models.rollups.recount(tenantId, [slotMs])));
    }
    await rollUp();
    await expectExact(lastDays(1));
  });

  it('are worked off in portions after a long absence', async () => {
    for (let hours = 0; hours < 30; hours += 5) {
      await store(delivery(tenantId, `d${hours}`, { ageMinutes: hours * 60 }));
      const updatedAt = new Date(Date.now() - hours * HOUR_MS);
      await models.deliveries.model.updateOne({ tenantId, id: `d${hours}` }, { $set: { updatedAt } });
    }
    await rollUp();
    await expectExact(lastDays(2));
  });

  it('know of nobody else’s deliveries', async () => {
    await store(delivery(tenantId, 'd', { ageMinutes: 200 }));
    await rollUp();
    tenantId = `t${randomBytes(4).toString('hex')}`;
    await models.tenants.create({ id: tenantId, name: 'Other', timezone: 'UTC', locale: 'en' });
    await rollUp();
    expect(await report(lastDays(1))).toMatchObject({ total_sent: 0, types: [] });
  });

  it('leave what takes long to count alone for a while', async () => {
    const slotMs = slotOf(Date.now());
    await models.rollups.markStale(tenantId, [slotMs], new Date());
    await mongo
      .collection('rollupSlots')
      .updateOne({ tenantId }, { $set: { notBefore: new Date(Date.now() + 60_000) } });
    expect(await models.rollups.stale(tenantId, 10, new Date())).toEqual([]);
    expect(await models.rollups.stale(tenantId, 10, new Date(Date.now() + 61_000))).toEqual([slotMs]);
  });
});

describe('what is learned', () => {
  const person = (id: string, timezone: string | null = 'Asia/Tokyo') =>
    models.subscribers.upsert(tenantId, id, { timezone });
  const insights = (id: string) => models.insights.find(tenantId, id, Date.now());

  it('is the hour of the person’s day and the channel, counted once however often it is looked at', async () => {
    await person('u-1');
    const openedAt = new Date();
    const hour = (openedAt.getUTCHours() + 9) % 24;
    await store(delivery(tenantId, 'd', { openedAt, clickedAt: openedAt }));
    await rollUp();
    await change('d', { repliedAt: openedAt });
    await rollUp();
    await rollUp();
    const known = await insights('u-1');
    expect(known?.observations).toBe(3);
    expect(known?.hours[hour]).toBeCloseTo(5, 3);
    expect(known?.channels).toEqual({ email: expect.closeTo(5, 3) });
    expect((await models.insights.ofTenant(tenantId, Date.now()))?.observations).toBe(3);
  });

  it('counts half after sixty days', async () => {
    await person('u-1');
    await store(delivery(tenantId, 'd', { openedAt: new Date() }));
    await rollUp();
    const later = await models.insights.find(tenantId, 'u-1', Date.now() + 60 * DAY_MS);
    expect(later?.channels.email).toBeCloseTo(0.5, 3);
    expect(later?.observations).toBe(1);
  });

  it('is nothing of who does not want it, and of bare addresses', async () => {
    await person('u-1');
    await models.preferences.change(tenantId, 'u-1', (now) => ({ ...now, insights: false }));
    await store(delivery(tenantId, 'd1', { openedAt: new Date() }));
    await store(delivery(tenantId, 'd2', { openedAt: new Date(), recipientId: 'a-hash' }));
    await rollUp();
    expect(await insights('u-1')).toBeUndefined();
    expect(await insights('a-hash')).toBeUndefined();
  });

  it('is of the tenant’s zone for a person who gave none', async () => {
    await person('u-1', null);
    const openedAt = new Date();
    await store(delivery(tenantId, 'd', { openedAt }));
    await rollUp();
    expect((await insights('u-1'))?.hours[openedAt.getUTCHours()]).toBeCloseTo(1, 3);
  });
});
