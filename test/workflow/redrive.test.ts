import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { redriveId } from '../../commands/trigger/notification-id.js';
import { eventually } from '../support/engine.js';
import { redrive, type Redrive } from '../support/redrives.js';
import { addPerson, notify, type Person, type Run } from '../support/runs.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const SECOND_MS = 1000;
const WAIT_MS = [73 * SECOND_MS, 145 * SECOND_MS, 289 * SECOND_MS] as const;

let engine: TimeSkippingEngine;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({ mongodbUri: inject('mongodbUri') });
});
afterAll(() => engine.stop());
beforeEach(() => engine.smtp.behave());

/** Mails to so many people that are given up after the last retry: the server is there, and takes none of them. */
async function outage(count: number): Promise<{ people: Person[]; runs: Run[]; from: string }> {
  const from = new Date().toISOString();
  engine.smtp.behave({ at: 'message', do: { reply: '451 4.3.0 mailbox busy' } });
  const people: Person[] = [];
  const runs: Run[] = [];
  for (let made = 0; made < count; made += 1) {
    const person = await addPerson(engine);
    people.push(person);
    runs.push(await notify(engine, person, { channels: ['email'] }));
  }
  for (const run of runs) await run.untilAttempts(1);
  for (const [retries, waitMs] of WAIT_MS.entries()) {
    await engine.skip(waitMs);
    for (const run of runs) await run.untilAttempts(retries + 2);
  }
  for (const run of runs) await run.untilStatus('failed');
  engine.smtp.behave();
  return { people, runs, from };
}

/** Lets the clock run until the redrive and what it started is over. */
async function overInTime(run: Redrive) {
  for (let looks = 0; looks < 100; looks += 1) {
    const { status, results } = await run.view();
    if (status === 'completed' && results.underWay === 0) break;
    await engine.skip(SECOND_MS);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return run.over(5_000);
}

async function waitForMail(person: Person): Promise<void> {
  await eventually(
    'a mail',
    () => Promise.resolve(person.mails()),
    (mails) => mails.length === 1,
  );
}

/** The pages that its run asked for, each with the server's time of asking. */
async function pagesOf({ handle }: Redrive): Promise<{ atMs: number }[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ eventTime, activityTaskScheduledEventAttributes: asked }) =>
    asked?.activityType?.name === 'redrivePage' ? [{ atMs: Number(eventTime?.seconds) * 1000 }] : [],
  );
}

it('sends once what an outage of all four attempts had failed', async () => {
  const { people, runs, from } = await outage(6);
  const view = await overInTime(await redrive(engine, { from, failureReason: 'provider_error' }));
  expect(view).toMatchObject({
    status: 'completed',
    counts: { matched: 6, started: 6, skipped: 0 },
    results: { sent: 6 },
  });
  for (const person of people) expect(person.mails()).toHaveLength(1);
  for (const run of runs) {
    const { attempts } = await run.delivery();
    expect(attempts.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      ...Array<string>(4).fill('failed'),
      'sent',
    ]);
  }
});

it('starts no faster than it was told to', async () => {
  const { from } = await outage(11);
  const run = await redrive(engine, { from }, { perSecond: 1 });
  await overInTime(run);
  const pages = await pagesOf(run);
  // Five a page, and five seconds between two.
  expect(pages).toHaveLength(3);
  for (const [at, { atMs }] of pages.entries()) {
    const before = pages[at - 1];
    if (before) expect(atMs - before.atMs).toBeGreaterThanOrEqual(4 * SECOND_MS);
  }
});

it('starts no more while as many are under way as it starts in a minute, and goes on when those have ended', async () => {
  const { from, people } = await outage(3);
  const rows = engine.mongo.collection<{ _id: string }>('deliveries');
  // As if a minute's worth were under way already.
  await rows.insertMany(
    Array.from({ length: 60 }, (_, at) => ({
      _id: `acme/busy-${at}`,
      tenantId: 'acme',
      id: `busy-${at}`,
      status: 'retrying',
      redrive: { id: redriveId('acme', 'busy'), state: 'opened', rank: 3 },
    })),
  );
  const run = await redrive(engine, { from }, { perSecond: 1, idempotencyKey: 'busy' });
  await run.until('it runs', ({ counts }) => counts.matched === 63);
  await engine.skip(20 * SECOND_MS);
  expect(await run.view()).toMatchObject({ status: 'running', counts: { queued: 3 } });

  await rows.deleteMany({ _id: { $in: Array.from({ length: 10 }, (_, at) => `acme/busy-${at}`) } });
  await engine.skip(10 * SECOND_MS);
  await run.until('the end', ({ status }) => status === 'completed');
  for (const person of people) await waitForMail(person);
});

it('goes on in a new run when one has had its pages', async () => {
  const { from, people } = await outage(7);
  const createdAt = new Date();
  await engine.models.redrives.insert({
    tenantId: 'acme',
    id: 'rdr_long',
    status: 'accepted',
    filter: { from },
    perSecond: 1,
    requestHash: 'none',
    createdBy: 'test',
    createdAt,
    purgeAt: new Date('2099-01-01T00:00:00Z'),
  });
  const handle = await engine.client.workflow.start('redrive', {
    workflowId: 'redrive/acme/rdr_long',
    taskQueue: engine.taskQueue,
    args: [{ tenantId: 'acme', redriveId: 'rdr_long', perSecond: 1, pagesPerRun: 1 }],
  });
  for (let looks = 0; looks < 60; looks += 1) {
    if ((await engine.models.redrives.find('acme', 'rdr_long'))?.status === 'completed') break;
    await engine.skip(SECOND_MS);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await handle.result()).toMatchObject({ status: 'completed', counts: { matched: 7, started: 7 } });
  const latest = await engine.client.workflow.getHandle('redrive/acme/rdr_long').describe();
  expect(latest.runId).not.toBe(handle.firstExecutionRunId);
  for (const person of people) await waitForMail(person);
});
