import type { WorkflowHandle } from '@temporalio/client';
import type { BroadcastInput } from '../../contracts/broadcast-run.js';
import { addPeople, broadcastTo, gate, ids, startRun, type Broadcast } from './broadcasts.js';
import type { Engine } from './engine.js';

let broadcasts = 0;

/** A broadcast to 25 people, on three pages. */
async function toMany(engine: Engine, changes: object = {}): Promise<Broadcast> {
  const people = ids(`history-${(broadcasts += 1)}`, 25);
  await addPeople(engine, people);
  return broadcastTo(engine, { to: { recipients: people }, ...changes });
}

/** One whose first mails wait until `open` is called. */
async function onFirstPage(engine: Engine): Promise<{ broadcast: Broadcast; open: () => void }> {
  const { opened, open } = gate();
  const { met } = engine.smtp.behave({ at: 'message', do: { after: opened } });
  const broadcast = await toMany(engine);
  await met;
  return { broadcast, open };
}

async function paused(engine: Engine): Promise<Broadcast> {
  const { broadcast, open } = await onFirstPage(engine);
  await broadcast.tell('pause');
  open();
  await broadcast.untilStatus('paused');
  return broadcast;
}

/** The first of several runs. */
async function continued(
  engine: Engine,
  input: Partial<BroadcastInput>,
): Promise<{ handle: Pick<WorkflowHandle, 'result' | 'fetchHistory'> }> {
  const broadcast = await toMany(engine, { to: undefined });
  const people = ids(`history-${broadcasts}`, 25).map((recipientId) => ({ recipientId }));
  await engine.models.broadcastRecipients.add('acme', broadcast.id, people);
  const { firstExecutionRunId } = await startRun(engine, broadcast, input);
  await broadcast.over();
  return { handle: engine.client.workflow.getHandle(broadcast.handle.workflowId, firstExecutionRunId) };
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

type Story = (engine: Engine) => Promise<{ handle: Pick<WorkflowHandle, 'result' | 'fetchHistory'> }>;

/** One of each way through the workflow of a broadcast. */
export const broadcastStories: Readonly<Record<string, Story>> = {
  'broadcast-sent': (engine) => toMany(engine),

  'broadcast-scheduled-then-sent': (engine) => toMany(engine, { sendAt: inHours(3 / 3600) }),

  'broadcast-scheduled-then-cancelled': async (engine) => {
    const broadcast = await toMany(engine, { sendAt: inHours(1) });
    await broadcast.tell('pause');
    await broadcast.untilStatus('paused');
    await broadcast.tell('resume');
    await broadcast.untilStatus('scheduled');
    await broadcast.tell('cancel');
    return broadcast;
  },

  'broadcast-paused-then-sent': async (engine) => {
    const broadcast = await paused(engine);
    await broadcast.tell('resume');
    return broadcast;
  },

  'broadcast-paused-then-cancelled': async (engine) => {
    const broadcast = await paused(engine);
    await broadcast.tell('cancel');
    return broadcast;
  },

  'broadcast-cancelled': async (engine) => {
    const { broadcast, open } = await onFirstPage(engine);
    await broadcast.tell('cancel');
    open();
    return broadcast;
  },

  'broadcast-cancelled-from-temporal': async (engine) => {
    const { broadcast, open } = await onFirstPage(engine);
    await broadcast.handle.cancel();
    open();
    return broadcast;
  },

  // A page each fifteen seconds.
  'broadcast-spread-then-cancelled': async (engine) => {
    const broadcast = await toMany(engine, { spreadOver: 'PT1M' });
    await broadcast.until('the first page', ({ processed }) => processed > 0);
    await broadcast.untilIdle();
    await broadcast.tell('cancel');
    return broadcast;
  },

  'broadcast-continued-as-new': (engine) => continued(engine, { pagesPerRun: 2 }),

  'broadcast-lanes-continued-as-new': (engine) => continued(engine, { pagesPerRun: 2, lanes: 2 }),

  'broadcast-gone': async (engine) => {
    const broadcast = await toMany(engine, { to: undefined });
    await engine.mongo.collection('broadcasts').deleteMany({});
    await startRun(engine, broadcast, {});
    return broadcast;
  },
};
