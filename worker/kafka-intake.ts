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
  const { models, log, types, channels } = dependencies;
  const intake = startKafkaIntake(config, {
    config,
    models,
    client,
    log,
    taskQueue,
    types,
    ownChannels: channels.channelNames().filter(isOwnChannel),
  });
  return Promise.resolve({ stop: async () => intake?.stop() });
}
