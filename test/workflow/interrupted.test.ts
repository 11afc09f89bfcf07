import { WithStartWorkflowOperation } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { createActivities } from '../../activities/create-activities.js';
import { notificationWorkflowId } from '../../contracts/ids.js';
import type { NotificationInput, PlanOutcome } from '../../contracts/notification-run.js';
import { trigger } from '../../contracts/trigger.js';
import { createLogger } from '../../runtime/logger.js';
import { activityDependencies } from '../../worker/dependencies.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import type { NotificationActivities } from '../../workflows/activity-types.js';
import { amendUpdate } from '../../workflows/messages.js';
import type { notification } from '../../workflows/notification.js';
import { startEngine, type Engine } from '../support/engine.js';
import { addPerson, makeQuiet, prefer, request, Run, type Person } from '../support/runs.js';

// What a worker that dies in the middle of a workflow task leaves behind: its writes in MongoDB, and in Temporal's
// history nothing. Each test makes those writes with the worker's own activities, then lets a worker begin the task anew.

const HOUR_MS = 3_600_000;

let engine: Engine;
let activities: NotificationActivities;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    worker: false,
  });
  const log = createLogger({ level: 'silent', name: 'dead worker' });
  const runs = workflowRuns(engine.client, engine.taskQueue);
  activities = createActivities(activityDependencies(engine.config, { models: engine.models, runs, log }));
});
afterAll(() => engine.stop());

let person: Person;
let worker: Awaited<ReturnType<Engine['startWorker']>> | undefined;
beforeEach(async () => {
  worker = undefined;
  person = await addPerson(engine);
});
afterEach(() => worker?.stop());

/** A run without a worker, and what its task needs to be begun by hand. */
class Interrupted {
  readonly run: Run;
  private readonly input: NotificationInput;

  constructor(changes: Record<string, unknown> = {}) {
    const id = `ntf_${person.id}`;
    this.run = new Run(engine, id, notificationWorkflowId('acme', id));
    this.input = {
      tenantId: 'acme',
      notificationId: id,
      recipientId: person.id,
      trigger: trigger.parse(request(person, changes)),
      requestHash: 'of no consequence',
      acceptedAtMs: Date.now(),
    };
  }

  /** The activity that the dead worker had run. */
  plan(sequence = 1, nowMs = Date.now()): Promise<PlanOutcome> {
    return activities.plan({ input: this.input, sequence, nowMs, expedite: false, cancelled: false });
  }

  get options() {
    return { workflowId: this.run.workflowId, taskQueue: engine.taskQueue, args: [this.input] as const };
  }

  async start(): Promise<void> {
    const { args, ...options } = this.options;
    await engine.client.workflow.start<typeof notification>('notification', { ...options, args: [...args] });
  }
}

it('sends at once when it was expedited after the plan that holds it', async () => {
  await makeQuiet(engine, person, Date.now(), 8);
  const interrupted = new Interrupted();
  expect((await interrupted.plan()).status).toBe('held');
  await interrupted.start();
  await interrupted.run.handle.signal('expedite');
  worker = await engine.startWorker();
  await interrupted.run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('amends it when the amendment came after the plan that holds it', async () => {
  await makeQuiet(engine, person, Date.now(), 8);
  const interrupted = new Interrupted();
  expect((await interrupted.plan()).status).toBe('held');
  const { args, ...options } = interrupted.options;
  const answer = engine.client.workflow.executeUpdateWithStart(amendUpdate, {
    args: [{ data: { contract: { title: 'NDA, final' }, requester: 'Ann' } }],
    startWorkflowOperation: new WithStartWorkflowOperation<typeof notification>('notification', {
      ...options,
      args: [...args],
      workflowIdConflictPolicy: 'FAIL',
    }),
  });
  worker = await engine.startWorker();
  expect(await answer).toMatchObject({ status: 'held' });
  expect((await interrupted.run.view()).data).toEqual({
    contract: { title: 'NDA, final' },
    requester: 'Ann',
  });
  await interrupted.run.tell('expedite');
  await interrupted.run.untilStatus('sent');
  expect(person.mails()[0]?.parsed.subject).toBe('Approval requested: NDA, final');
});

it('holds what was to be sent before quiet hours began, when no worker was left to send it', async () => {
  const interrupted = new Interrupted();
  expect((await interrupted.plan()).deliveries).toHaveLength(1);
  await makeQuiet(engine, person, Date.now(), 8);
  await interrupted.start();
  worker = await engine.startWorker();
  await interrupted.run.untilEvent('TIMER_STARTED');
  expect(person.mails()).toHaveLength(0);
  await prefer(engine, person, { quietHours: null });
  await interrupted.run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('tells the notification of a mail that only the log knows to be sent, and does not send it again', async () => {
  const interrupted = new Interrupted();
  await interrupted.plan();
  const { deliveryAttempts } = engine.models;
  const id = `${interrupted.run.id}-email`;
  const attempt = { at: new Date(), provider: 'smtp', kind: 'first', outcome: 'started' } as const;
  await deliveryAttempts.claim('acme', id, attempt);
  await deliveryAttempts.markSent(
    'acme',
    id,
    { ...attempt, outcome: 'sent', durationMs: 5 },
    { retryCount: 0 },
  );
  expect((await interrupted.run.view()).status).toBe('sending');
  await interrupted.start();
  worker = await engine.startWorker();
  await interrupted.run.untilStatus('sent');
  expect(person.mails()).toHaveLength(0);
});

it('sends what was cut off in the first attempt, and shows that attempt as interrupted', async () => {
  const interrupted = new Interrupted();
  await interrupted.plan();
  const attempt = { at: new Date(), provider: 'smtp', kind: 'first', outcome: 'started' } as const;
  await engine.models.deliveryAttempts.claim('acme', `${interrupted.run.id}-email`, attempt);
  await interrupted.start();
  worker = await engine.startWorker();
  await interrupted.run.untilStatus('sent');
  expect((await interrupted.run.delivery()).attempts).toMatchObject([
    { outcome: 'interrupted' },
    { outcome: 'sent' },
  ]);
});

it('brings the log in line with a second plan that was stored without it', async () => {
  await makeQuiet(engine, person, Date.now(), 8);
  const interrupted = new Interrupted();
  await interrupted.plan();
  await prefer(engine, person, { channels: { email: false } });
  await interrupted.plan(2);
  await engine.mongo.db
    ?.collection('deliveries')
    .updateOne({ id: `${interrupted.run.id}-email` }, { $set: { status: 'pending' }, $unset: { reason: 1 } });
  await interrupted.start();
  worker = await engine.startWorker();
  await interrupted.run.handle.result();
  expect(await interrupted.run.delivery()).toMatchObject({
    status: 'skipped',
    reason: 'turned_off_by_person',
  });
});

it('decides by the time at which it can decide, and not by the one at which it was asked to', async () => {
  await makeQuiet(engine, person, Date.now(), 8);
  const outcome = await new Interrupted().plan(1, Date.now() - 12 * HOUR_MS);
  expect(outcome.decisions.email).toMatchObject({ action: 'hold', reason: 'quiet_hours' });
});
