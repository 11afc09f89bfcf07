import { isOwnChannel } from '../contracts/channels.js';
import { startKafkaIntake } from '../events/kafka/consumer.js';
import type { EventWork, EventWorkOptions } from './event-work.js';

/** Takes events in from Kafka, where the environment names brokers. */
export function kafkaIntake({
  config,
  dependencies,
  client,
  taskQueue,
}: EventWorkOptions): Promise<EventWork> {
  const { models, log, types, channels, metrics } = dependencies;
  const intake = startKafkaIntake(config, {
    config,
    models,
    client,
    log,
    metrics,
    taskQueue,
    types,
    ownChannels: channels.channelNames().filter(isOwnChannel),
  });
  metrics.observe('carillon_kafka_consumer_lag', () =>
    [...(intake?.lag() ?? [])].map(([place, value]) => {
      const slash = place.lastIndexOf('/');
      return { labels: { topic: place.slice(0, slash), partition: place.slice(slash + 1) }, value };
    }),
  );
  return Promise.resolve({ stop: async () => intake?.stop() });
}
