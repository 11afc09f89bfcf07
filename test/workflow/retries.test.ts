import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { addPerson, makeQuiet, notify, prefer, type Person, type Run } from '../support/runs.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const BUSY = { reply: '451 4.3.0 mailbox busy' };
/** Longer than the first, second and third wait can be, jitter included. */
const WAIT_MS = [73 * SECOND_MS, 145 * SECOND_MS, 289 * SECOND_MS] as const;

let engine: TimeSkippingEngine;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({ mongodbUri: inject('mongodbUri') });
});
afterAll(() => engine.stop());

let person: Person;
beforeEach(async () => {
  engine.smtp.behave();
  person = await addPerson(engine);
});

/** A notification whose first so many attempts at the mail fail, in the wait after the first of them. */
async function failingRun(failures: number, changes: Record<string, unknown> = {}): Promise<Run> {
  engine.smtp.behave({ at: 'message', do: BUSY, times: failures });
  const run = await notify(engine, person, changes);
  await run.untilAttempts(1);
  await run.untilEvent('TIMER_STARTED');
  return run;
}

/** The same in the wait after the second attempt, between those of the regular activity. */
async function failingAgain(failures: number, changes: Record<string, unknown> = {}): Promise<Run> {
  const run = await failingRun(failures, changes);
  await engine.skip(WAIT_MS[0]);
  await run.untilAttempts(2);
  await run.untilActivityFailures(1);
  return run;
}

/** Milliseconds from the end of the last attempt to the next. */
async function waitOf(run: Run): Promise<number> {
  const { nextAttemptAt, attempts } = await run.delivery();
  const { at, durationMs } = attempts.at(-1);
  return Date.parse(nextAttemptAt) - Date.parse(at) - durationMs;
}

async function outcomesOf(run: Run): Promise<string[]> {
  const { attempts } = await run.delivery();
  return attempts.map(({ outcome }: { outcome: string }) => outcome);
}

it('tries again after about one minute and about two, with one timer and one regular activity', async () => {
  const run = await failingRun(2);
  expect(await run.delivery()).toMatchObject({
    status: 'retrying',
    failureReason: 'provider_error',
    retryCount: 1,
    attempts: [{ outcome: 'failed', providerResponse: BUSY.reply }],
  });
  const first = await waitOf(run);
  expect(first).toBeGreaterThanOrEqual(48 * SECOND_MS);
  expect(first).toBeLessThanOrEqual(72 * SECOND_MS);
  expect(await run.events()).not.toContain('ACTIVITY_TASK_SCHEDULED');

  await engine.skip(WAIT_MS[0]);
  await run.untilAttempts(2);
  await run.untilActivityFailures(1);
  const second = await waitOf(run);
  expect(second).toBeGreaterThanOrEqual(96 * SECOND_MS);
  expect(second).toBeLessThanOrEqual(144 * SECOND_MS);

  await engine.skip(WAIT_MS[1]);
  await run.untilStatus('sent');
  expect(await run.delivery()).toMatchObject({ status: 'sent', retryCount: 2, failureReason: null });
  expect(await outcomesOf(run)).toEqual(['failed', 'failed', 'sent']);
  expect(person.mails()).toHaveLength(1);
  await run.handle.result();
  expect(await run.events()).toEqual([
    'WORKFLOW_EXECUTION_STARTED',
    'WORKFLOW_TASK_SCHEDULED',
    'WORKFLOW_TASK_STARTED',
    'WORKFLOW_TASK_COMPLETED',
    'MARKER_RECORDED',
    'MARKER_RECORDED',
    'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
    'TIMER_STARTED',
    'TIMER_FIRED',
    'WORKFLOW_TASK_SCHEDULED',
    'WORKFLOW_TASK_STARTED',
    'WORKFLOW_TASK_COMPLETED',
    'ACTIVITY_TASK_SCHEDULED',
    'ACTIVITY_TASK_STARTED',
    'ACTIVITY_TASK_COMPLETED',
    'WORKFLOW_TASK_SCHEDULED',
    'WORKFLOW_TASK_STARTED',
    'WORKFLOW_TASK_COMPLETED',
    'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
    'WORKFLOW_EXECUTION_COMPLETED',
  ]);
});

it('fails at once, without a retry, what is refused for good', async () => {
  engine.smtp.behave({ at: 'recipient', do: { reply: '550 5.1.1 <{to}> no such user' } });
  const run = await notify(engine, person, { channels: ['email'] });
  await run.untilStatus('failed');
  expect(await run.delivery()).toMatchObject({
    status: 'failed',
    failureReason: 'invalid_recipient',
    retryCount: 0,
    nextAttemptAt: null,
  });
  await run.handle.result();
  await engine.skip(HOUR_MS);
  expect(await outcomesOf(run)).toEqual(['failed']);
});

it('counts a mail that failed beside an item in the inbox as partial', async () => {
  engine.smtp.behave({ at: 'recipient', do: { reply: '550 5.1.1 <{to}> no such user' } });
  const run = await notify(engine, person);
  await run.untilStatus('partial');
  expect(await run.handle.result()).toEqual({
    status: 'partial',
    channels: { in_app: 'sent', email: 'failed' },
  });
});

it('gives up after four failed attempts', async () => {
  const run = await failingAgain(Infinity, { channels: ['email'] });
  await engine.skip(WAIT_MS[1]);
  await run.untilAttempts(3);
  await run.untilActivityFailures(2);
  await engine.skip(WAIT_MS[2]);
  await run.untilStatus('failed');
  expect(await run.delivery()).toMatchObject({
    status: 'failed',
    failureReason: 'provider_error',
    retryCount: 3,
  });
  await run.handle.result();
  await engine.skip(HOUR_MS);
  expect(await outcomesOf(run)).toEqual(['failed', 'failed', 'failed', 'failed']);
});

it('gives up after four failed attempts also when an operator asked for one of them', async () => {
  const run = await failingAgain(Infinity, { channels: ['email'] });
  await run.tell('expedite');
  await run.untilAttempts(3);
  await run.untilActivityFailures(1);
  await engine.skip(HOUR_MS);
  await run.untilStatus('failed');
  await run.handle.result();
  expect(await outcomesOf(run)).toEqual(['failed', 'failed', 'failed', 'failed']);
});

it('sends now when it is expedited in the wait after the first attempt', async () => {
  const run = await failingRun(1);
  await run.tell('expedite');
  await run.untilStatus('sent');
  expect(await outcomesOf(run)).toEqual(['failed', 'sent']);
});

it("sends now when it is expedited between the regular activity's attempts", async () => {
  const run = await failingAgain(2);
  await run.tell('expedite');
  await run.untilStatus('sent');
  expect(await outcomesOf(run)).toEqual(['failed', 'failed', 'sent']);
  expect(person.mails()).toHaveLength(1);
});

it('sends to the address of now, when the person has corrected it since the first attempt', async () => {
  const run = await failingRun(1);
  await engine.api('PATCH', `/v1/subscribers/${person.id}`, { email: `new-${person.email}` });
  await engine.skip(WAIT_MS[0]);
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(0);
  expect(engine.smtp.mails.at(-1)?.envelope.to).toEqual([`new-${person.email}`]);
});

it('is cancelled in the wait after the first attempt', async () => {
  const run = await failingRun(1, { channels: ['email'] });
  await run.tell('cancel');
  await run.untilStatus('cancelled');
  expect(await run.delivery()).toMatchObject({ status: 'cancelled', nextAttemptAt: null });
  expect(await run.handle.result()).toEqual({ status: 'cancelled', channels: { email: 'cancelled' } });
  await engine.skip(HOUR_MS);
  expect(person.mails()).toHaveLength(0);
});

it("is cancelled between the regular activity's attempts", async () => {
  const run = await failingAgain(2, { channels: ['email'] });
  await run.tell('cancel');
  await run.untilStatus('cancelled');
  expect(await run.delivery()).toMatchObject({ status: 'cancelled', nextAttemptAt: null });
  expect(await run.handle.result()).toEqual({ status: 'cancelled', channels: { email: 'cancelled' } });
  await engine.skip(HOUR_MS);
  expect(person.mails()).toHaveLength(0);
});

it('needs no retry once the person has acknowledged it', async () => {
  const run = await failingRun(1);
  await run.tell('acknowledge');
  await run.untilStatus('sent');
  expect(await run.handle.result()).toEqual({
    status: 'sent',
    channels: { in_app: 'sent', email: 'acknowledged' },
  });
  await engine.skip(HOUR_MS);
  expect(person.mails()).toHaveLength(0);
});

it('holds a retry through quiet hours that began after the plan', async () => {
  const run = await failingRun(1);
  await makeQuiet(engine, person, await engine.nowMs(), 8);
  await engine.skip(WAIT_MS[0]);
  await run.untilEvent('ACTIVITY_TASK_COMPLETED');
  expect((await run.view()).timeline).toContainEqual(
    expect.objectContaining({ event: 'held', detail: 'email: quiet_hours' }),
  );
  const { nextAttemptAt } = await run.delivery();
  expect(Date.parse(nextAttemptAt)).toBeGreaterThan((await engine.nowMs()) + 7 * HOUR_MS);
  await engine.skip(7 * HOUR_MS);
  expect(person.mails()).toHaveLength(0);
  await engine.skip(2 * HOUR_MS);
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('makes a retry that quiet hours hold as soon as the person removes them', async () => {
  const run = await failingRun(1);
  await makeQuiet(engine, person, await engine.nowMs(), 8);
  await engine.skip(WAIT_MS[0]);
  await run.untilEvent('ACTIVITY_TASK_COMPLETED');
  await prefer(engine, person, { quietHours: null });
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('makes no retry for a person who has turned the channel off meanwhile', async () => {
  const run = await failingRun(1, { channels: ['email'] });
  await prefer(engine, person, { channels: { email: false } });
  await engine.skip(WAIT_MS[0]);
  await run.untilStatus('suppressed');
  expect(await run.delivery()).toMatchObject({ status: 'skipped', reason: 'turned_off_by_person' });
  expect(person.mails()).toHaveLength(0);
});

it('expires in the wait after the first attempt, at the expiry and not after the wait', async () => {
  const expiresAtMs = (await engine.nowMs()) + 30 * SECOND_MS;
  const run = await failingRun(1, { channels: ['email'], expiresAt: new Date(expiresAtMs).toISOString() });
  await engine.skipTo(expiresAtMs + SECOND_MS);
  await run.untilStatus('expired');
  expect(await run.delivery()).toMatchObject({ status: 'expired', nextAttemptAt: null });
  expect(person.mails()).toHaveLength(0);
});

it('sends nothing when it is expedited after its expiry', async () => {
  const expiresAtMs = (await engine.nowMs()) + 100 * SECOND_MS;
  const run = await failingAgain(2, { channels: ['email'], expiresAt: new Date(expiresAtMs).toISOString() });
  await engine.skipTo(expiresAtMs + SECOND_MS);
  await run.tell('expedite');
  await run.untilStatus('expired');
  expect(await outcomesOf(run)).toEqual(['failed', 'failed']);
  expect(person.mails()).toHaveLength(0);
});

it('goes on for as long as MongoDB takes no write, and sends when it does again', async () => {
  const { db } = engine.mongo;
  // Stopping it would stop it for every test.
  await db?.command({ collMod: 'deliveries', validator: { status: { $ne: 'sending' } } });
  try {
    const run = await notify(engine, person, { channels: ['email'] });
    await run.untilActivityFailures(1);
    await engine.skip(HOUR_MS);
    await run.untilEvent('ACTIVITY_TASK_FAILED');
    expect((await run.view()).status).toBe('sending');
    await db?.command({ collMod: 'deliveries', validator: {} });
    await engine.skip(HOUR_MS);
    await run.untilStatus('sent');
    expect(await outcomesOf(run)).toEqual(['sent']);
  } finally {
    await db?.command({ collMod: 'deliveries', validator: {} });
  }
});
