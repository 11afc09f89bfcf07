import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, type Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ActivityDependencies } from '../../activities/dependencies.js';
import { createPeerWorker } from '../../bench/peers/bullmq/create-peer-worker.js';
import { messageOf } from '../../bench/peers/bullmq/message-of.js';
import { jobOptions, queueName, type PeerJob } from '../../bench/peers/bullmq/queue.js';
import { redisServer, redisVersion } from '../../bench/peers/bullmq/redis-server.js';
import { Children } from '../../bench/children.js';
import { Ports } from '../../embedded/ports.js';
import { createLogger } from '../../runtime/logger.js';
import { activityDependencies } from '../../worker/dependencies.js';
import { addPeople, addressOf, mailedTo, news } from '../support/broadcasts.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';

const isHere = (await redisVersion()) !== undefined;

describe.skipIf(!isHere)(`a BullMQ job of the bench${isHere ? '' : ' (no redis-server on the PATH)'}`, () => {
  const children = new Children(() => undefined);
  let folder: string;
  let port: number;
  let engine: Engine;
  let deps: ActivityDependencies;
  let queue: Queue<PeerJob>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'carillon-redis-'));
    port = await new Ports().take(0);
    await children.start('redis', await redisServer(folder, port));
    engine = await startEngine({
      temporalAddress: inject('temporalAddress'),
      mongodbUri: inject('mongodbUri'),
      worker: false,
    });
    const noRuns = () => Promise.reject(new Error('there are no workflows here'));
    deps = activityDependencies(engine.config, {
      models: engine.models,
      runs: {
        start: noRuns,
        redeliver: noRuns,
        retryWebhook: noRuns,
        collect: noRuns,
        cancel: noRuns,
        release: noRuns,
        watchProvider: noRuns,
        histories: {
          ofRecipients: () => {
            throw new Error('there are no workflows here');
          },
          end: noRuns,
          remove: noRuns,
          dropSchedule: noRuns,
        },
      },
      log: createLogger({ level: 'silent', name: 'bullmq' }),
    });
    queue = new Queue(queueName, { connection: { host: '127.0.0.1', port }, defaultJobOptions: jobOptions });
  });
  afterAll(async () => {
    await queue.close();
    await deps.channels.close();
    await engine.stop();
    await children.close();
    await rm(folder, { recursive: true, force: true });
  });

  let worker: Worker<PeerJob>;
  let running: Promise<void>;
  beforeEach(() => {
    engine.smtp.behave();
    worker = createPeerWorker(deps, { port, concurrency: 4 });
    running = worker.run();
  });
  afterEach(async () => {
    await worker.close();
    await running;
  });

  async function add(recipientId: string): Promise<void> {
    await addPeople(engine, [recipientId]);
    const message = messageOf({ ...news, name: 'peer', channels: ['email'], to: { everyone: true } });
    await queue.add('email', {
      tenantId: 'acme',
      broadcastId: 'brd_peer',
      startedAtMs: Date.now(),
      recipientId,
      message,
    });
  }

  const until = (state: 'delayed' | 'none left', failures: number) =>
    eventually(
      `${state} after ${failures} failures`,
      async () => {
        const { delayed = 0, active = 0, wait = 0 } = await queue.getJobCounts('delayed', 'active', 'wait');
        const [job] = await queue.getDelayed();
        return { delayed, busy: active + wait, failures: job?.attemptsMade };
      },
      (seen) => seen.busy === 0 && (state === 'delayed' ? seen.failures === failures : seen.delayed === 0),
    );

  const delivery = async (recipientId: string) => {
    const { body } = await engine.api('GET', `/v1/deliveries?channel=email&limit=100`);
    return (body.items as { recipient: string }[]).find(({ recipient }) => recipient === recipientId);
  };

  it('is tried again when the mail was refused for now, and mails once', async () => {
    engine.smtp.behave({ at: 'message', do: { reply: '451 4.3.0 busy' }, times: 1 });
    await add('peer-busy');
    await until('delayed', 1);
    await queue.promoteJobs();
    await until('none left', 1);
    expect(mailedTo(engine, 'peer-busy')).toEqual([addressOf('peer-busy')]);
    expect(await delivery('peer-busy')).toMatchObject({
      status: 'sent',
      attempts: [{ outcome: 'failed' }, { outcome: 'sent' }],
    });
  });

  it('waits as long as Carillon would, and twice as long after each failure', async () => {
    engine.smtp.behave({ at: 'message', do: { reply: '451 4.3.0 busy' } });
    await add('peer-patient');
    const delays: number[] = [];
    for (const failures of [1, 2, 3]) {
      await until('delayed', failures);
      const [job] = await queue.getDelayed();
      delays.push(job?.delay ?? 0);
      await queue.promoteJobs();
    }
    await until('none left', 4);
    expect(delays).toEqual([60_000, 120_000, 240_000]);
  });

  it('gives up after as many attempts as Carillon, and the log says so', async () => {
    engine.smtp.behave({ at: 'message', do: { reply: '451 4.3.0 busy' } });
    await add('peer-hopeless');
    for (const failures of [1, 2, 3]) {
      await until('delayed', failures);
      await queue.promoteJobs();
    }
    await until('none left', 4);
    const outcome = 'failed';
    expect(await delivery('peer-hopeless')).toMatchObject({
      status: 'failed',
      attempts: [{ outcome }, { outcome }, { outcome }, { outcome }],
    });
  });

  it('is not tried again when the mail was refused for good', async () => {
    engine.smtp.behave({ at: 'recipient', do: { reply: '550 5.1.1 no such user' } });
    await add('peer-unknown');
    await until('none left', 0);
    expect(await delivery('peer-unknown')).toMatchObject({
      status: 'failed',
      attempts: [{ outcome: 'failed' }],
    });
  });

  it('mails nobody twice when it runs again after its mail is out', async () => {
    for (let runs = 0; runs < 2; runs += 1) {
      await add('peer-twice');
      await until('none left', 0);
    }
    expect(mailedTo(engine, 'peer-twice')).toEqual([addressOf('peer-twice')]);
  });
});
