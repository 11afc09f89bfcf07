import { beforeEach, describe, expect, inject, it } from 'vitest';
import { tellOfAllDue } from '../../activities/alerts/tell-of-failures.js';
import type { FailureReason } from '../../contracts/errors.js';
import { applyTold } from '../../events/callbacks/apply.js';
import { createLogger } from '../../runtime/logger.js';
import { activityDependencies } from '../../worker/dependencies.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import { addPeople, broadcastTo, ids } from '../support/broadcasts.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';
import { NO_SUCH_USER, WRONG_LOGIN } from '../support/redrives.js';
import { addPerson, notify } from '../support/runs.js';

/** A tenant of its own for each test, so that each has its own counts. */
let engine: Engine;
beforeEach(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
  });
  await addPeople(engine, ['boss'], { roles: ['admin'] });
  await addPeople(engine, ['other'], { roles: ['editor'] });
  return () => engine.stop();
});

const alerts = (settings: object) => engine.api('PATCH', '/v1/tenant', { alerts: settings });
const threshold = (count: number, windowMinutes = 60) =>
  alerts({ deliveryFailing: { threshold: count, windowMinutes } });

/** Has so many mails fail. */
async function fail(count: number, behaviour: typeof WRONG_LOGIN | typeof NO_SUCH_USER = WRONG_LOGIN) {
  engine.smtp.behave(behaviour);
  for (let made = 0; made < count; made += 1) {
    const run = await notify(engine, await addPerson(engine), { channels: ['email'] });
    await run.untilStatus('failed');
  }
  engine.smtp.behave();
}

interface Told {
  recipient: string;
  title: string;
  plan: { channels: Record<string, { action: string; reason?: string }> };
}

async function told(): Promise<Told[]> {
  const { body } = await engine.api('GET', '/v1/notifications?type=delivery_failing&limit=100');
  const all = (body.items as { id: string }[]).map(async ({ id }) => {
    const one = await engine.api('GET', `/v1/notifications/${id}`);
    return one.body as Told;
  });
  return Promise.all(all);
}

/** As a worker looks for what is untold. */
const telling = () =>
  activityDependencies(engine.config, {
    models: engine.models,
    runs: workflowRuns(engine.client, engine.taskQueue),
    log: createLogger({ level: 'silent', name: 'test' }),
  });

const untilTold = (count: number) => eventually('told', told, (all) => all.length === count);

it('tells administrators once in a window, not by the channel that fails', async () => {
  await threshold(3);
  await fail(2);
  expect(await told()).toEqual([]);
  await fail(4);
  const [one, ...others] = await untilTold(1);
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    recipient: 'boss',
    title: 'Deliveries by email (via smtp) are failing',
    data: { channel: 'email', provider: 'smtp', failures: 3, minutes: 60, reason: 'auth_error' },
  });
  expect(one?.plan.channels.in_app).toEqual({ action: 'send' });
  expect(one?.plan.channels.email).toMatchObject({ action: 'skip', reason: 'not_requested' });
  await fail(2);
  expect(await told()).toHaveLength(1);
});

it('tells again in a window after it', async () => {
  await threshold(1);
  await fail(1);
  await untilTold(1);
  await engine.mongo
    .collection('failureCounts')
    .updateMany({}, [{ $set: { since: { $subtract: ['$since', 3_600_001] } } }]);
  await fail(1);
  await untilTold(2);
});

it('counts neither wrong addresses nor its own failures', async () => {
  await threshold(1);
  await fail(3, NO_SUCH_USER);
  expect(await told()).toEqual([]);
  engine.smtp.behave(WRONG_LOGIN);
  const run = await notify(engine, await addPerson(engine), {
    type: 'delivery_failing',
    channels: ['email'],
  });
  await run.untilStatus('failed');
  expect(await engine.mongo.collection('failureCounts').countDocuments()).toBe(0);
});

describe('what a provider took and reports as failed later', () => {
  /** Reported twice, as providers do. */
  async function bounce(deliveryId: string, failureReason: FailureReason) {
    const report = { deliveryId, at: new Date(), failureReason, detail: '5.7.0', addresses: [] };
    const deps = {
      models: engine.models,
      log: createLogger({ level: 'silent', name: 'test' }),
      acknowledge: () => Promise.resolve(),
    };
    for (const earlierMs of [0, 60_000]) {
      const at = new Date(report.at.getTime() - earlierMs);
      await applyTold(deps, 'acme', 'smtp', { feedback: [{ kind: 'bounced', ...report, at }] });
    }
  }
  async function sent(): Promise<string> {
    const run = await notify(engine, await addPerson(engine), { channels: ['email'] });
    await run.untilStatus('sent');
    return String((await run.delivery('email'))?.id);
  }
  const counts = () => engine.mongo.collection('failureCounts').find({}).toArray();

  it('counts once, and administrators are told by the next look', async () => {
    await threshold(2);
    await bounce(await sent(), 'auth_error');
    expect(await counts()).toMatchObject([{ channel: 'email', provider: 'smtp', count: 1, due: false }]);
    await bounce(await sent(), 'provider_error');
    const deps = telling();
    await tellOfAllDue(deps);
    const [one] = await untilTold(1);
    expect(one).toMatchObject({ recipient: 'boss', data: { failures: 2, reason: 'provider_error' } });
    await deps.channels.close();
  });

  it('does not count where the address is wrong, or the sending had failed already', async () => {
    await threshold(5);
    await bounce(await sent(), 'invalid_recipient');
    expect(await counts()).toEqual([]);
    engine.smtp.behave(WRONG_LOGIN);
    const run = await notify(engine, await addPerson(engine), { channels: ['email'] });
    await run.untilStatus('failed');
    await bounce(String((await run.delivery('email'))?.id), 'auth_error');
    expect(await counts()).toMatchObject([{ count: 1 }]);
  });
});

it('counts a broadcast’s failures together', async () => {
  await threshold(10);
  engine.smtp.behave(WRONG_LOGIN);
  const people = ids('crowd', 12);
  await addPeople(engine, people);
  await (await broadcastTo(engine, { to: { recipients: people }, channels: ['email'] })).over();
  await untilTold(1);
  const [row] = await engine.mongo.collection('failureCounts').find({}).toArray();
  expect(row).toMatchObject({ count: 12, told: true, due: false });
});

it('tells whom the tenant names, or nobody', async () => {
  await alerts({
    deliveryFailing: { threshold: 1, windowMinutes: 60 },
    roles: ['editor'],
    recipients: ['boss'],
  });
  await fail(1);
  const both = await untilTold(2);
  expect(both.map(({ recipient }) => recipient).sort()).toEqual(['boss', 'other']);
  await alerts({ deliveryFailing: null });
  const { body } = await engine.api('GET', '/v1/tenant');
  expect(body.alerts).toEqual({ deliveryFailing: null, roles: ['editor'], recipients: ['boss'] });
  await engine.mongo.collection('failureCounts').deleteMany({});
  await fail(1);
  expect(await told()).toHaveLength(2);
});

it('tells once by whoever looks what a worker that died has left untold', async () => {
  await engine.models.failureCounts.add(
    { tenantId: 'acme', channel: 'email', provider: 'smtp', failureReason: 'network_error', times: 30 },
    { threshold: 20, windowMs: 3_600_000 },
  );
  const deps = telling();
  await Promise.all([tellOfAllDue(deps), tellOfAllDue(deps)]);
  await untilTold(1);
  await tellOfAllDue(deps);
  expect(await told()).toHaveLength(1);
  await deps.channels.close();
});

it.each([{ deliveryFailing: { threshold: 0, windowMinutes: 60 } }, { roles: 'admin' }, { colour: 'red' }])(
  'refuses %j',
  async (settings) => {
    expect(await alerts(settings)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  },
);
