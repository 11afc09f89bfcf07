import { kafkaOf } from '../events/kafka/connection.js';
import { OutboundConsumer } from '../events/outbound/consumer.js';
import { KafkaSink } from '../events/outbound/kafka-sink.js';
import type { Sink } from '../events/outbound/sink.js';
import { WebhookSink } from '../events/outbound/webhook-sink.js';
import type { EventWork, EventWorkOptions } from './event-work.js';

/**
 * Reads what changes and tells the tenants' webhook endpoints, and Kafka where a topic is named, each as long as no other
 * process does. They are read for apart, so that neither waits for the other.
 */
export function startOutbound({ config, dependencies }: EventWorkOptions): Promise<EventWork> {
  const { models, network, log, runs, webhooks, metrics } = dependencies;
  const sinks: Sink[] = [
    new WebhookSink({
      models,
      network,
      log,
      keepDays: webhooks.keepDays,
      atOnce: config.CARILLON_WEBHOOK_ATTEMPTS,
      retry: (input) => runs.retryWebhook(input),
    }),
  ];
  const topic = config.CARILLON_KAFKA_EVENTS_TOPIC;
  const kafka = kafkaOf(config, log);
  if (topic !== undefined && kafka) sinks.push(new KafkaSink({ kafka, topic, models }));
  else if (topic !== undefined) log.warn({ topic }, 'events have a topic, but KAFKA_BROKERS is not set');
  const consumers = sinks.map((sink) => new OutboundConsumer({ models, log }, sink));
  metrics.observe('carillon_change_stream_lag_seconds', () =>
    consumers.flatMap((consumer, place) => {
      const lagMs = consumer.lagMs();
      const reader = sinks[place]?.name ?? '';
      return lagMs === undefined ? [] : [{ labels: { reader }, value: lagMs / 1000 }];
    }),
  );
  for (const consumer of consumers) consumer.start();
  return Promise.resolve({
    stop: async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
  });
}
