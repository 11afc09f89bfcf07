import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { createBulkActivities } from '../../activities/create-activities.js';
import type { PageOutcome, PageRequest } from '../../contracts/broadcast-run.js';
import type { Models } from '../../models/models.js';
import type { Subscribers } from '../../models/subscribers.js';
import { createLogger } from '../../runtime/logger.js';
import { activityDependencies } from '../../worker/dependencies.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import { startEngine, type Engine, type RunningWorker } from '../support/engine.js';
import {
  addPeople,
  addressOf,
  broadcastTo,
  gate,
  ids,
  mailedTo,
  smallPages,
  type Broadcast,
} from '../support/broadcasts.js';

// One page of 20 people, in chunks of 4, called as a worker does.

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallPages,
    worker: false,
  });
});
afterAll(() => engine.stop());

let worker: RunningWorker | undefined;
let prefix: string;
let broadcast: Broadcast;
let request: PageRequest;
let count = 0;
beforeEach(async () => {
  engine.smtp.behave();
  prefix = `paged-${(count += 1)}`;
  const people = ids(prefix, 20);
  await addPeople(engine, people);
  broadcast = await broadcastTo(engine, {});
  const members = people.map((recipientId) => ({ recipientId }));
  await engine.models.broadcastRecipients.add('acme', broadcast.id, members);
  request = {
    tenantId: 'acme',
    broadcastId: broadcast.id,
    startedAtMs: Date.now(),
    limit: 20,
    processed: 0,
    lanes: 1,
  };
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
});

/** The activity of a worker whose models differ. */
function sendPage(models: Partial<Models> = {}) {
  const dependencies = activityDependencies(engine.config, {
    models: { ...engine.models, ...models },
    runs: workflowRuns(engine.client, engine.taskQueue),
    log: createLogger({ level: 'silent', name: 'page' }),
  });
  return createBulkActivities(dependencies).sendPage;
}

/** People who cannot be read from the chunk of this number on. */
function awayFrom(chunk: number): Subscribers {
  const subscribers = Object.create(engine.models.subscribers) as Subscribers;
  let read = 0;
  subscribers.people = async (...asked) => {
    read += 1;
    if (read >= chunk) throw new Error('away');
    return engine.models.subscribers.people(...asked);
  };
  return subscribers;
}

/** Without the SDK's own lines about failures that are meant. */
const activityEnvironment = (info?: ConstructorParameters<typeof MockActivityEnvironment>[0]) =>
  new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });

const called = (environment: MockActivityEnvironment, models?: Partial<Models>): Promise<PageOutcome> =>
  environment.run(sendPage(models), request);

it('tells everybody of a page, and where it ended', async () => {
  const page = await called(activityEnvironment());
  expect(page).toMatchObject({ processed: 20, tally: { sent: 20 }, afterId: `${prefix}-020` });
});

it('records what went out when the next ones cannot be decided about, and does not send it again', async () => {
  await expect(called(activityEnvironment(), { subscribers: awayFrom(4) })).rejects.toThrow('away');
  expect((await broadcast.view()).counts.sent).toBe(4);

  const page = await called(activityEnvironment());
  expect(page.processed).toBe(20);
  worker = await engine.startWorker();
  await broadcast.until('everybody told', ({ counts }) => counts.sent === 20);
  expect(mailedTo(engine, prefix)).toEqual(ids(prefix, 20).map(addressOf));
});

it('goes on where the last heartbeat was', async () => {
  const heartbeatDetails: PageOutcome = {
    processed: 8,
    tally: { sent: 8 },
    done: false,
    afterId: `${prefix}-008`,
  };
  const page = await called(activityEnvironment({ heartbeatDetails }));
  expect(page).toMatchObject({ processed: 20, tally: { sent: 20 } });
  expect(mailedTo(engine, prefix)).toEqual(ids(prefix, 20).slice(8).map(addressOf));
});

it('ends what it has stored when it is told to stop, and says how far it is', async () => {
  const { opened, open } = gate();
  const { met } = engine.smtp.behave({ at: 'message', do: { after: opened } });
  const environment = activityEnvironment();
  const calling = called(environment);
  await met;
  environment.cancel('CANCELLED');
  open();
  // One chunk was being sent, and two more were on their way into the database.
  expect(await calling).toMatchObject({ processed: 12, done: false, afterId: `${prefix}-012` });
  expect(mailedTo(engine, prefix)).toEqual(ids(prefix, 12).map(addressOf));
  expect((await broadcast.view()).counts.inFlight).toBe(0);
});

it('fails for good when the broadcast is gone', async () => {
  request.broadcastId = 'brd_gone';
  await expect(called(activityEnvironment())).rejects.toMatchObject({ nonRetryable: true });
});
