import type { WorkflowHandle } from '@temporalio/client';
import { redriveWorkflowId } from '../../contracts/ids.js';
import type { RedriveInput } from '../../contracts/redrive-run.js';
import type { redrive as redriveWorkflow } from '../../workflows/redrive.js';
import type { Engine } from './engine.js';
import { failedRun, redrive, retry } from './redrives.js';
import { addPerson, type Person, type Run } from './runs.js';

type Told = { handle: Pick<WorkflowHandle, 'result' | 'fetchHistory'> };
type Story = (engine: Engine, person: Person) => Promise<Told>;

const BUSY = { at: 'message', do: { reply: '451 4.3.0 mailbox busy' } } as const;

/** One that is tried again, and whose server is busy so often. */
async function retried(engine: Engine, person: Person, failures: number): Promise<Run> {
  const run = await failedRun(engine, person);
  if (failures > 0) engine.smtp.behave({ ...BUSY, times: failures });
  await retry(engine, run);
  if (failures > 0) await run.untilActivityFailures(1);
  return run;
}

/** So many failed mails of one person, as a filter. */
async function failedFor(engine: Engine, person: Person, count: number): Promise<{ recipient: string }> {
  for (let made = 0; made < count; made += 1) await failedRun(engine, person);
  return { recipient: person.id };
}

/** Starts a redrive's run in the API's place, with what a story changes of its input; answers its first run. */
async function startRun(engine: Engine, changes: Partial<RedriveInput>, isKnown = true): Promise<Told> {
  const person = await addPerson(engine);
  const filter = await failedFor(engine, person, 3);
  const redriveId = `rdr_${person.id}`;
  const createdAt = new Date();
  if (isKnown) {
    await engine.models.redrives.insert({
      tenantId: 'acme',
      id: redriveId,
      status: 'accepted',
      filter,
      perSecond: 1,
      requestHash: 'none',
      createdBy: 'story',
      createdAt,
      purgeAt: new Date(createdAt.getTime() + 3_600_000),
    });
  }
  const handle = await engine.client.workflow.start<typeof redriveWorkflow>('redrive', {
    workflowId: redriveWorkflowId('acme', redriveId),
    taskQueue: engine.taskQueue,
    args: [{ tenantId: 'acme', redriveId, perSecond: 1, ...changes }],
  });
  await handle.result();
  return { handle: engine.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId) };
}

/** One of each way through a retry of a failed delivery, and through a redrive of many. */
export const redriveStories: Readonly<Record<string, Story>> = {
  'redelivery-sent': (engine, person) => retried(engine, person, 0),

  'redelivery-expedited': async (engine, person) => {
    const run = await retried(engine, person, 1);
    await run.tell('expedite');
    return run;
  },

  'redelivery-cancelled': async (engine, person) => {
    const run = await retried(engine, person, Infinity);
    await run.tell('cancel');
    return run;
  },

  'redelivery-cancelled-from-temporal': async (engine, person) => {
    const run = await retried(engine, person, Infinity);
    await run.handle.cancel();
    return run;
  },

  'redelivery-refused': async (engine, person) => {
    const run = await failedRun(engine, person);
    await engine.mongo.collection('notifications').deleteMany({ id: run.id });
    await engine.client.workflow.signalWithStart('redelivery', {
      workflowId: run.workflowId,
      taskQueue: engine.taskQueue,
      args: [{ tenantId: 'acme', notificationId: run.id }],
      signal: 'redeliver',
      signalArgs: [{ tenantId: 'acme', notificationId: run.id, deliveryId: `${run.id}-email`, round: 'r-1' }],
    });
    return run;
  },

  'redrive-completed': async (engine, person) =>
    redrive(engine, await failedFor(engine, person, 3), { perSecond: 100 }),

  // A page each second.
  'redrive-cancelled': async (engine, person) => {
    const run = await redrive(engine, await failedFor(engine, person, 8), { perSecond: 1 });
    await run.until('some started', ({ counts }) => counts.started > 0);
    await run.cancel();
    return run;
  },

  'redrive-cancelled-from-temporal': async (engine, person) => {
    const run = await redrive(engine, await failedFor(engine, person, 8), { perSecond: 1 });
    await run.until('some started', ({ counts }) => counts.started > 0);
    await run.handle.cancel();
    return run;
  },

  'redrive-paused-then-completed': async (engine, person) => {
    const run = await redrive(engine, await failedFor(engine, person, 8), { perSecond: 1 });
    await run.until('some started', ({ counts }) => counts.started > 0);
    await run.handle.signal('pause');
    await run.handle.signal('resume');
    return run;
  },

  'redrive-continued-as-new': (engine) => startRun(engine, { pagesPerRun: 1, perSecond: 1 }),

  'redrive-gone': (engine) => startRun(engine, {}, false),
};
