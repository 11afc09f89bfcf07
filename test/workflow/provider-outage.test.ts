import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { providerWorkflowId } from '../../contracts/ids.js';
import { DOWN_AFTER } from '../../models/provider-health.js';
import type { provider } from '../../workflows/provider.js';
import { eventually } from '../support/engine.js';
import { howMany } from '../support/long-tests.js';
import { addPerson, notify, type Person, type Run } from '../support/runs.js';
import type { ReceivedMail } from '../support/smtp-server.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const MINUTE_MS = 60_000;
const DRAIN_PER_SECOND = 20;
/** A thousand is what the docs speak of; they take minutes. */
const SENDS = howMany({ short: 24, long: 1000 });
const ROUNDS = 4;
const place = { tenantId: 'acme', channel: 'email', provider: 'smtp' } as const;

let engine: TimeSkippingEngine;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({
    mongodbUri: inject('mongodbUri'),
    env: { CARILLON_DRAIN_PER_SECOND: String(DRAIN_PER_SECOND) },
  });
});
afterAll(() => engine.stop());

const watch = () => engine.client.workflow.getHandle<typeof provider>(providerWorkflowId(place));

async function people(count: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: count }, () => addPerson(engine)));
}

function takeAway(): void {
  engine.smtp.behave({ at: 'connect', do: 'drop' }, { at: 'sender', do: 'drop' });
}

/** Takes the server away and sends until it counts as down; answers the runs that found it so, now parked. */
async function outage(): Promise<Run[]> {
  // Of one that a test has left behind.
  if (await engine.models.providerHealth.find(place)) await recovered();
  takeAway();
  const runs: Run[] = [];
  for (const person of await people(DOWN_AFTER.deliveries)) {
    const run = await notify(engine, person);
    await run.untilAttempts(1);
    runs.push(run);
  }
  await eventually(
    'the provider to be down',
    () => engine.models.providerHealth.find(place),
    (row) => row?.state === 'down',
  );
  // Until each of them would have been tried again.
  await engine.skip(2 * MINUTE_MS);
  for (const run of runs) await parked(run);
  return runs;
}

/** Ends the outage, and lets the provider be probed and drained to the end. */
async function recovered(): Promise<{ probes: number; released: number }> {
  engine.smtp.behave();
  const ended = watch().result();
  // It hears "now" while it waits, not while it drains.
  await eventually(
    'no activity',
    () => watch().describe(),
    ({ raw }) => (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask,
  );
  await watch().signal('expedite');
  return ended;
}

async function parked(run: Run): Promise<unknown> {
  return eventually(
    'it is parked',
    () => run.delivery(),
    (delivery: { status: string } | undefined) => delivery?.status === 'parked',
  );
}

describe('an outage', () => {
  let first: Run[];
  let parkedRun: Run;
  let person: Person;
  let low: { run: Run; person: Person };
  let critical: { run: Run; person: Person };
  let late: { run: Run; person: Person };
  let tried: Run;
  let mailsBefore: number;

  const send = async (changes?: Record<string, unknown>) => {
    const to = await addPerson(engine);
    return { person: to, run: await notify(engine, to, changes) };
  };

  beforeAll(async () => {
    first = await outage();
    mailsBefore = engine.smtp.accepted;
  });

  it('parks what finds every provider down, without an attempt', async () => {
    ({ run: parkedRun, person } = await send());
    expect(await parked(parkedRun)).toMatchObject({ status: 'parked', attempts: [], retryCount: 0 });
    await eventually(
      'the timeline to say so',
      () => parkedRun.view(),
      ({ timeline }: { timeline: { event: string; detail?: string }[] }) =>
        timeline.some(
          ({ event, detail }) => event === 'parked' && detail === 'email via smtp: the provider is down',
        ),
    );
  });

  it('lets an operator cancel what is parked, or try it now', async () => {
    const { run: cancelled } = await send();
    ({ run: tried } = await send());
    await parked(cancelled);
    await parked(tried);
    expect((await cancelled.tell('cancel')).status).toBe(202);
    await cancelled.untilStatus('cancelled');
    expect(await cancelled.delivery()).toMatchObject({ status: 'cancelled', attempts: [] });

    // In vain, so that it waits on, and the attempt counts for nothing.
    expect((await tried.tell('expedite')).status).toBe(202);
    await tried.untilAttempts(1);
    expect(await parked(tried)).toMatchObject({ retryCount: 0 });
  });

  it('lets expire what is parked', async () => {
    const nowMs = await engine.nowMs();
    late = await send({ expiresAt: new Date(nowMs + 10 * MINUTE_MS).toISOString() });
    await parked(late.run);
    await engine.skip(11 * MINUTE_MS);
    await late.run.untilStatus('partial');
    expect(await late.run.delivery()).toMatchObject({ status: 'expired', attempts: [] });
  });

  it('burns no attempt in an hour of it, not of those either that made one before', async () => {
    low = await send({ priority: 'low' });
    critical = await send({ priority: 'critical' });
    for (const { run } of [low, critical]) await parked(run);
    await engine.skip(60 * MINUTE_MS);
    for (const one of first) expect(await parked(one)).toMatchObject({ retryCount: 0 });
  });

  it('ends with all of it sent, the most urgent first', async () => {
    const { released } = await recovered();
    const waited = [...first, parkedRun, tried, low.run, critical.run];
    expect(released).toBe(waited.length);
    for (const run of waited) {
      await run.untilStatus('sent');
      const { attempts, retryCount } = await run.delivery();
      expect(retryCount).toBe(0);
      expect(attempts.filter(({ outcome }: { outcome: string }) => outcome === 'sent')).toHaveLength(1);
    }
    expect(person.mails()).toHaveLength(1);
    expect(await engine.models.providerHealth.find(place)).toBeUndefined();

    const order = engine.smtp.mails.slice(mailsBefore).map(({ envelope }: ReceivedMail) => envelope.to[0]);
    // Let go one, two, four and eight at once: the parked one, before which there are six, in the third batch.
    expect(order[0]).toBe(critical.person.email);
    expect(order.indexOf(person.email)).toBeLessThan(order.indexOf(low.person.email));
    expect(order).not.toContain(late.person.email);
  });
});

/** What somebody was told by Carillon itself, oldest first. */
async function toldTo(id: string): Promise<{ data: { state: string; waiting: number } }[]> {
  const { body } = await engine.api('GET', `/v1/notifications?recipient=${id}&type=delivery_failing`);
  const all = (body as { items: { id: string }[] }).items.map(
    async (item) => (await engine.api('GET', `/v1/notifications/${item.id}`)).body,
  );
  return (await Promise.all(all)).reverse();
}

it('is told to administrators once while it lasts, not by its own channel, and once when it is over', async () => {
  await engine.mongo.collection('outageAlerts').deleteMany({});
  const boss = await addPerson(engine);
  await engine.api('PATCH', `/v1/subscribers/${boss.id}`, { roles: ['admin'] });
  const runs = await outage();
  const probed = async () => {
    const before = (await engine.models.providerHealth.find(place))?.watchedAt.getTime();
    await engine.skip(3 * MINUTE_MS);
    await eventually(
      'a probe in vain',
      () => engine.models.providerHealth.find(place),
      (row) => row?.watchedAt.getTime() !== before,
    );
  };
  const [down] = await eventually(
    'it is told',
    () => toldTo(boss.id),
    (all) => all.length > 0,
  );
  expect(down).toMatchObject({
    data: { channel: 'email', provider: 'smtp', state: 'down', reason: 'network_error' },
    plan: { channels: { in_app: { action: 'send' }, email: { reason: 'not_requested' } } },
  });
  await probed();
  await probed();
  await recovered();
  for (const run of runs) await run.untilStatus('sent');
  const all = await eventually(
    'it is told to be over',
    () => toldTo(boss.id),
    (all) => all.length > 1,
  );
  expect(all.map(({ data }) => data.state)).toEqual(['down', 'up']);
  expect(boss.mails()).toEqual([]);
});

it('parks the rest again when the provider fails while it is drained', async () => {
  const first = await outage();
  const runs = await Promise.all((await people(8)).map((person) => notify(engine, person)));
  for (const run of runs) await parked(run);
  // It answers the probe and takes a few mails; then it is gone again.
  engine.smtp.behave();
  const before = engine.smtp.accepted;
  await watch().signal('expedite');
  await engine.smtp.waitForMails(before + 3);
  takeAway();
  await eventually(
    'it to be down again',
    () => engine.models.providerHealth.find(place),
    (row) => row?.state === 'down',
  );
  await recovered();
  for (const run of [...first, ...runs]) {
    await run.untilStatus('sent');
    expect((await run.delivery()).retryCount).toBe(0);
  }
});

it(
  'loses none of many sends in a long outage, burns no attempt, and drains within the rate',
  { timeout: 300_000 },
  async () => {
    const first = await outage();
    const before = engine.smtp.accepted;
    const recipients = await people(SENDS / ROUNDS);
    const runs: Run[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      runs.push(...(await Promise.all(recipients.map((person) => notify(engine, person)))));
      // Together less than the hour after which what is parked looks by itself, and would not be counted as let go.
      await engine.skip((50 / ROUNDS) * MINUTE_MS);
    }
    const all = [...first, ...runs];
    await eventually(
      'all to be parked',
      () => engine.models.deliveryParking.countParked('acme', 'email/smtp'),
      (count) => count === all.length,
      120_000,
    );
    const sinceMs = Date.now();
    const { released } = await recovered();
    expect(released).toBe(all.length);
    await engine.smtp.waitForMails(before + all.length, 60_000);
    // What the server has accepted is recorded a moment later.
    const rows = await eventually(
      'all to be recorded',
      () =>
        engine.models.deliveries.model
          .find({ tenantId: 'acme', channel: 'email', notificationId: { $in: all.map(({ id }) => id) } })
          .lean(),
      (found) => found.filter(({ status }) => status === 'sent').length === all.length,
    );
    expect(rows.filter(({ retryCount }) => retryCount > 0)).toEqual([]);
    expect(engine.smtp.accepted - before).toBe(all.length);
    const times = engine.smtp.mails.slice(before).map(({ at }) => at.getTime() - sinceMs);
    const early = times.filter((atMs, index) => atMs < Math.floor(index / DRAIN_PER_SECOND) * 1000);
    expect(early).toEqual([]);
  },
);
