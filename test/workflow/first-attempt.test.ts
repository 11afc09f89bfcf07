import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
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

/** Somebody of a tenant of the test's own: one whose provider was slow lately gets no first attempts in the task. */
async function someone(): Promise<{ engine: Engine; person: Person }> {
  const id = `t-${randomBytes(5).toString('hex')}`;
  const engine = { ...shared, api: apiCaller(shared.url, shared.bootstrapKey, id) };
  await engine.api('POST', '/v1/tenants', { id, name: 'Acme' });
  return { engine, person: await addPerson(engine) };
}

/** The mail server takes the next message to them, and this long to say so. */
function beSlow({ email }: Person): { met: Promise<void> } {
  return shared.smtp.behaveToo({ at: 'message', do: { delayMs: 1_500 }, to: toOnly(email), times: 1 });
}

const toOnly = (address: string) => new RegExp(`^${address}$`);

/** A notification whose first attempt has handed over the mail and waits for the server's answer. */
async function runInFirstAttempt(engine: Engine, person: Person): Promise<Run> {
  const { met } = beSlow(person);
  const run = await notify(engine, person);
  await met;
  return run;
}

describe.concurrent('a first attempt in the task', () => {
  it('takes at most eight history events to deliver to inbox and mail', async ({ annotate }) => {
    const { engine, person } = await someone();
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
    const { engine, person } = await someone();
    const run = await notify(engine, person, { channels: ['in_app'] });
    expect(await run.handle.result()).toEqual({ status: 'sent', channels: { in_app: 'sent' } });
    const events = await run.events();
    await annotate(`inbox only, ${events.length} events: ${events.join(', ')}`);
    expect(events.length).toBeLessThanOrEqual(7);
  });

  it('sends once when a signal makes the server refuse the task that the first attempt ran in', async ({
    annotate,
  }) => {
    const { engine, person } = await someone();
    const run = await runInFirstAttempt(engine, person);
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
    const { engine, person } = await someone();
    const run = await runInFirstAttempt(engine, person);
    expect((await run.tell('cancel')).status).toBe(202);
    expect(await run.handle.result()).toMatchObject({ status: 'sent', channels: { email: 'sent' } });
    expect((await run.view()).status).toBe('sent');
    expect(person.mails()).toHaveLength(1);
  });

  it('is cancelled by a word that comes during a first attempt which then fails', async () => {
    const { engine, person } = await someone();
    const to = toOnly(person.email);
    const { met } = engine.smtp.behaveToo(
      { at: 'recipient', do: { delayMs: 1_000 }, to, times: 1 },
      { at: 'message', do: { reply: '451 4.3.0 busy' }, to },
    );
    const run = await notify(engine, person);
    await met;
    expect((await run.tell('cancel')).status).toBe(202);
    expect(await run.handle.result()).toMatchObject({
      status: 'cancelled',
      channels: { email: 'cancelled' },
    });
    expect(await run.delivery()).toMatchObject({ status: 'cancelled', attempts: [{ outcome: 'failed' }] });
  });

  it('says too_late to an amendment that comes as the run ends, and has changed nothing', async () => {
    const { engine, person } = await someone();
    const run = await runInFirstAttempt(engine, person);
    const late = await run.amend({ data: { contract: { title: 'too late' }, requester: 'Bob' } });
    expect(late).toMatchObject({ status: 409, body: { code: 'too_late' } });
    await run.untilStatus('sent');
    expect((await run.view()).data).toEqual({ contract: { title: 'NDA with Acme' }, requester: 'Ann' });
    expect(person.mails()).toHaveLength(1);
  });

  it('tells a caller who waits what will happen before the mail is out', async () => {
    const { engine, person } = await someone();
    beSlow(person);
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
    const { engine, person } = await someone();
    const run = await notify(engine, person, { sendAt: new Date(Date.now() + 3_600_000).toISOString() });
    await run.untilStatus('held');
    beSlow(person);
    const { body } = await run.amend({ sendAt: null });
    expect(person.mails()).toHaveLength(0);
    expect(body.plan.channels.email).toEqual({ action: 'send' });
    await run.untilStatus('sent');
  });

  it('makes a first attempt in the task again once nobody waits for an answer any more', async () => {
    const { engine, person } = await someone();
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await engine.api('POST', '/v1/notifications?wait=decision', request(person, { sendAt }));
    expect(body.decision.status).toBe('held');
    const run = new Run(engine, body.id as string, body.workflowId as string);
    await run.tell('expedite');
    await run.untilStatus('sent');
    await run.handle.result();
    expect(await run.events()).not.toContain('ACTIVITY_TASK_SCHEDULED');
  });
});

it('goes on with the regular activity when the first attempt cannot be recorded', async () => {
  const { engine, person } = await someone();
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
