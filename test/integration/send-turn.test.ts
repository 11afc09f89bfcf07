import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { PlanningFacts } from '../../activities/planning-facts.js';
import { createSendLimits } from '../../activities/send-limits.js';
import { waitsForTurn } from '../../activities/turn.js';
import type { DeliverRequest } from '../../contracts/notification-run.js';
import { noPreferences } from '../../contracts/preferences.js';
import { trigger } from '../../contracts/trigger.js';
import type { DeliveryRow } from '../../models/delivery-schema.js';
import { createModels, type Models } from '../../models/models.js';
import { rowId } from '../../models/row-id.js';
import { openMongo } from '../../runtime/mongodb.js';
import { withDatabase } from '../support/servers.js';
import { PublishedTemplates } from '../../templates/published-templates.js';
import { aTenant, aType } from '../unit/policy-facts.js';

/* Whether an attempt waits, over the real log and real buckets. Rates are so low that a test sees no token come back. */

let mongo: Connection;
let models: Models;
beforeAll(async () => {
  const uri = withDatabase(inject('mongodbUri'), `test_${randomBytes(6).toString('hex')}`);
  mongo = openMongo(uri, { name: 'test' });
  await mongo.asPromise();
  models = createModels(mongo, undefined);
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});

const SLOW = 0.02;
const INTERVAL_MS = 50_000;
let tenantId: string;
let provider: string;
let providerLimit: number | undefined;
let tenantLimit: number | undefined;
beforeEach(() => {
  tenantId = `t-${randomBytes(5).toString('hex')}`;
  provider = `p-${randomBytes(5).toString('hex')}`;
  providerLimit = undefined;
  tenantLimit = SLOW;
});

const keyOf = (limit: 'tenant' | 'provider', perSecond = SLOW) =>
  limit === 'tenant' ? `tenant/${tenantId}/email@${perSecond}` : `provider/email/${provider}@${perSecond}`;

/** Writes a delivery that is due into the log, and answers its ID. */
async function due(row: Partial<DeliveryRow> = {}): Promise<string> {
  const id = randomBytes(5).toString('hex');
  const now = new Date();
  await models.deliveries.insertMissing([
    {
      _id: rowId(tenantId, id),
      tenantId,
      id,
      notificationId: `n-${id}`,
      recipientId: 'u-1',
      type: 'approval_request',
      channel: 'email',
      targetHash: 'h-1',
      target: 'a•••@example.com',
      status: 'pending',
      provider,
      retryCount: 0,
      attempts: [],
      createdAt: now,
      updatedAt: now,
      purgeAt: new Date(now.getTime() + 86_400_000),
      ...row,
    },
  ]);
  return id;
}

interface Changes {
  attempt?: DeliverRequest['attempt'];
  dueMs?: number;
  expiresAt?: string;
}

/** Asks for the delivery's turn. */
async function ask(id: string, { attempt = 'regular', dueMs = 0, expiresAt }: Changes = {}) {
  const facts: PlanningFacts = {
    tenant: aTenant({
      id: tenantId,
      limits: { sendsPerSecond: tenantLimit === undefined ? {} : { email: tenantLimit } },
    }),
    type: aType(),
    templates: new PublishedTemplates([]),
    vault: await models.dataKeys.vault(tenantId),
    preferences: noPreferences,
    suppressions: [],
  };
  const sendLimits = createSendLimits({
    buckets: models.sendLimits,
    providerLimits: new Map(providerLimit === undefined ? [] : [[`email/${provider}`, providerLimit]]),
  });
  const request: DeliverRequest = {
    tenantId,
    notificationId: `n-${id}`,
    delivery: { deliveryId: id, channel: 'email', provider, firstAttemptInTask: true },
    attempt,
    nowMs: dueMs,
    expedite: true,
  };
  const told = trigger.parse({ type: 'approval_request', to: { recipient: 'u-1' }, expiresAt });
  return waitsForTurn({ models, sendLimits }, request, { facts, trigger: told }, dueMs);
}

/** How many sends the tenant's bucket has let through or put in its queue. */
async function reserved(): Promise<number> {
  const row = await mongo.db
    ?.collection<{ _id: string; fullAtMs: number; askedAtMs: number }>('sendLimits')
    .findOne({ _id: keyOf('tenant') });
  return row ? Math.ceil((row.fullAtMs - row.askedAtMs) / INTERVAL_MS) : 0;
}

const turnOf = async (id: string) => (await models.deliveries.find(tenantId, id))?.turn;
const ago = (ms: number) => new Date(Date.now() - ms);

/** Another send uses up what the tenant has. */
async function nothingLeft(): Promise<void> {
  expect(await ask(await due())).toBeUndefined();
}

describe('an attempt under a send limit', () => {
  it('goes at once while there is something left, and leaves no mark', async () => {
    const id = await due();
    expect(await ask(id)).toBeUndefined();
    expect(await turnOf(id)).toBeUndefined();
  });

  it('waits for its turn, which stands in the log', async () => {
    await nothingLeft();
    const id = await due();
    const outcome = await ask(id);
    expect(outcome).toMatchObject({ status: 'limited' });
    const row = await models.deliveries.find(tenantId, id);
    expect(row).toMatchObject({ status: 'pending', turn: { limit: keyOf('tenant') } });
    expect(row?.nextAttemptAt).toEqual(row?.turn?.at);
    const aheadMs = (row?.turn?.at.getTime() ?? 0) - Date.now();
    expect(aheadMs).toBeLessThanOrEqual(INTERVAL_MS);
    expect(aheadMs).toBeGreaterThan(INTERVAL_MS / 2);
  });

  it.each(['first', 'regular'] as const)(
    'keeps its one place when the %s attempt asks again',
    async (attempt) => {
      await nothingLeft();
      const id = await due();
      const outcomes = [await ask(id, { attempt }), await ask(id, { attempt }), await ask(id)];
      for (const outcome of outcomes) expect(outcome?.status).toBe('limited');
      expect(await reserved()).toBe(2);
    },
  );

  it('goes when its turn has come, without taking another', async () => {
    await nothingLeft();
    const id = await due();
    await ask(id);
    expect(await ask(id, { dueMs: Date.now() + INTERVAL_MS })).toBeUndefined();
    expect(await reserved()).toBe(2);
  });

  it('still goes two minutes late, and asks anew after that', async () => {
    await nothingLeft();
    const late = (ms: number) => due({ turn: { at: ago(ms), limit: keyOf('tenant') } });
    expect(await ask(await late(115_000))).toBeUndefined();
    expect(await ask(await late(125_000))).toMatchObject({ status: 'limited' });
  });

  it('uses its turn up: the next attempt asks for another', async () => {
    const id = await due({ turn: { at: ago(1_000), limit: keyOf('tenant') } });
    expect(await ask(id)).toBeUndefined();
    await models.deliveryAttempts.claim(tenantId, id, {
      at: new Date(),
      provider,
      kind: 'regular',
      outcome: 'started',
    });
    expect(await turnOf(id)).toBeUndefined();
    await nothingLeft();
    expect(await ask(id)).toMatchObject({ status: 'limited' });
  });

  it('goes at once when the limit was taken away meanwhile', async () => {
    await nothingLeft();
    const id = await due();
    await ask(id);
    tenantLimit = undefined;
    expect(await ask(id)).toBeUndefined();
  });

  it('asks anew when the limit is another meanwhile', async () => {
    await nothingLeft();
    const id = await due();
    await ask(id);
    tenantLimit = 0.04;
    expect(await ask(id)).toBeUndefined();
    expect(await ask(await due())).toMatchObject({ status: 'limited' });
  });

  it('looks again after a quarter of an hour', async () => {
    await nothingLeft();
    const id = await due({ turn: { at: ago(-3_600_000), limit: keyOf('tenant') } });
    expect(await ask(id)).toEqual({ status: 'limited', retryAfterMs: 900_000 });
  });

  it('takes no place that comes after its expiry, and waits for that', async () => {
    await nothingLeft();
    const id = await due();
    const outcome = await ask(id, { expiresAt: new Date(Date.now() + 20_000).toISOString() });
    expect(outcome?.status === 'limited' && outcome.retryAfterMs).toBeLessThanOrEqual(20_000);
    expect(await reserved()).toBe(1);
    expect(await turnOf(id)).toBeUndefined();
  });

  it.each<[string, Partial<DeliveryRow>, DeliverRequest['attempt']]>([
    ['has ended', { status: 'sent' }, 'regular'],
    ['was attempted before in its task', { status: 'retrying' }, 'first'],
  ])('is not asked for a delivery that %s: the log answers it', async (_how, row, attempt) => {
    await nothingLeft();
    expect(await ask(await due(row), { attempt })).toBeUndefined();
    expect(await ask('gone')).toBeUndefined();
    expect(await reserved()).toBe(1);
  });

  it('waits first for its tenant’s turn and then for the provider’s', async () => {
    providerLimit = SLOW;
    await nothingLeft();
    const id = await due();
    expect(await ask(id)).toMatchObject({ status: 'limited' });
    expect(await turnOf(id)).toMatchObject({ limit: keyOf('tenant') });
    const dueMs = (await turnOf(id))?.at.getTime() ?? 0;
    expect(await ask(id, { dueMs })).toMatchObject({ status: 'limited' });
    expect(await turnOf(id)).toMatchObject({ limit: keyOf('provider') });
    expect(await ask(id, { dueMs: dueMs + INTERVAL_MS })).toBeUndefined();
    expect(await reserved()).toBe(2);
  });
});
