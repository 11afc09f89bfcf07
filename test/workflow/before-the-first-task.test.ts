import { WithStartWorkflowOperation } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { notificationWorkflowId } from '../../contracts/ids.js';
import type { NotificationInput } from '../../contracts/notification-run.js';
import { trigger } from '../../contracts/trigger.js';
import { amendUpdate } from '../../workflows/messages.js';
import type { notification } from '../../workflows/notification.js';
import { startEngine, type Engine } from '../support/engine.js';
import { addPerson, makeQuiet, notify, request, Run, type Person } from '../support/runs.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    worker: false,
  });
});
afterAll(() => engine.stop());

let person: Person;
let worker: Awaited<ReturnType<Engine['startWorker']>> | undefined;
beforeEach(async () => {
  worker = undefined;
  person = await addPerson(engine);
});
afterEach(() => worker?.stop());

async function startWorker(): Promise<void> {
  worker = await engine.startWorker();
}

it('sends nothing, not even to the inbox, when it was cancelled, and says by whom', async () => {
  const run = await notify(engine, person);
  expect((await run.tell('cancel', { reason: 'sent by mistake' })).status).toBe(202);
  await startWorker();
  const view = await run.untilStatus('cancelled');
  expect(await run.handle.result()).toEqual({
    status: 'cancelled',
    channels: { in_app: 'cancelled', email: 'cancelled' },
  });
  expect(view).toMatchObject({ title: null, plan: { channels: { email: { reason: 'cancelled' } } } });
  expect(view.timeline).toContainEqual(
    expect.objectContaining({
      event: 'cancelled',
      detail: expect.stringContaining('sent by mistake') as string,
    }),
  );
  expect(person.mails()).toHaveLength(0);
});

it("sends nothing when Temporal's own cancellation came first", async () => {
  const run = await notify(engine, person);
  await run.handle.cancel();
  await startWorker();
  await run.untilStatus('cancelled');
  expect((await run.view()).title).toBeNull();
  expect(person.mails()).toHaveLength(0);
});

it('passes quiet hours when it was expedited', async () => {
  await makeQuiet(engine, person, Date.now(), 8);
  const run = await notify(engine, person);
  expect((await run.tell('expedite')).status).toBe(202);
  await startWorker();
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('keeps the item in the inbox and sends no mail when it was acknowledged', async () => {
  const run = await notify(engine, person);
  expect((await run.tell('acknowledge')).status).toBe(202);
  await startWorker();
  const view = await run.untilStatus('sent');
  expect(view.title).toBe('Ann asks for your approval');
  expect(await run.handle.result()).toEqual({
    status: 'sent',
    channels: { in_app: 'sent', email: 'acknowledged' },
  });
  expect(person.mails()).toHaveLength(0);
});

it('is delivered, mail and inbox, as an amendment left it', async () => {
  const id = `ntf_${person.id}`;
  const input: NotificationInput = {
    tenantId: 'acme',
    notificationId: id,
    recipientId: person.id,
    trigger: trigger.parse(request(person)),
    requestHash: 'of no consequence',
    acceptedAtMs: Date.now(),
  };
  // The update is there before the first task, since it begins the run.
  const workflowId = notificationWorkflowId('acme', id);
  const answer = engine.client.workflow.executeUpdateWithStart(amendUpdate, {
    args: [{ data: { contract: { title: 'NDA, final' }, requester: 'Bob' } }],
    startWorkflowOperation: new WithStartWorkflowOperation<typeof notification>('notification', {
      workflowId,
      taskQueue: engine.taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'FAIL',
    }),
  });
  await startWorker();
  expect(await answer).toMatchObject({ channels: { email: { action: 'send' } } });
  const run = new Run(engine, id, workflowId);
  expect((await run.untilStatus('sent')).title).toBe('Bob asks for your approval');
  expect(person.mails()[0]?.parsed.subject).toBe('Approval requested: NDA, final');
});
