import type { Kafka, Producer, TopicMessages } from 'kafkajs';
import { eventOf } from '../../models/outbound-events.js';
import type { Models } from '../../models/models.js';
import type { BuiltEvent } from './build-events.js';
import type { Sink } from './sink.js';

export const KAFKA_LEASE = 'outbound/kafka';

/** Where the tenant's ID stands in a topic's name. */
const TENANT = '{tenant}';
const TENANTS_PER_PAGE = 500;
/** Far from the megabyte that a broker takes at once, all of them in one partition. */
const AT_ONCE = 200;

export interface KafkaSinkOptions {
  kafka: Kafka;
  /** One for all tenants, or one for each: `carillon.events.{tenant}`. */
  topic: string;
  models: Pick<Models, 'tenants'>;
}

/**
 * A topic of Kafka. Its key is tenant and notification, so that what concerns one notification is in one partition, in the
 * order in which it happened. An event counts as taken when all replicas in sync have it; the producer's own retries write
 * nothing twice.
 */
export class KafkaSink implements Sink {
  readonly name = KAFKA_LEASE;
  private producer: Producer | undefined;

  constructor(private readonly options: KafkaSinkOptions) {}

  async begin(): Promise<void> {
    const producer = this.options.kafka.producer({
      idempotent: true,
      // More than one would lose the order when one of them is tried again.
      maxInFlightRequests: 1,
      allowAutoTopicCreation: true,
      // By default an idempotent producer never gives up, and could not be stopped while Kafka is away.
      retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 5 },
    });
    await producer.connect();
    this.producer = producer;
  }

  wants(): boolean {
    return true;
  }

  async tenants(): Promise<readonly string[]> {
    const found: string[] = [];
    for (;;) {
      const page = await this.options.models.tenants.idsAfter(found.at(-1), TENANTS_PER_PAGE);
      found.push(...page);
      if (page.length < TENANTS_PER_PAGE) return found;
    }
  }

  endpointsChanged(): Promise<void> {
    return Promise.resolve();
  }

  async take(events: readonly BuiltEvent[]): Promise<void> {
    if (events.length === 0) return;
    if (!this.producer) throw new Error('the producer is not connected');
    for (let from = 0; from < events.length; from += AT_ONCE)
      await this.producer.sendBatch({
        acks: -1,
        topicMessages: this.byTopic(events.slice(from, from + AT_ONCE)),
      });
  }

  async end(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect();
  }

  private byTopic(events: readonly BuiltEvent[]): TopicMessages[] {
    const messages = new Map<string, TopicMessages>();
    for (const event of events) {
      const topic = this.options.topic.replaceAll(TENANT, event.tenantId);
      const of = messages.get(topic) ?? { topic, messages: [] };
      messages.set(topic, of);
      of.messages.push({
        key: `${event.tenantId}/${event.orderKey}`,
        value: JSON.stringify(eventOf(event)),
        headers: { 'event-id': event.id, 'event-type': event.type, 'tenant-id': event.tenantId },
        timestamp: String(event.at.getTime()),
      });
    }
    return [...messages.values()];
  }
}
