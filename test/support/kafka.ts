import { randomBytes } from 'node:crypto';
import { Kafka, logLevel, type IHeaders, type KafkaMessage } from 'kafkajs';
import { inject } from 'vitest';

/** The brokers of the run's one Kafka; each test file uses topics and groups of its own. */
export async function kafkaBrokers(): Promise<string> {
  const answer = await fetch(inject('kafkaUrl'));
  const text = await answer.text();
  if (!answer.ok) throw new Error(`no Kafka: ${text}`);
  return text;
}

/** A record as tests read it. */
export interface TestRecord {
  key: string | undefined;
  value: string;
  headers: Record<string, string>;
}

/** Topics of a test, with what it writes to them and reads from them. */
export class TestTopics {
  private readonly kafka: Kafka;
  private readonly producer;
  private readonly ends: (() => Promise<void>)[] = [];

  constructor(brokers: string) {
    this.kafka = new Kafka({
      clientId: 'test',
      brokers: [brokers],
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 60 },
    });
    // What it tries again is written once.
    this.producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  }

  /** Makes topics under names of their own: `orders` → `orders-3f2a`. */
  async make(names: readonly string[], numPartitions = 2): Promise<string[]> {
    const suffix = randomBytes(4).toString('hex');
    const topics = names.map((name) => `${name}-${suffix}`);
    await this.makeExactly(topics, numPartitions);
    return topics;
  }

  async makeExactly(topics: readonly string[], numPartitions: number): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    await admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({ topic, numPartitions, replicationFactor: 1 })),
    });
    await admin.disconnect();
  }

  /** Writes records, objects as JSON; resolves when the broker has them. */
  async write(
    topic: string,
    records: readonly {
      value: object | string | Buffer;
      key?: string;
      headers?: IHeaders;
      partition?: number;
      timestamp?: string;
    }[],
  ): Promise<void> {
    await this.producer.connect();
    await this.producer.send({
      topic,
      messages: records.map(({ value, ...record }) => ({
        ...record,
        value: typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value),
      })),
    });
  }

  /** Reads a topic from its beginning; the list grows. */
  async read(topic: string): Promise<readonly TestRecord[]> {
    const records: TestRecord[] = [];
    const consumer = this.kafka.consumer({ groupId: `test-${randomBytes(6).toString('hex')}` });
    await consumer.connect();
    this.ends.push(() => consumer.disconnect());
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        records.push(shown(message));
        return Promise.resolve();
      },
    });
    return records;
  }

  /** How far a group is: the sum of its committed offsets. */
  async committed(groupId: string, topic: string): Promise<number> {
    const admin = this.kafka.admin();
    await admin.connect();
    const [of] = await admin.fetchOffsets({ groupId, topics: [topic] });
    await admin.disconnect();
    return (of?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.ends.map((end) => end()));
    await this.producer.disconnect();
  }
}

function shown({ key, value, headers }: KafkaMessage): TestRecord {
  return {
    key: key?.toString(),
    value: value?.toString() ?? '',
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, each]) => [name, String(each)])),
  };
}
