import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { Throttle } from '../../contracts/throttles.js';
import type { TypeOverride } from '../../contracts/notification-types.js';
import { addPeople, create, ids } from '../support/broadcasts.js';
import { eventually } from '../support/engine.js';
import { addPerson, notify, type Person, type Run } from '../support/runs.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const DAY_MS = 86_400_000;

let engine: TimeSkippingEngine;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({ mongodbUri: inject('mongodbUri') });
});
afterAll(() => engine.stop());

let person: Person;
beforeEach(async () => {
  person = await addPerson(engine);
});

const limit = (override: TypeOverride) =>
  engine.models.notificationTypes.put('acme', 'approval_request', { override });
const throttled = (changes: Partial<Throttle> = {}) =>
  limit({ throttles: [{ max: 2, per: 'P1D', scope: 'person', excess: 'drop', ...changes }] });

async function ended(changes: Record<string, unknown> = {}, whom = person): Promise<Run> {
  const run = await notify(engine, whom, changes);
  await run.handle.result();
  return run;
}
const emailOf = async (run: Run) => (await run.view()).plan.channels.email as Record<string, unknown>;

it('lets as many through to a person as the type says, keeps the rest to the inbox, and begins anew with the next period', async () => {
  await throttled();
  for (let allowed = 0; allowed < 2; allowed += 1)
    expect(await emailOf(await ended())).toEqual({ action: 'send' });
  const third = await ended();
  expect(await third.view()).toMatchObject({
    status: 'sent',
    plan: { channels: { email: { action: 'skip', reason: 'throttled' }, in_app: { action: 'send' } } },
  });
  expect(person.mails()).toHaveLength(2);
  expect(await emailOf(await ended({}, await addPerson(engine)))).toEqual({ action: 'send' });
  const later = await notify(engine, person, {
    sendAt: new Date((await engine.nowMs()) + DAY_MS).toISOString(),
  });
  await later.untilStatus('held');
  await engine.skip(DAY_MS + 60_000);
  await later.handle.result();
  expect(await emailOf(later)).toEqual({ action: 'send' });
});

it('collects the excess into a digest at the end of the period, where the type says so', async () => {
  await throttled({ excess: 'digest', per: 'PT1H' });
  const runs = [];
  for (let count = 0; count < 4; count += 1) runs.push(await ended());
  expect(await emailOf(runs[2] as Run)).toMatchObject({ action: 'digest', reason: 'throttled' });
  expect(person.mails()).toHaveLength(2);
  const { body } = await engine.api('GET', `/v1/digests?recipient=${person.id}`);
  expect(body.items).toMatchObject([{ itemCount: 2 }]);
  await engine.api('POST', `/v1/digests/${body.items[0].id}/expedite`);
  await eventually(
    'the digest',
    () => Promise.resolve(person.mails().length),
    (count) => count === 3,
  );
});

it('counts by a variable, where the type says so', async () => {
  await throttled({ max: 1, scope: 'key', key: 'contract.id' });
  const about = (id: string | undefined) => ended({ data: { contract: { id, title: 'NDA' } } });
  expect(await emailOf(await about('c-1'))).toEqual({ action: 'send' });
  expect(await emailOf(await about('c-1'))).toMatchObject({ reason: 'throttled' });
  expect(await emailOf(await about('c-2'))).toEqual({ action: 'send' });
  expect(await emailOf(await about(undefined))).toEqual({ action: 'send' });
});

it('counts for the tenant as a whole, in a broadcast too', async () => {
  await throttled({ max: 3, scope: 'tenant', per: 'PT1H' });
  const people = ids('many', 5);
  await addPeople(engine, people);
  const { body } = await create(engine.api, {
    to: { recipients: people },
    type: 'approval_request',
    channels: ['email'],
  });
  const done = await eventually(
    'the broadcast',
    async () => (await engine.api('GET', `/v1/broadcasts/${body.id}`)).body,
    ({ status }) => status === 'completed',
  );
  expect(done.counts).toMatchObject({ sent: 3, suppressed: 2 });
});

it('lets equal content go out once within the time that the type says, and what is critical or expedited pass', async () => {
  await limit({ throttles: [], duplicatesWithin: 'PT1H' });
  expect(await emailOf(await ended())).toEqual({ action: 'send' });
  const again = await ended();
  expect(await again.view()).toMatchObject({
    status: 'suppressed',
    plan: { channels: { email: { reason: 'duplicate' }, in_app: { reason: 'duplicate' } } },
  });
  expect(await emailOf(await ended({ data: { contract: { title: 'Another' } } }))).toEqual({
    action: 'send',
  });
  expect(person.mails()).toHaveLength(2);
  await limit({ duplicatesWithin: 'PT1H', critical: true });
  expect(await emailOf(await ended())).toEqual({ action: 'send' });
});

it('gives its places to as many as there are when all ask at once, and the same asker the same one', async () => {
  const until = new Date(Date.now() + 60_000);
  const take = (id: string) => engine.models.throttles.take('acme', 'race', id, { max: 3, until });
  const given = await Promise.all(Array.from({ length: 20 }, (_, index) => take(`n-${index}`)));
  expect(given.filter(Boolean)).toHaveLength(3);
  const winner = `n-${given.indexOf(true)}`;
  expect(await take(winner)).toBe(true);
  const alone = (id: string) =>
    engine.models.throttles.takeAlone('acme', 'alone', id, { now: new Date(), until });
  expect((await Promise.all(['a', 'b', 'c'].map(alone))).filter(Boolean)).toHaveLength(1);
});
