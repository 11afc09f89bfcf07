import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { startEngine, type Engine, type EngineSettings } from './engine.js';
import { broadcastStories } from './broadcast-stories.js';
import { digestStories } from './digest-stories.js';
import { erasureStories } from './erasure-stories.js';
import { providerStories } from './provider-stories.js';
import { smallLanes } from './broadcasts.js';
import { redriveStories } from './redrive-stories.js';
import { reminderStories } from './reminder-stories.js';
import { scheduleStories } from './schedule-stories.js';
import { webhookStories } from './webhook-stories.js';
import { addPerson, notify, request, Run, type Person } from './runs.js';

const folder = fileURLToPath(new URL('../histories/', import.meta.url));

/** `4711@machine-3f2a…` */
const OWN_QUEUE = /^\d+@/;
const { History } = proto.temporal.api.history.v1;

/** Every saved history, under the name of its file, as `Worker.runReplayHistories` takes it. */
export async function savedHistories(): Promise<
  { workflowId: string; history: proto.temporal.api.history.v1.IHistory }[]
> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => ({
      workflowId: basename(file, '.json'),
      history: History.fromObject(JSON.parse(await readFile(`${folder}${file}`, 'utf8')) as object),
    })),
  );
}

/** What a story leaves: a run that ends, of whichever workflow. */
interface Told {
  handle: Pick<WorkflowHandle, 'result' | 'fetchHistory'>;
}
type Story = (engine: Engine, person: Person) => Promise<Told>;

const BUSY = { reply: '451 4.3.0 mailbox busy' };
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

async function held(engine: Engine, person: Person): Promise<Run> {
  const run = await notify(engine, person, { sendAt: inHours(1) });
  await run.untilStatus('held');
  return run;
}

async function failing(engine: Engine, person: Person, times: number): Promise<Run> {
  engine.smtp.behave({ at: 'message', do: BUSY, times });
  const run = await notify(engine, person);
  await run.untilEvent('TIMER_STARTED');
  return run;
}

/** One history of each way through the workflows. The names of the files are those of the stories. */
export const stories: Readonly<Record<string, Story>> = {
  'notification-sent-at-once': (engine, person) => notify(engine, person),

  'notification-held-then-sent': (engine, person) => notify(engine, person, { sendAt: inHours(3 / 3600) }),

  'notification-held-then-cancelled': async (engine, person) => {
    const run = await held(engine, person);
    await run.tell('cancel', { reason: 'withdrawn' });
    return run;
  },

  'notification-held-then-acknowledged': async (engine, person) => {
    const run = await held(engine, person);
    await run.tell('acknowledge');
    return run;
  },

  'notification-cancelled-from-temporal': async (engine, person) => {
    const run = await held(engine, person);
    await run.handle.cancel();
    return run;
  },

  'notification-expedited': async (engine, person) => {
    const run = await held(engine, person);
    await run.tell('expedite');
    return run;
  },

  'notification-amended': async (engine, person) => {
    const run = await held(engine, person);
    await run.amend({ data: { contract: { title: 'NDA, final' }, requester: 'Ann' } });
    await run.amend({ sendAt: null });
    return run;
  },

  'notification-rechecked': async (engine, person) => {
    const run = await held(engine, person);
    await run.handle.signal('recheck');
    await run.tell('expedite');
    return run;
  },

  'notification-decision-waited-for': async (engine, person) => {
    const { body } = await engine.api('POST', '/v1/notifications?wait=decision', request(person));
    return new Run(engine, body.id as string, body.workflowId as string);
  },

  'notification-signal-in-first-attempt': async (engine, person) => {
    const { met } = engine.smtp.behave({ at: 'message', do: { delayMs: 1_500 }, times: 1 });
    const run = await notify(engine, person);
    await met;
    await run.handle.signal('recheck');
    return run;
  },

  // The wait before the first retry takes its minute.
  'notification-retried-then-sent': (engine, person) => failing(engine, person, 1),

  'notification-retried-then-cancelled': async (engine, person) => {
    const run = await failing(engine, person, 1);
    await run.tell('cancel');
    return run;
  },

  'notification-expedited-twice-while-retrying': async (engine, person) => {
    const run = await failing(engine, person, 2);
    await run.tell('expedite');
    await run.untilActivityFailures(1);
    await run.tell('expedite');
    return run;
  },

  'notification-waited-for-turn': async (engine, person) => {
    const limit = (email: number | null) =>
      engine.api('PATCH', '/v1/tenant', { limits: { sendsPerSecond: { email } } });
    await limit(0.5);
    await (await notify(engine, await addPerson(engine))).untilStatus('sent');
    const run = await notify(engine, person);
    await run.untilEvent('TIMER_STARTED');
    await limit(null);
    return run;
  },

  'notification-refused': (engine, person) => {
    engine.smtp.behave({ at: 'recipient', do: { reply: '550 5.1.1 no such user' } });
    return notify(engine, person);
  },

  housekeeping: async (engine, person) => ({
    handle: await engine.client.workflow.start('housekeeping', {
      workflowId: `housekeeping/minute-${person.id}`,
      taskQueue: engine.taskQueue,
      args: [{ what: 'minute' }],
    }),
  }),

  'housekeeping-day': async (engine, person) => ({
    handle: await engine.client.workflow.start('housekeeping', {
      workflowId: `housekeeping/day-${person.id}`,
      taskQueue: engine.taskQueue,
      args: [{ what: 'day' }],
    }),
  }),

  ...erasureStories,

  ...redriveStories,

  ...reminderStories,

  ...scheduleStories,

  ...broadcastStories,
  ...providerStories,
  ...digestStories,
  ...webhookStories,
};

/** Runs each story that has no file yet on a real server, without a key ring, and writes its history. */
export async function recordHistories(
  settings: Pick<EngineSettings, 'temporalAddress' | 'mongodbUri'>,
): Promise<void> {
  const saved = new Set(await readdir(folder));
  const engine = await startEngine({
    ...settings,
    env: { ...smallLanes, CARILLON_KEYS: '', CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true' },
  });
  try {
    for (const [name, story] of Object.entries(stories)) {
      if (saved.has(`${name}.json`)) continue;
      engine.smtp.behave();
      const run = await story(engine, await addPerson(engine));
      await run.handle.result();
      const history = History.fromObject(await run.handle.fetchHistory()).toJSON();
      await writeFile(`${folder}${name}.json`, `${JSON.stringify(anonymous(history), null, 1)}\n`);
    }
  } finally {
    await engine.stop();
  }
}

/** Without the machine's name and its paths, which stand in identities, stack traces and a worker's own queues. */
function anonymous(value: unknown): unknown {
  if (typeof value === 'string') return OWN_QUEUE.test(value) ? 'own-queue' : value;
  if (Array.isArray(value)) return value.map(anonymous);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'identity' ? 'recorded' : name === 'stackTrace' ? '' : anonymous(inner),
    ]),
  );
}
