import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { DeliveryStatus } from '../../contracts/statuses.js';
import type { Attempt, DeliveryRow } from '../../models/delivery-schema.js';
import { buildIndexes, createModels, type Models } from '../../models/models.js';
import { explainer, type Explained } from '../support/explained.js';
import { withDatabase } from '../support/servers.js';

const tenant = 'acme';
const start = Date.UTC(2026, 2, 1);
const time = (seconds: number) => new Date(start + seconds * 1000);
const purgeAt = new Date(Date.now() + 3_600_000);
const attempt: Attempt = { at: time(0), durationMs: 10, provider: 'twilio', kind: 'first', outcome: 'sent' };

let mongo: Connection;
let models: Models;
let explain: (query: () => Promise<unknown>) => Promise<Explained[]>;
let count = 0;

beforeAll(async () => {
  const uri = withDatabase(inject('mongodbUri'), `feedback_${randomBytes(4).toString('hex')}`);
  mongo = mongoose.createConnection(uri, { monitorCommands: true, autoIndex: false, autoCreate: false });
  await mongo.asPromise();
  models = createModels(mongo, undefined);
  await buildIndexes(mongo);
  explain = explainer(mongo);
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});

/** A delivery whose first attempt is under way. */
async function delivery(changes: Partial<DeliveryRow> = {}): Promise<string> {
  const id = `ntf_${(count += 1)}-sms`;
  const row: DeliveryRow = {
    _id: `${tenant}/${id}`,
    tenantId: tenant,
    id,
    notificationId: `ntf_${count}`,
    recipientId: 'u-1',
    type: 'direct',
    channel: 'sms',
    targetHash: 'h',
    target: '+33•••01',
    status: 'sending',
    provider: 'twilio',
    retryCount: 0,
    attempts: [{ at: attempt.at, provider: 'twilio', kind: 'first', outcome: 'started' }],
    createdAt: time(0),
    updatedAt: time(0),
    purgeAt,
    ...changes,
  };
  await models.deliveries.model.collection.insertOne(row as never);
  return id;
}
async function stored(id: string): Promise<DeliveryRow> {
  const row = await models.deliveries.find(tenant, id);
  if (!row) throw new Error(`${id} is gone`);
  return row;
}

type Step = { what: 'sent' | 'delivered' | 'bounced' | 'opened' | 'clicked' | 'replied'; at: number };
const bounce = (at: number) => ({
  failureReason: at % 2 === 0 ? ('invalid_recipient' as const) : ('provider_error' as const),
  provider: 'twilio',
  providerMessageId: 'SM1',
});

async function take(id: string, { what, at }: Step): Promise<void> {
  const { deliveryAttempts, deliveryFeedback: feedback } = models;
  if (what === 'sent')
    await deliveryAttempts.markSent(tenant, id, attempt, { providerMessageId: 'SM1', retryCount: 0 });
  if (what === 'delivered') await feedback.markDelivered(tenant, id, time(at));
  if (what === 'bounced') await feedback.markBounced(tenant, id, time(at), bounce(at));
  if (what === 'opened') await feedback.markOpened(tenant, id, time(at));
  if (what === 'clicked') await feedback.markClicked(tenant, id, time(at));
  if (what === 'replied') await feedback.markReplied(tenant, id, time(at));
}

describe('what is told of a delivery', () => {
  const step = fc.record<Step>({
    what: fc.constantFrom('delivered', 'bounced', 'opened', 'clicked', 'replied'),
    at: fc.integer({ min: 1, max: 5 }),
  });

  it('comes to the same in any order, however often, and whenever the send itself is recorded', async () => {
    const orders = fc
      .array(step, { minLength: 1, maxLength: 5 })
      .map((steps): Step[] => [{ what: 'sent', at: 0 }, ...steps])
      .chain((steps) => {
        const any = fc.shuffledSubarray([...steps, ...steps.slice(1)], {
          minLength: steps.length * 2 - 1,
        });
        return fc.tuple(fc.constant(steps), any);
      });
    await fc.assert(
      fc.asyncProperty(orders, async ([inOrder, anyOrder]) => {
        const [one, other] = await Promise.all([delivery(), delivery()]);
        for (const next of inOrder) await take(one, next);
        for (const next of anyOrder) await take(other, next);
        const shown = async (id: string) => {
          const { _id, id: _own, notificationId, updatedAt, ...row } = await stored(id);
          expect(updatedAt.getTime(), [_id, notificationId].join()).toBeGreaterThan(time(0).getTime());
          return row;
        };
        expect(await shown(other)).toEqual(await shown(one));
      }),
      { numRuns: 60 },
    );
  });

  it('is written with the time of the change, and only where it changes something', async () => {
    const id = await delivery();
    const before = await models.deliveryFeedback.markDelivered(tenant, id, time(2));
    expect(before).toMatchObject({ status: 'sending' });
    const { updatedAt, ...row } = await stored(id);
    expect(row).toMatchObject({ status: 'delivered', deliveredAt: time(2) });
    expect(await models.deliveryFeedback.markDelivered(tenant, id, time(3))).toBeUndefined();
    expect((await stored(id)).updatedAt).toEqual(updatedAt);
  });

  it('is nothing for what never went out, and for what there is not', async () => {
    for (const status of ['skipped', 'cancelled', 'expired'] satisfies DeliveryStatus[]) {
      const id = await delivery({ status });
      for (const what of ['delivered', 'bounced', 'opened', 'clicked', 'replied'] as const)
        await take(id, { what, at: 1 });
      expect(await stored(id)).toMatchObject({ status, updatedAt: time(0) });
    }
    expect(await models.deliveryFeedback.markDelivered(tenant, 'ntf_none-sms', time(1))).toBeUndefined();
    const id = await delivery();
    expect(await models.deliveryFeedback.markDelivered('other', id, time(1))).toBeUndefined();
  });

  it('ends the attempts at what seemed to have failed', async () => {
    const id = await delivery({ status: 'retrying' });
    await take(id, { what: 'delivered', at: 1 });
    expect(await models.deliveryAttempts.claim(tenant, id, { ...attempt, at: time(2) })).toBeUndefined();
  });
});

describe('a bounce', () => {
  it('is not of what another provider sent meanwhile, nor of an earlier message', async () => {
    const id = await delivery({ status: 'sent', provider: 'gateway' });
    await take(id, { what: 'bounced', at: 1 });
    expect(await stored(id)).toMatchObject({ status: 'sent' });
    const later = await delivery({ status: 'sent', providerMessageId: 'SM2' });
    await take(later, { what: 'bounced', at: 1 });
    expect(await stored(later)).toMatchObject({ status: 'sent' });
  });

  it('told again does not end a delivery that was opened for new attempts', async () => {
    const id = await delivery();
    await take(id, { what: 'sent', at: 0 });
    await take(id, { what: 'bounced', at: 2 });
    expect(await stored(id)).toMatchObject({ status: 'bounced', failureReason: 'invalid_recipient' });
    const opened = { round: 'r-1', purgeAt: time(9) };
    expect(await models.deliveries.reopen(tenant, id, opened)).toBe(true);
    await take(id, { what: 'bounced', at: 2 });
    const row = await stored(id);
    expect(row).toMatchObject({ status: 'pending' });
    expect(row.bouncedAt).toBeUndefined();
  });
});

describe('the log of many', () => {
  it('keeps what providers told before the page was recorded', async () => {
    const ids = await Promise.all([delivery(), delivery(), delivery()]);
    const [first = '', second = ''] = ids;
    await take(first, { what: 'delivered', at: 1 });
    await take(second, { what: 'bounced', at: 1 });
    const ended = {
      attempts: [attempt],
      provider: 'twilio',
      status: 'sent' as const,
      providerMessageId: 'SM1',
    };
    await models.deliveryBulk.recordFirst(
      tenant,
      ids.map((id) => ({ id, ...ended })),
    );
    const rows = await Promise.all(ids.map(stored));
    expect(rows.map(({ status }) => status)).toEqual(['delivered', 'bounced', 'sent']);
    for (const row of rows) {
      expect(row).toMatchObject({ providerMessageId: 'SM1', attempts: [{ outcome: 'sent' }] });
      expect(row.sentAt).toBeDefined();
    }
  });
});

it('the latest delivery to an address is found on an index', async () => {
  const [older, newer] = [time(100), time(200)];
  const to = { recipientId: 'u-sms', targetHash: 'h-sms', status: 'sent' as const };
  await delivery({ ...to, createdAt: older, sentAt: older });
  const id = await delivery({ ...to, createdAt: newer, sentAt: newer });
  await delivery({ ...to, createdAt: time(300), status: 'pending' });
  const target = { recipientIds: ['u-sms', 'address_h-sms'], channel: 'sms' as const, targetHash: 'h-sms' };
  const find = () => models.deliveryFeedback.latestTo(tenant, target, time(0));
  expect(await find()).toMatchObject({ id });
  for (const plan of await explain(find)) expect(JSON.stringify(plan)).not.toContain('COLLSCAN');
  expect(await models.deliveryFeedback.latestTo(tenant, target, time(400))).toBeUndefined();
});
