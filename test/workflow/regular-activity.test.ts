import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.js';
import { addPerson, notify, request, Run, type Person } from '../support/runs.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    worker: false,
  });
});
afterAll(() => engine.stop());

describe('the regular activity', () => {
  let person: Person;
  let worker: Awaited<ReturnType<Engine['startWorker']>> | undefined;
  beforeEach(async () => {
    engine.smtp.behave();
    person = await addPerson(engine);
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
  });

  it('takes a first attempt over the cap at once, without a timer', async () => {
    worker = await engine.startWorker({ CARILLON_FIRST_ATTEMPTS_PER_PROVIDER: '0' });
    const run = await notify(engine, person);
    await run.untilStatus('sent');
    await run.handle.result();
    const events = await run.events();
    expect(events).toContain('ACTIVITY_TASK_SCHEDULED');
    expect(events).not.toContain('TIMER_STARTED');
    expect((await run.delivery()).attempts).toHaveLength(1);
    expect(person.mails()).toHaveLength(1);
  });

  it('takes every attempt of a channel that the deployment wants off the workflow task', async () => {
    worker = await engine.startWorker({ CARILLON_FIRST_ATTEMPT_AS_ACTIVITY: 'sms,email' });
    const run = await notify(engine, person);
    await run.untilStatus('sent');
    expect(await run.events()).toContain('ACTIVITY_TASK_SCHEDULED');
  });

  it('takes the second attempt of a run whose first was never given a place, on the same terms', async () => {
    engine.smtp.behave({ at: 'message', do: { reply: '451 4.3.0 busy' }, times: 1 });
    worker = await engine.startWorker({ CARILLON_FIRST_ATTEMPTS_PER_PROVIDER: '0' });
    const run = await notify(engine, person);
    await run.untilActivityFailures(1);
    await run.tell('expedite');
    await run.untilStatus('sent');
    expect(await run.delivery()).toMatchObject({
      retryCount: 1,
      attempts: [{ outcome: 'failed' }, { outcome: 'sent' }],
    });
  });

  it('sends nothing that expired while no worker had a place for it', async () => {
    worker = await engine.startWorker({
      CARILLON_FIRST_ATTEMPTS_PER_PROVIDER: '0',
      CARILLON_WORKER_ACTIVITIES: '1',
    });
    const first = await addPerson(engine);
    const { met } = engine.smtp.behave({ at: 'message', do: { delayMs: 2_500 }, times: 1 });
    await notify(engine, first);
    await met;
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const run = await notify(engine, person, { channels: ['email'], expiresAt });
    await run.untilEvent('ACTIVITY_TASK_SCHEDULED');
    await run.untilStatus('expired');
    expect(first.mails()).toHaveLength(1);
    expect(person.mails()).toHaveLength(0);
  });

  it('ends, and is not tried for ever, when its tenant is gone', async () => {
    engine.smtp.behave({ at: 'message', do: { reply: '451 4.3.0 busy' } });
    worker = await engine.startWorker({ CARILLON_FIRST_ATTEMPTS_PER_PROVIDER: '0' });
    const tenant = 'leaving';
    await engine.api('POST', '/v1/tenants', { id: tenant, name: 'Leaving' }, { tenant: null });
    const { id, email } = person;
    const trigger = { ...request(person), to: { recipient: { id, email } } };
    const { body } = await engine.api('POST', '/v1/notifications', trigger, { tenant });
    const run = new Run(engine, body.id as string, body.workflowId as string);
    await run.untilActivityFailures(1);
    await engine.mongo.db?.collection<{ _id: string }>('tenants').deleteOne({ _id: tenant });
    await run.handle.signal('expedite');
    expect(await run.handle.result()).toMatchObject({ channels: { email: 'failed' } });
  });
});

describe('an attempt under way', () => {
  beforeAll(async () => {
    engine.smtp.behave();
    const own = await engine.startWorker({ CARILLON_FIRST_ATTEMPTS_PER_PROVIDER: '0' });
    return () => own.stop();
  });

  /** A run whose mail the server is taking: longer than it takes the attempt to hear that it is to stop. */
  async function beingTaken(to: Person, changes?: Record<string, unknown>): Promise<Run> {
    const { met } = engine.smtp.behaveToo({
      at: 'message',
      do: { delayMs: 6_500 },
      to: new RegExp(`^${to.email}$`),
      times: 1,
    });
    const run = await notify(engine, to, changes);
    await met;
    return run;
  }

  it.concurrent('is sent, although it was cancelled, when the server was taking the mail', async () => {
    const to = await addPerson(engine);
    const run = await beingTaken(to, { channels: ['email'] });
    expect((await run.tell('cancel')).status).toBe(202);
    expect(await run.handle.result()).toEqual({ status: 'sent', channels: { email: 'sent' } });
    expect(to.mails()).toHaveLength(1);
  });

  it.concurrent('sends once when it is expedited while the server is taking the mail', async () => {
    const to = await addPerson(engine);
    const run = await beingTaken(to);
    expect((await run.tell('expedite')).status).toBe(202);
    expect(await run.handle.result()).toMatchObject({ status: 'sent' });
    expect((await run.delivery()).attempts).toMatchObject([{ outcome: 'sent' }]);
    expect(to.mails()).toHaveLength(1);
  });
});
