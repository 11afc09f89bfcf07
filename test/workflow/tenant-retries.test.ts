import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { broadcastTo } from '../support/broadcasts.js';
import { failedRun, retry } from '../support/redrives.js';
import { addPerson, notify, type Person, type Run } from '../support/runs.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const SECOND_MS = 1000;
const BUSY = { at: 'message', do: { reply: '451 4.3.0 mailbox busy' } } as const;

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
afterEach(() => rule(null));

/** The tenant's rule for mails. */
async function rule(email: object | null): Promise<void> {
  const { status, body } = await engine.api('PATCH', '/v1/tenant', { retries: { email } });
  if (status !== 200) throw new Error(JSON.stringify(body));
}

async function failing(): Promise<Run> {
  engine.smtp.behave(BUSY);
  return notify(engine, person, { channels: ['email'] });
}

async function outcomesOf(run: Run): Promise<string[]> {
  const { attempts } = await run.delivery();
  return attempts.map(({ outcome }: { outcome: string }) => outcome);
}

it('gives up after two attempts where the tenant wants one retry, made after the wait that it wants', async () => {
  await rule({ retries: 1, initial: 'PT5M' });
  const run = await failing();
  const { nextAttemptAt, attempts } = await run.untilAttempts(1);
  const waitMs = Date.parse(nextAttemptAt) - Date.parse(attempts[0].at) - attempts[0].durationMs;
  expect(waitMs).toBeGreaterThanOrEqual(240 * SECOND_MS);
  expect(waitMs).toBeLessThanOrEqual(360 * SECOND_MS);
  await run.untilEvent('TIMER_STARTED');
  await engine.skip(361 * SECOND_MS);
  await run.untilStatus('failed');
  expect(await outcomesOf(run)).toEqual(['failed', 'failed']);
  expect(await run.delivery()).toMatchObject({ retryCount: 1, failureReason: 'provider_error' });
  expect(await run.handle.result()).toEqual({ status: 'failed', channels: { email: 'failed' } });
});

it('gives up at once where the tenant wants no retry', async () => {
  await rule({ retries: 0 });
  const run = await failing();
  await run.handle.result();
  expect(await outcomesOf(run)).toEqual(['failed']);
  expect(await run.delivery()).toMatchObject({ status: 'failed', retryCount: 0 });
  expect(await run.events()).not.toContain('TIMER_STARTED');
});

it('gives up a broadcast’s mail at once where the tenant wants no retry', async () => {
  await rule({ retries: 0 });
  engine.smtp.behave(BUSY);
  const sent = await broadcastTo(engine, { to: { recipients: [person.id] }, channels: ['email'] });
  expect(await sent.over()).toMatchObject({ counts: { failed: 1 } });
});

it('keeps to the rule that held when the delivery was planned', async () => {
  await rule({ retries: 1, initial: 'PT1S' });
  const run = await failing();
  await run.untilAttempts(1);
  await rule({ retries: 10 });
  await run.untilEvent('TIMER_STARTED');
  await engine.skip(2 * SECOND_MS);
  await run.untilStatus('failed');
  expect(await outcomesOf(run)).toEqual(['failed', 'failed']);
});

it('makes a retry that is asked for by the rule of that moment', async () => {
  const run = await failedRun(engine, person);
  await rule({ retries: 0 });
  engine.smtp.behave(BUSY);
  await retry(engine, run);
  await run.untilAttempts(2);
  await run.untilStatus('failed');
  await run.handle.result();
  expect(await outcomesOf(run)).toEqual(['failed', 'failed']);
  expect(await run.delivery()).toMatchObject({ failureReason: 'provider_error', retryCount: 0 });
});
