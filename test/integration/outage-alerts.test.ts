import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { tellOfAllOutages, tellOfOutage, tellOfRecovery } from '../../activities/alerts/tell-of-outages.js';
import type { ActivityDependencies } from '../../activities/dependencies.js';
import type { ProviderPlace } from '../../contracts/provider-run.js';
import { createLogger } from '../../runtime/logger.js';
import { activityDependencies } from '../../worker/dependencies.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import { addPeople } from '../support/broadcasts.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
let deps: ActivityDependencies;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
  });
  await addPeople(engine, ['boss'], { roles: ['admin'] });
  await addPeople(engine, ['other'], { roles: ['editor'] });
  deps = activityDependencies(engine.config, {
    models: engine.models,
    runs: workflowRuns(engine.client, engine.taskQueue),
    log: createLogger({ level: 'silent', name: 'test' }),
  });
});
afterAll(async () => {
  await deps.channels.close();
  await engine.stop();
});

/** A provider of its own for each test. */
let place: ProviderPlace;
let count = 0;
beforeEach(() => {
  count += 1;
  place = { tenantId: 'acme', channel: 'sms', provider: `provider-${count}` };
});

const downSince = new Date('2026-12-04T23:30:00Z');
const seen = { downSince, waiting: 12, failureReason: 'network_error' } as const;

interface Told {
  recipient: string;
  title: string;
  severity: string;
  data: Record<string, unknown>;
  plan: { channels: Record<string, { action: string; reason?: string }> };
}

/** What was told of the test's provider, oldest first. */
async function told(): Promise<Told[]> {
  const { body } = await engine.api('GET', '/v1/notifications?type=delivery_failing&limit=100');
  const all = (body.items as { id: string }[]).map(
    async ({ id }) => (await engine.api('GET', `/v1/notifications/${id}`)).body as Told,
  );
  const ofTest = (await Promise.all(all)).filter(({ data }) => data.provider === place.provider);
  return ofTest.reverse();
}

const untilTold = (times: number) => eventually('told', told, (all) => all.length === times);

/** Lets the window be over. */
async function later(): Promise<void> {
  await engine.mongo
    .collection('outageAlerts')
    .updateMany({ provider: place.provider }, [{ $set: { since: { $subtract: ['$since', 3_600_001] } } }]);
}

it('is told to administrators once in a window, by other channels, however often it is looked at', async () => {
  await Promise.all([tellOfOutage(deps, place, seen), tellOfOutage(deps, place, seen)]);
  await tellOfOutage(deps, place, { ...seen, waiting: 40 });
  const [one] = await untilTold(1);
  expect(one).toMatchObject({
    recipient: 'boss',
    severity: 'error',
    title: `Deliveries by sms (via ${place.provider}) wait: the provider is down`,
    data: { channel: 'sms', state: 'down', since: downSince.toISOString(), reason: 'network_error' },
    plan: { channels: { in_app: { action: 'send' }, email: { action: 'send' } } },
  });
  expect(one?.plan.channels.sms).toMatchObject({ action: 'skip' });
});

it('is told again where it goes on into the next window, with how many wait by then', async () => {
  await tellOfOutage(deps, place, seen);
  await later();
  await tellOfOutage(deps, place, { ...seen, waiting: 40 });
  const all = await untilTold(2);
  expect(all.map(({ data }) => data.waiting)).toEqual([12, 40]);
});

it('is told to be over once, and a second one in the same window not at all', async () => {
  await tellOfOutage(deps, place, seen);
  await Promise.all([tellOfRecovery(deps, place), tellOfRecovery(deps, place)]);
  await tellOfRecovery(deps, place);
  const [, over] = await untilTold(2);
  expect(over).toMatchObject({
    severity: 'success',
    title: `Deliveries by sms (via ${place.provider}) go out again`,
    data: { state: 'up' },
  });
  await tellOfOutage(deps, place, seen);
  await tellOfRecovery(deps, place);
  expect(await told()).toHaveLength(2);
});

it('is not told to be over where nobody was told of it', async () => {
  await tellOfRecovery(deps, place);
  await tellOfAllOutages(deps);
  expect(await engine.mongo.collection('outageAlerts').countDocuments({ provider: place.provider })).toBe(0);
});

it('is told by whoever looks next where it could not be told at first', async () => {
  const away = { ...deps.runs, start: () => Promise.reject(new Error('Temporal is away')) };
  await tellOfOutage({ ...deps, runs: away }, place, seen);
  expect(await engine.models.outageAlerts.due(10)).toMatchObject([{ provider: place.provider }]);
  await tellOfAllOutages(deps);
  await untilTold(1);
  expect(await engine.models.outageAlerts.due(10)).toEqual([]);
});

it('is told as it is by then: over, where it could not be told before', async () => {
  const away = { ...deps.runs, start: () => Promise.reject(new Error('Temporal is away')) };
  await tellOfOutage({ ...deps, runs: away }, place, seen);
  await tellOfRecovery({ ...deps, runs: away }, place);
  await tellOfAllOutages(deps);
  const [one] = await untilTold(1);
  expect(one?.data).toMatchObject({ state: 'up', since: downSince.toISOString() });
});

it('is told to nobody where the tenant wants no alerts', async () => {
  await engine.api('PATCH', '/v1/tenant', { alerts: { deliveryFailing: null } });
  await tellOfOutage(deps, place, seen);
  await tellOfRecovery(deps, place);
  expect(await engine.mongo.collection('outageAlerts').countDocuments({ provider: place.provider })).toBe(0);
  await engine.api('PATCH', '/v1/tenant', {
    alerts: { deliveryFailing: { threshold: 20, windowMinutes: 60 } },
  });
});
