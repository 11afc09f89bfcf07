import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { AppLog } from '../../embedded/app-log.js';
import type { Launch } from '../../embedded/launch.js';
import { Ports } from '../../embedded/ports.js';
import { createAudience, requestToEverybody, runBroadcast, type BroadcastResult } from '../broadcasts.js';
import { HttpCaller } from '../callers.js';
import { messageOf } from '../peers/bullmq/message-of.js';
import { jobOptions, queueName, type PeerJob } from '../peers/bullmq/queue.js';
import { redisServer, redisVersion } from '../peers/bullmq/redis-server.js';
import { runJobs } from '../peers/bullmq/run-jobs.js';
import type { CpuLine, Row, RowContext } from '../row.js';
import { bulkWorkers, type Stack } from '../stack.js';
import { digits, mean } from '../statistics.js';

const ROUNDS = 2;
const WARM_UP = 600;
/** As many as there are bulk workers. */
const peerWorkers = bulkWorkers.map((_, at) => `BullMQ worker ${at + 1}`);

/** The same emails as a broadcast, and as one BullMQ job for each recipient. */
export const peer: Row = {
  name: 'peer',
  async run(context) {
    const redis = await redisVersion();
    if (redis === undefined) {
      const note = 'not run: redis-server is not on the PATH';
      context.say(note);
      return { lines: [], notes: [note], raw: {} };
    }
    const { stack } = context;
    const port = await new Ports().take(0);
    const worker = (name: string) =>
      workerProcess(name, { ...stack.env, PEER_REDIS_PORT: String(port) }, context);
    let queue: Queue<PeerJob> | undefined;
    try {
      await stack.children.start('redis', await redisServer(stack.folder, port));
      for (const name of peerWorkers) await stack.children.start(name, worker(name));
      queue = new Queue(queueName, {
        connection: { host: '127.0.0.1', port },
        defaultJobOptions: jobOptions,
      });
      const { carillon, bullmq } = await measure(context, queue);
      const [ours, theirs] = [rateOf(carillon), rateOf(bullmq)];
      const { total } = carillon[0] ?? { total: 0 };
      const version = (await queue.getVersion())?.replace('bullmq:', '') ?? 'unknown';
      return {
        lines: [
          {
            what: `email to ${total} over SMTP, recipients/s ÷ BullMQ jobs/s`,
            carillon: `${digits(ours)}/s (${shown(carillon)})`,
            reference: `BullMQ ${digits(theirs)}/s (${shown(bullmq)})`,
            ratio: ours / theirs,
            target: { atLeast: 3 },
          },
        ],
        cpu: [
          cpuLine(`recipient, email, of ${total}, beside BullMQ`, carillon),
          cpuLine(`BullMQ job, email, of ${total}`, bullmq),
        ],
        notes: [`BullMQ ${version}, Redis ${redis}; every recipient’s mail was sent once in both`],
        raw: { carillon, bullmq },
      };
    } finally {
      await queue?.close();
      for (const name of peerWorkers) await stack.children.stop(name);
      await stack.children.stop('redis');
    }
  },
};

/** Both in turns, each time to people who have got nothing yet, after a warm-up of both. */
async function measure({ stack, options, say }: RowContext, queue: Queue<PeerJob>) {
  const http = new HttpCaller(stack.api.url, 4);
  const message = messageOf(requestToEverybody({ channels: ['email'], name: 'peer' }));
  const byCarillon = async (round: string, people: number) => {
    const tenantId = `peer-carillon-${round}`;
    const tenant = await createAudience(stack.api.models, tenantId, { people, domain: 'example.com' });
    return checked(stack, tenantId, people, () =>
      runBroadcast(stack, http, { ...tenant, channels: ['email'], name: 'peer' }),
    );
  };
  const byBullmq = async (round: string, people: number) => {
    const tenantId = `peer-bullmq-${round}`;
    await createAudience(stack.api.models, tenantId, { people, domain: 'example.com' });
    return checked(stack, tenantId, people, () => runJobs(stack, queue, { tenantId, message }));
  };

  await byCarillon('warm-up', WARM_UP);
  await byBullmq('warm-up', WARM_UP);
  const people = options.quick ? 500 : 5_000;
  const carillon: BroadcastResult[] = [];
  const bullmq: BroadcastResult[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    carillon.push(await byCarillon(String(round), people));
    bullmq.push(await byBullmq(String(round), people));
    say(`round ${round}: ${shown(carillon.slice(-1))} against ${shown(bullmq.slice(-1))}`);
  }
  http.close();
  return { carillon, bullmq };
}

/** @throws unless everybody has a notification and a delivery that say that the mail was sent, and one mail went out. */
async function checked(
  stack: Stack,
  tenantId: string,
  people: number,
  run: () => Promise<BroadcastResult>,
): Promise<BroadcastResult> {
  const mailsBefore = (await stack.sinkCounts()).accepted;
  const result = await run();
  const mails = (await stack.sinkCounts()).accepted - mailsBefore;
  const sent = (collection: string, more: Record<string, unknown> = {}) =>
    stack.api.mongo.collection(collection).countDocuments({ tenantId, status: 'sent', ...more });
  const notifications = await sent('notifications', { broadcastId: result.id });
  const deliveries = await sent('deliveries', { channel: 'email' });
  if ([result.total, notifications, deliveries, mails].some((count) => count !== people)) {
    throw new Error(
      `${tenantId}: of ${people} people ${result.total} were processed; ` +
        `${notifications} notifications and ${deliveries} deliveries say sent, ${mails} mails arrived`,
    );
  }
  return result;
}

/** Of all rounds together. */
function rateOf(results: BroadcastResult[]): number {
  return mean(results.map(({ total }) => total)) / mean(results.map(({ seconds }) => seconds));
}

function shown(results: BroadcastResult[]): string {
  return results.map(({ perSecond }) => digits(perSecond)).join(', ');
}

function cpuLine(what: string, results: BroadcastResult[]): CpuLine {
  const names = [...new Set(results.flatMap(({ cpu }) => Object.keys(cpu.cpuMs)))];
  return {
    what,
    perSecond: rateOf(results),
    cpuMs: Object.fromEntries(
      names.map((name) => [name, mean(results.map(({ cpu }) => cpu.cpuMs[name] ?? 0))]),
    ),
    strangers: mean(results.map(({ cpu }) => cpu.strangers)),
  };
}

function workerProcess(name: string, env: NodeJS.ProcessEnv, { stack, say }: RowContext): Launch {
  const log = new AppLog(name, 'worker ready', say);
  return {
    plan: {
      title: name,
      command: process.execPath,
      args: [
        '--enable-source-maps',
        fileURLToPath(new URL('../peers/bullmq/bullmq-worker.js', import.meta.url)),
      ],
      env,
      logPath: join(stack.folder, `${name.replaceAll(' ', '-')}.log`),
      onLine: log.onLine,
      stopWithinMs: 10_000,
    },
    isReady: () => log.isReady,
    readyWithinMs: 90_000,
  };
}
