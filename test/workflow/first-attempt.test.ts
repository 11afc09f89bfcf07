import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { apiCaller, startEngine, type Engine } from '../support/engine.js';
import { addPerson, notify, request, Run, type Person } from '../support/runs.js';

let shared: Engine;
beforeAll(async () => {
  shared = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
  });
});
afterAll(() => shared.stop());

/** For a tenant of the test's own: one whose provider was slow lately gets no first attempts in the task. */
let engine: Engine;
let person: Person;
beforeEach(async () => {
  shared.smtp.behave();
  const id = `t-${randomBytes(5).toString('hex')}`;
  engine = { ...shared, api: apiCaller(shared.url, shared.bootstrapKey, id) };
  await engine.api('POST', '/v1/tenants', { id, name: 'Acme' });
  person = await addPerson(engine);
});

/** The mail server takes the next message, and this long to say so. */
const SLOW = { at: 'message', do: { delayMs: 1_500 }, times: 1 } as const;

/** A notification whose first attempt has handed over the mail and waits for the server's answer. */
async function runInFirstAttempt(): Promise<Run> {
  const { met } = engine.smtp.behave(SLOW);
  const run = await notify(engine, person);
  await met;
  return run;
}

async function inTheFuture(): Promise<Run> {
  const run = await notify(engine, person, { sendAt: new Date(Date.now() + 3_600_000).toISOString() });
  await run.untilStatus('held');
  return run;
}

it('takes at most eight history events to deliver to inbox and mail', async ({ annotate }) => {
  const run = await notify(engine, person);
  expect(await run.handle.result()).toEqual({
    status: 'sent',
    channels: { in_app: 'sent', email: 'sent' },
  });
  const events = await run.events();
  await annotate(`inbox and mail, ${events.length} events: ${events.join(', ')}`);
  expect(events.length).toBeLessThanOrEqual(8);
  expect(events.filter((event) => event === 'WORKFLOW_TASK_COMPLETED')).toHaveLength(1);
});

it('takes at most seven history events to deliver to the inbox', async ({ annotate }) => {
  const run = await notify(engine, person, { channels: ['in_app'] });
  expect(await run.handle.result()).toEqual({ status: 'sent', channels: { in_app: 'sent' } });
  const events = await run.events();
  await annotate(`inbox only, ${events.length} events: ${events.join(', ')}`);
  expect(events.length).toBeLessThanOrEqual(7);
});

it('sends once when a signal makes the server refuse the task that the first attempt ran in', async ({
  annotate,
}) => {
  const run = await runInFirstAttempt();
  await run.handle.signal('recheck');
  expect(await run.handle.result()).toMatchObject({ status: 'sent' });
  const events = await run.events();
  await annotate(`signal in a first attempt, ${events.length} events: ${events.join(', ')}`);
  expect(events).toContain('WORKFLOW_TASK_FAILED');
  expect(events.filter((event) => event === 'WORKFLOW_TASK_STARTED')).toHaveLength(2);
  expect(person.mails()).toHaveLength(1);
  expect((await run.delivery()).attempts).toHaveLength(1);
});

it('is not cancelled by a word that comes while the server is taking the mail', async () => {
  const run = await runInFirstAttempt();
  expect((await run.tell('cancel')).status).toBe(202);
  expect(await run.handle.result()).toMatchObject({ status: 'sent', channels: { email: 'sent' } });
  expect((await run.view()).status).toBe('sent');
  expect(person.mails()).toHaveLength(1);
});

it('is cancelled by a word that comes during a first attempt which then fails', async () => {
  const { met } = engine.smtp.behave(
    { at: 'recipient', do: { delayMs: 1_000 }, times: 1 },
    { at: 'message', do: { reply: '451 4.3.0 busy' } },
  );
  const run = await notify(engine, person);
  await met;
  expect((await run.tell('cancel')).status).toBe(202);
  expect(await run.handle.result()).toMatchObject({ status: 'cancelled', channels: { email: 'cancelled' } });
  expect(await run.delivery()).toMatchObject({ status: 'cancelled', attempts: [{ outcome: 'failed' }] });
});

it('says too_late to an amendment that comes as the run ends, and has changed nothing', async () => {
  const run = await runInFirstAttempt();
  const late = await run.amend({ data: { contract: { title: 'too late' }, requester: 'Bob' } });
  expect(late).toMatchObject({ status: 409, body: { code: 'too_late' } });
  await run.untilStatus('sent');
  expect((await run.view()).data).toEqual({ contract: { title: 'NDA with Acme' }, requester: 'Ann' });
  expect(person.mails()).toHaveLength(1);
});

it('tells a caller who waits what will happen before the mail is out', async () => {
  engine.smtp.behave(SLOW);
  const { status, body } = await engine.api('POST', '/v1/notifications?wait=decision', request(person));
  expect(person.mails()).toHaveLength(0);
  expect(status).toBe(202);
  expect(body.decision).toMatchObject({ status: 'sending', channels: { email: { action: 'send' } } });
  const run = new Run(engine, body.id as string, body.workflowId as string);
  await run.untilStatus('sent');
  expect(await run.events()).toContain('ACTIVITY_TASK_SCHEDULED');
  expect(person.mails()).toHaveLength(1);
});

it('answers an amendment that lets the mail go before the mail is out', async () => {
  const run = await inTheFuture();
  engine.smtp.behave(SLOW);
  const { body } = await run.amend({ sendAt: null });
  expect(person.mails()).toHaveLength(0);
  expect(body.plan.channels.email).toEqual({ action: 'send' });
  await run.untilStatus('sent');
});

it('makes a first attempt in the task again once nobody waits for an answer any more', async () => {
  const sendAt = new Date(Date.now() + 3_600_000).toISOString();
  const { body } = await engine.api('POST', '/v1/notifications?wait=decision', request(person, { sendAt }));
  expect(body.decision.status).toBe('held');
  const run = new Run(engine, body.id as string, body.workflowId as string);
  await run.tell('expedite');
  await run.untilStatus('sent');
  await run.handle.result();
  expect(await run.events()).not.toContain('ACTIVITY_TASK_SCHEDULED');
});

it('goes on with the regular activity when the first attempt cannot be recorded', async () => {
  const { db } = engine.mongo;
  // What MongoDB does when it cannot take a write, short of stopping it for every test.
  await db?.command({ collMod: 'deliveries', validator: { status: { $ne: 'sending' } } });
  try {
    const run = await notify(engine, person);
    await run.untilActivityFailures(1);
    expect((await run.view()).status).toBe('sending');
    await db?.command({ collMod: 'deliveries', validator: {} });
    await run.tell('expedite');
    await run.untilStatus('sent');
    expect(person.mails()).toHaveLength(1);
  } finally {
    await db?.command({ collMod: 'deliveries', validator: {} });
  }
});
