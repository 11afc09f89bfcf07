import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Config } from '../../runtime/config.js';
import type { InboundDependencies } from '../inbound/dependencies.js';
import { kafkaOf } from './connection.js';
import { DeadLetters } from './dead-letters.js';
import { Interrupted, takeRecords, type TakingRecords } from './take-records.js';

type IntakeConfig = Pick<
  Config,
  | 'KAFKA_BROKERS'
  | 'KAFKA_SSL'
  | 'KAFKA_SASL_MECHANISM'
  | 'KAFKA_SASL_USERNAME'
  | 'KAFKA_SASL_PASSWORD'
  | 'CARILLON_KAFKA_TOPICS'
  | 'CARILLON_KAFKA_GROUP'
  | 'CARILLON_KAFKA_START'
  | 'CARILLON_KAFKA_TENANT_FIELD'
  | 'CARILLON_KAFKA_TENANT_HEADER'
  | 'CARILLON_KAFKA_ID_FIELD'
  | 'CARILLON_KAFKA_PARTITIONS'
  | 'CARILLON_KAFKA_DEAD_LETTER_TOPIC'
  | 'CARILLON_KAFKA_DEAD_LETTER_UNMATCHED'
>;

/** The intake of events from Kafka, as long as it runs. */
export interface KafkaIntake {
  /** How many records of each partition, by `topic/partition`, were behind the last batch that came. */
  lag(): ReadonlyMap<string, number>;
  /** Ends it: events under way are finished and committed. */
  stop(): Promise<void>;
}

/** A consumer that says nothing for so long is out of its group, in milliseconds. */
const SESSION_MS = 10_000;
/** Bytes of one partition that are fetched at a time: some hundred events. */
const PARTITION_BYTES = 256 * 1024;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Between looks for topics that are not there yet. */
const TOPICS_EVERY_MS = 5_000;

/**
 * Takes events in from Kafka until it is stopped. Whatever ends the consumer in between, it begins again: a broker that goes
 * away, a rebalance, a topic that is made later. Undefined where no broker or no topic is named.
 */
export function startKafkaIntake(config: IntakeConfig, deps: InboundDependencies): KafkaIntake | undefined {
  const kafka = kafkaOf(config, deps.log);
  if (!kafka || config.CARILLON_KAFKA_TOPICS.size === 0) return undefined;
  const intake = new Intake(kafka, config, deps);
  intake.start();
  return intake;
}

class Intake implements KafkaIntake {
  private isStopping = false;
  private readonly stopped = new AbortController();
  private consumer: Consumer | undefined;
  private ended: Promise<void> | undefined;
  /** How many partitions are this consumer's, and how many of them are gone through now. */
  private assigned = 0;
  private active = 0;
  private readonly lags = new Map<string, number>();
  private readonly taking: TakingRecords;

  constructor(
    private readonly kafka: Kafka,
    private readonly config: IntakeConfig,
    private readonly deps: InboundDependencies,
  ) {
    const topics = new Map(config.CARILLON_KAFKA_TOPICS);
    if (topics.delete(config.CARILLON_KAFKA_DEAD_LETTER_TOPIC))
      deps.log.warn('the dead-letter topic is not read: its events would come back for ever');
    this.taking = {
      deps,
      settings: {
        topics,
        tenantField: config.CARILLON_KAFKA_TENANT_FIELD,
        tenantHeader: config.CARILLON_KAFKA_TENANT_HEADER,
        idField: config.CARILLON_KAFKA_ID_FIELD,
      },
      deadLetters: new DeadLetters(kafka, config.CARILLON_KAFKA_DEAD_LETTER_TOPIC, deps.log),
      deadLetterUnmatched: config.CARILLON_KAFKA_DEAD_LETTER_UNMATCHED,
    };
  }

  start(): void {
    this.ended = this.goOn();
  }

  lag(): ReadonlyMap<string, number> {
    return this.lags;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.stopped.abort();
    await this.consumer?.stop().catch(() => undefined);
    await this.ended;
    await this.taking.deadLetters.close().catch(() => undefined);
  }

  private async goOn(): Promise<void> {
    const { log } = this.deps;
    let waitMs = FIRST_PAUSE_MS;
    while (!this.isStopping) {
      const beganMs = Date.now();
      try {
        await this.consume();
      } catch (error) {
        log.warn({ err: error }, 'event consumer ended, beginning again');
      }
      waitMs = Date.now() - beganMs > LONGEST_PAUSE_MS ? FIRST_PAUSE_MS : waitMs;
      await this.rest(waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Consumes the topics that are there, until the consumer crashes, is stopped, or another topic has come. */
  private async consume(): Promise<void> {
    const { topics } = this.taking.settings;
    const there = await this.topicsThere();
    const missing = [...topics.keys()].filter((topic) => !there.includes(topic));
    if (missing.length > 0) this.deps.log.warn({ topics: missing }, 'topics are not there yet');
    if (there.length === 0) return;

    const consumer = this.kafka.consumer({
      groupId: this.config.CARILLON_KAFKA_GROUP,
      sessionTimeout: SESSION_MS,
      maxBytesPerPartition: PARTITION_BYTES,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      // Whatever ends it is seen here.
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    this.consumer = consumer;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.assigned = Object.values(payload.memberAssignment).flat().length;
      // Of what is another's now, that one tells.
      for (const place of this.lags.keys()) {
        const slash = place.lastIndexOf('/');
        const partitions = payload.memberAssignment[place.slice(0, slash)] ?? [];
        if (!partitions.includes(Number(place.slice(slash + 1)))) this.lags.delete(place);
      }
    });
    const over = new Promise<Error | undefined>((resolve) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload.error));
      // A crash stops it too, and says more.
      consumer.on(consumer.events.STOP, () => this.isStopping && resolve(undefined));
    });
    try {
      await consumer.connect();
      await consumer.subscribe({
        topics: there,
        fromBeginning: this.config.CARILLON_KAFKA_START === 'earliest',
      });
      await consumer.run({
        eachBatchAutoResolve: false,
        autoCommitInterval: 1000,
        partitionsConsumedConcurrently: this.config.CARILLON_KAFKA_PARTITIONS,
        eachBatch: (payload) => this.eachBatch(payload),
      });
      if (this.isStopping) return;
      this.deps.log.info({ topics: there, group: this.config.CARILLON_KAFKA_GROUP }, 'event consumer runs');
      const another = missing.length > 0 ? this.untilAnyIsThere(missing, over) : never;
      const error = await Promise.race([over, another]);
      if (error) throw error;
    } finally {
      this.consumer = undefined;
      await consumer.disconnect();
    }
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { topic, partition, messages } = batch;
    this.lags.set(`${topic}/${partition}`, Number(batch.offsetLag()));
    this.active += 1;
    try {
      await takeRecords(this.taking, {
        topic,
        partition,
        messages,
        heartbeat: () => payload.heartbeat(),
        othersWait: () => this.active < this.assigned,
        isRunning: () => payload.isRunning() && !payload.isStale() && !this.isStopping,
        taken: async (offset) => {
          payload.resolveOffset(offset);
          await payload.commitOffsetsIfNecessary();
        },
      });
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    } finally {
      this.active -= 1;
    }
  }

  private async topicsThere(): Promise<string[]> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const all = new Set(await admin.listTopics());
      return [...this.taking.settings.topics.keys()].filter((topic) => all.has(topic));
    } finally {
      await admin.disconnect();
    }
  }

  /** Resolves when one of them is there, or the consumer is over. */
  private async untilAnyIsThere(missing: readonly string[], over: Promise<unknown>): Promise<undefined> {
    let isOver = false;
    void over.then(() => (isOver = true));
    while (!isOver && !this.isStopping) {
      await this.rest(TOPICS_EVERY_MS);
      const there = await this.topicsThere().catch(() => []);
      if (there.some((topic) => missing.includes(topic))) return undefined;
    }
    return undefined;
  }

  private async rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }
}

const never = new Promise<undefined>(() => undefined);
