import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { builtApps, workerProcess } from '../../embedded/apps.js';
import { kafkaServer } from '../../embedded/kafka-server.js';
import { Ports } from '../../embedded/ports.js';
import { kafkaFiles } from '../../embedded/servers/kafka.js';
import { eventRule } from '../../contracts/event-rules.js';
import { mongodbUri } from '../../embedded/mongodb-server.js';
import { byCallers } from '../callers.js';
import { startBare, startUnchecked } from '../notifications.js';
import { cpuTimes, cpuUsed } from '../processes.js';
import { cpuLine, type CpuSample, type Row, type RowContext } from '../row.js';
import { idleNamespace, type RunningApi } from '../stack.js';
import { digits, median, ratios } from '../statistics.js';

const PARTITIONS = 32;
const TENANT = 'events';
const CONSUMER = 'event consumer';
const BROKER = 'kafka';
const ways = ['plain', 'unchecked', 'kafka'] as const;
type Way = (typeof ways)[number];

/**
 * Events from Kafka, until Temporal has what they lead to, against starting workflows with the plain client; both in a namespace
 * without workers. Then the same with a consumer that is killed and a broker that is restarted.
 */
export const events: Row = {
  name: 'events',
  async run(context) {
    const { stack, options, say } = context;
    const { idleClient, children } = stack;
    const bench = await begin(context);
    const total = options.quick ? 320 : 3_200;
    const plain = () =>
      measured(children.processes, total, () => byCallers(PARTITIONS, total, () => startBare(idleClient)));
    const unchecked = () =>
      measured(children.processes, total, () =>
        byCallers(PARTITIONS, total, () => startUnchecked(idleClient, 'unchecked', 'person-1')),
      );
    const fromKafka = async () => {
      const before = await bench.taken();
      return measured(children.processes, total, async () => {
        await bench.write(total);
        await bench.untilTaken(before + total);
      });
    };

    say('warming up');
    await plain();
    await unchecked();
    await fromKafka();
    const results: Record<Way, CpuSample[]> = { plain: [], unchecked: [], kafka: [] };
    for (let round = 1; round <= options.rounds; round += 1) {
      results.plain.push(await plain());
      results.unchecked.push(await unchecked());
      results.kafka.push(await fromKafka());
      const news = ways.map((name) => `${name} ${digits(results[name].at(-1)?.perSecond ?? NaN)}/s`);
      say(`${round} of ${options.rounds}: ${news.join(', ')}`);
    }
    results.plain.push(await plain());

    const count = options.quick ? 1_000 : 10_000;
    say(`${count} events over a killed consumer and a restarted broker`);
    const { lost, doubled, seconds } = await bench.throughFaults(count);
    await bench.end();

    const rates = (name: Way) => results[name].map(({ perSecond }) => perSecond);
    return {
      lines: [
        {
          what: `events/s from Kafka to accepted ÷ plain starts/s with ${PARTITIONS} callers`,
          carillon: `${digits(median(rates('kafka')))}/s`,
          reference: `plain ${digits(median(rates('plain')))}/s`,
          ratio: median(ratios(rates('kafka'), rates('plain'))),
          target: { atLeast: 0.9 },
        },
        {
          what: `the same ÷ the plain client’s starts/s of the notifications that they become`,
          carillon: `${digits(median(rates('kafka')))}/s`,
          reference: `plain ${digits(median(rates('unchecked')))}/s`,
          ratio: median(rates('kafka').map((rate, round) => rate / (rates('unchecked')[round] ?? NaN))),
        },
        {
          what: `of ${count} events, over SIGKILL of the consumer and a broker restart`,
          carillon: `${lost} lost, ${doubled} doubled, in ${digits(seconds)} s`,
          holds: lost === 0 && doubled === 0,
        },
      ],
      cpu: [
        cpuLine('plain start of a bare workflow', results.plain),
        cpuLine('plain start of a notification', results.unchecked),
        cpuLine('event from Kafka', results.kafka),
      ],
      raw: { ...results, faults: { count, lost, doubled, seconds } },
    };
  },
};

async function begin({ stack, say }: RowContext) {
  const { children, folder, idleClient } = stack;
  const ports = new Ports();
  const port = await ports.take(0);
  const broker = kafkaServer({
    files: await kafkaFiles(say),
    port,
    controllerPort: await ports.take(0),
    dataFolder: join(folder, 'kafka'),
    logPath: join(folder, 'kafka.log'),
  });
  await children.start(BROKER, broker);
  const brokers = `127.0.0.1:${port}`;
  const kafka = new Kafka({
    clientId: 'bench',
    brokers: [brokers],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 60 },
  });
  const topic = `bench-${randomBytes(4).toString('hex')}`;
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: 1 }],
  });
  await admin.disconnect();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();

  const api = await stack.startApi('events api', { database: 'events', namespace: idleNamespace });
  await prepareTenant(api, topic);
  const env = {
    ...stack.env,
    MONGODB_URI: mongodbUri(stack.servers.mongodbPort, 'events'),
    TEMPORAL_NAMESPACE: idleNamespace,
    CARILLON_WORKER_QUEUES: 'events',
    KAFKA_BROKERS: brokers,
    CARILLON_KAFKA_TOPICS: `${topic}=${TENANT}`,
  };
  const startConsumer = () =>
    stack.startNode(
      CONSUMER,
      workerProcess(builtApps.worker, env, { drainSeconds: 5, logFolder: folder, say }),
    );
  await startConsumer();

  let written = 0;
  const rows = api.mongo.collection('inboundEvents');
  // From the collection's metadata: counting them, fifty times a second, would be work of MongoDB's that is not the intake's.
  const taken = () => rows.estimatedDocumentCount();
  const write = async (count: number) => {
    const messages = Array.from({ length: count }, (_, index) => ({
      partition: index % PARTITIONS,
      value: JSON.stringify(eventOf((written += 1))),
    }));
    await producer.send({ topic, messages });
  };
  const untilTaken = async (count: number) => {
    const deadlineMs = Date.now() + 1_200_000;
    while ((await taken()) < count) {
      if (Date.now() > deadlineMs) throw new Error('the events were not taken in time');
      await pause(50);
    }
  };

  return {
    taken,
    write,
    untilTaken,
    /** Kills the consumer a third of the way, and restarts the broker after the second. */
    throughFaults: async (count: number) => {
      const before = { taken: await taken(), written };
      const beganMs = Date.now();
      await write(count);
      await untilTaken(before.taken + count / 3);
      await children.kill(CONSUMER);
      await startConsumer();
      await untilTaken(before.taken + (2 * count) / 3);
      await children.kill(BROKER);
      // The data are there: only the process is new.
      await children.restart(BROKER);
      await untilTaken(before.taken + count);
      const seconds = (Date.now() - beganMs) / 1000;
      // A doubled one would come after its first.
      await pause(3_000);
      const starts = new Map<string, number>();
      const query = `WorkflowType = "notification" AND CarillonTenant = "${TENANT}"`;
      for await (const { searchAttributes } of idleClient.workflow.list({ query })) {
        const person = String(searchAttributes.CarillonRecipient?.[0]);
        starts.set(person, (starts.get(person) ?? 0) + 1);
      }
      const people = Array.from({ length: count }, (_, index) => personOf(before.written + index + 1));
      return {
        lost: people.filter((person) => !starts.has(person)).length,
        doubled: people.filter((person) => (starts.get(person) ?? 0) > 1).length,
        seconds,
      };
    },
    end: async () => {
      await producer.disconnect();
      await children.stop(CONSUMER);
      await children.stop(BROKER);
      await children.stop('events api');
    },
  };
}

async function prepareTenant({ models }: RunningApi, topic: string): Promise<void> {
  await models.tenants.create({ id: TENANT, name: TENANT, timezone: 'UTC', locale: 'en' });
  const rule = eventRule.parse({
    name: 'contracts',
    sources: [topic],
    when: { field: 'event_type', equals: 'approval_requested' },
    then: {
      do: 'trigger',
      notification: {
        type: 'approval_request',
        to: { recipient: '{{ approver }}' },
        data: { contract: '{{ contract }}', requester: '{{ requester }}', dueAt: '{{ due_at }}' },
        actor: '{{ requester.id }}',
        related: { type: 'contract', id: '{{ contract.id }}' },
        actionUrl: 'https://app.example.com/contracts/{{ contract.id }}',
      },
    },
  });
  await models.eventRules.create(TENANT, 'rul_bench', rule);
}

/** Of a usual size; each for another person, so that what was started twice can be told. */
function eventOf(number: number) {
  return {
    event_type: 'approval_requested',
    tenant_id: TENANT,
    approver: personOf(number),
    contract: { id: 'c-2041', title: 'Framework agreement with Acme Industries' },
    requester: { id: 'u-7', name: 'Ann Smith' },
    due_at: '2030-01-15T16:00:00Z',
  };
}

function personOf(number: number): string {
  return `person-${number}`;
}

async function measured(
  processes: ReadonlyMap<string, number>,
  count: number,
  work: () => Promise<unknown>,
): Promise<CpuSample> {
  const before = cpuTimes(processes);
  const beganMs = performance.now();
  await work();
  const elapsedMs = performance.now() - beganMs;
  const { used, strangers } = cpuUsed(before, cpuTimes(processes), elapsedMs);
  return {
    perSecond: (count / elapsedMs) * 1000,
    cpuMs: Object.fromEntries(Object.entries(used).map(([name, ms]) => [name, ms / count])),
    strangers,
  };
}
