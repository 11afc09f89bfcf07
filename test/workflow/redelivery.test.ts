import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { failedRun, NO_SUCH_USER, retry } from '../support/redrives.js';
import { addPerson, makeQuiet, notify, prefer, type Person, type Run } from '../support/runs.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
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

async function outcomesOf(run: Run): Promise<string[]> {
  const { attempts } = await run.delivery();
  return attempts.map(({ outcome }: { outcome: string }) => outcome);
}

const typeOfRun = async (run: Run) => (await run.handle.describe()).type;

/** Lets so many attempts of the running round fail, each after its wait; the last `attempts` is how many there are. */
async function failOn(run: Run, attempts: number, before: number): Promise<void> {
  for (let made = 1; made < attempts; made += 1) {
    await run.untilAttempts(before + made);
    await run.untilActivityFailures(made);
    await engine.skip(WAIT_MS[made - 1] ?? HOUR_MS);
  }
  await run.untilAttempts(before + attempts);
}

it('makes a new attempt at a delivery that failed, under the ID of the notification’s run', async () => {
  const run = await failedRun(engine, person);
  expect((await run.view()).status).toBe('failed');
  const answer = await retry(engine, run);
  expect(answer).toMatchObject({ status: 202, body: { status: 'failed', workflowId: run.workflowId } });
  const view = await run.untilStatus('sent');
  expect(await outcomesOf(run)).toEqual(['failed', 'sent']);
  expect(await run.delivery()).toMatchObject({ status: 'sent', failureReason: null, retryCount: 0 });
  expect(view.timeline.map(({ event }: { event: string }) => event)).toEqual([
    'accepted',
    'planned',
    'failed',
    'retried',
    'sent',
  ]);
  expect(person.mails()).toHaveLength(1);
  expect(await typeOfRun(run)).toBe('redelivery');
  expect(await run.handle.result()).toEqual({ channels: { email: 'sent' } });
});

it('leaves alone what went out beside it', async () => {
  const run = await failedRun(engine, person, {});
  expect((await run.view()).status).toBe('partial');
  await retry(engine, run);
  await run.untilStatus('sent');
  expect(await run.handle.result()).toEqual({ channels: { in_app: 'sent', email: 'sent' } });
  const { deliveries } = await run.view();
  const inApp = deliveries.find(({ channel }: { channel: string }) => channel === 'in_app');
  expect(inApp.attempts).toHaveLength(1);
});

it('has all of the channel’s retries again: failures of an earlier round do not count', async () => {
  const run = await failedRun(engine, person);
  engine.smtp.behave({ at: 'message', do: BUSY, times: 3 });
  await retry(engine, run);
  await failOn(run, 4, 1);
  await run.untilStatus('sent');
  expect(await outcomesOf(run)).toEqual(['failed', 'failed', 'failed', 'failed', 'sent']);
  expect(await run.delivery()).toMatchObject({ retryCount: 3 });
  expect(person.mails()).toHaveLength(1);
});

it('gives up after the round’s four attempts, and can be asked once more', async () => {
  const run = await failedRun(engine, person);
  engine.smtp.behave({ at: 'message', do: BUSY });
  await retry(engine, run);
  await failOn(run, 4, 1);
  await run.untilStatus('failed');
  await run.handle.result();
  expect(await run.delivery()).toMatchObject({ status: 'failed', failureReason: 'provider_error' });
  engine.smtp.behave();
  expect((await retry(engine, run)).status).toBe(202);
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('is refused for what has not failed', async () => {
  const run = await notify(engine, person, { channels: ['email'] });
  await run.untilStatus('sent');
  expect(await retry(engine, run)).toMatchObject({ status: 409, body: { code: 'too_late' } });
  expect(person.mails()).toHaveLength(1);
});

it('sends nothing that has expired meanwhile', async () => {
  const expiresAtMs = (await engine.nowMs()) + 60 * SECOND_MS;
  const run = await failedRun(engine, person, {
    channels: ['email'],
    expiresAt: new Date(expiresAtMs).toISOString(),
  });
  await engine.skipTo(expiresAtMs + SECOND_MS);
  await retry(engine, run);
  await run.untilStatus('expired');
  expect(await run.delivery()).toMatchObject({ status: 'expired', reason: 'expired' });
  expect(await outcomesOf(run)).toEqual(['failed']);
  expect(person.mails()).toHaveLength(0);
});

it('sends nothing to a person who has turned the channel off meanwhile', async () => {
  const run = await failedRun(engine, person);
  await prefer(engine, person, { channels: { email: false } });
  await retry(engine, run);
  await run.untilStatus('suppressed');
  expect(await run.delivery()).toMatchObject({ status: 'skipped', reason: 'turned_off_by_person' });
  expect(person.mails()).toHaveLength(0);
});

it('sends nothing to an address that does not exist', async () => {
  const run = await failedRun(engine, person, undefined, NO_SUCH_USER);
  await retry(engine, run);
  await run.untilStatus('suppressed');
  expect(await run.delivery()).toMatchObject({ status: 'skipped', reason: 'suppressed_address' });
  expect(person.mails()).toHaveLength(0);
});

it('waits for the end of quiet hours', async () => {
  const run = await failedRun(engine, person);
  await makeQuiet(engine, person, await engine.nowMs(), 8);
  await retry(engine, run);
  await run.untilEvent('TIMER_STARTED');
  await engine.skip(7 * HOUR_MS);
  expect(person.mails()).toHaveLength(0);
  await engine.skip(2 * HOUR_MS);
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('sends in quiet hours when it is expedited, like the first time', async () => {
  const run = await failedRun(engine, person);
  await makeQuiet(engine, person, await engine.nowMs(), 8);
  await retry(engine, run);
  await run.untilEvent('TIMER_STARTED');
  expect((await run.tell('expedite')).status).toBe(202);
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('is stopped by a cancellation of the notification', async () => {
  const run = await failedRun(engine, person);
  engine.smtp.behave({ at: 'message', do: BUSY });
  await retry(engine, run);
  await run.untilActivityFailures(1);
  expect((await run.tell('cancel')).status).toBe(202);
  await run.untilStatus('cancelled');
  expect(await run.delivery()).toMatchObject({ status: 'cancelled' });
  expect(await run.handle.result()).toEqual({ channels: { email: 'cancelled' } });
  expect(await retry(engine, run)).toMatchObject({ status: 409 });
});

it('is not needed any more once the person reads it in the inbox', async () => {
  const run = await failedRun(engine, person, {});
  engine.smtp.behave({ at: 'message', do: BUSY });
  await retry(engine, run);
  await run.untilActivityFailures(1);
  const { body } = await engine.api('POST', `/v1/subscribers/${person.id}/token`, {});
  const read = await engine.api('POST', `/v1/me/inbox/${run.id}/read`, undefined, { token: body.token });
  expect(read.status).toBeLessThan(300);
  await run.untilStatus('sent');
  expect(await run.handle.result()).toEqual({ channels: { in_app: 'sent', email: 'acknowledged' } });
  await engine.skip(HOUR_MS);
  expect(person.mails()).toHaveLength(0);
});

it('cannot be amended', async () => {
  const run = await failedRun(engine, person);
  engine.smtp.behave({ at: 'message', do: BUSY });
  await retry(engine, run);
  await run.untilActivityFailures(1);
  expect(await run.amend({ data: {} })).toMatchObject({ status: 409, body: { code: 'too_late' } });
  await run.tell('cancel');
  await run.untilStatus('cancelled');
});

it('begins a round once, however often it is asked for', async () => {
  const run = await failedRun(engine, person);
  const ask = {
    tenantId: 'acme',
    notificationId: run.id,
    deliveryId: `${run.id}-email`,
    round: 'once',
  };
  engine.smtp.behave({ at: 'message', do: BUSY });
  const told = async () =>
    engine.client.workflow.signalWithStart('redelivery', {
      workflowId: run.workflowId,
      taskQueue: engine.taskQueue,
      args: [{ tenantId: 'acme', notificationId: run.id }],
      signal: 'redeliver',
      signalArgs: [ask],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
  await told();
  await run.untilActivityFailures(1);
  await told();
  await failOn(run, 4, 1);
  await run.untilStatus('failed');
  await run.handle.result();
  await told();
  expect(await run.handle.result()).toEqual({ channels: { email: 'failed' } });
  expect(await outcomesOf(run)).toEqual(Array(5).fill('failed'));
});

it('takes no notice of a signal typed by hand that names no delivery', async () => {
  const run = await notify(engine, person, {
    sendAt: new Date((await engine.nowMs()) + HOUR_MS).toISOString(),
  });
  await run.untilStatus('held');
  await run.handle.signal('redeliver');
  await run.handle.signal('redeliver', { deliveryId: 'x' });
  await run.tell('expedite');
  await run.untilStatus('sent');
});

it('does not disturb a delivery whose run goes on', async () => {
  engine.smtp.behave({ at: 'message', do: BUSY, times: 1 });
  const run = await notify(engine, person, { channels: ['email'] });
  await run.untilAttempts(1);
  await run.untilEvent('TIMER_STARTED');
  expect((await retry(engine, run)).status).toBe(409);
  await run.handle.signal('redeliver', {
    tenantId: 'acme',
    notificationId: run.id,
    deliveryId: `${run.id}-email`,
    round: 'r',
  });
  await engine.skip(WAIT_MS[0]);
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
  expect(await outcomesOf(run)).toEqual(['failed', 'sent']);
});
