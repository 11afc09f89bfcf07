import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import type { Config } from '../../runtime/config.js';
import type { Logger } from '../../runtime/logger.js';

type KafkaConfig = Pick<
  Config,
  'KAFKA_BROKERS' | 'KAFKA_SSL' | 'KAFKA_SASL_MECHANISM' | 'KAFKA_SASL_USERNAME' | 'KAFKA_SASL_PASSWORD'
>;

/** Kafka, as the environment names it; undefined where it names no broker. Nothing is dialled yet. */
export function kafkaOf(config: KafkaConfig, log: Logger): Kafka | undefined {
  if (config.KAFKA_BROKERS.length === 0) return undefined;
  const sasl = saslOf(config);
  return new Kafka({
    clientId: 'carillon',
    brokers: [...config.KAFKA_BROKERS],
    ssl: config.KAFKA_SSL,
    ...(sasl ? { sasl } : {}),
    connectionTimeout: 3_000,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log: { message, ...entry } }) => {
        const fields = { kafka: message, broker: entry.broker as unknown, reason: entry.error as unknown };
        // A broker that is away is no fault of ours: whoever waits for it says so once.
        if (level === logLevel.ERROR) log.debug(fields, 'kafka client error');
        else log.trace(fields, 'kafka client');
      },
  });
}

function saslOf(config: KafkaConfig): SASLOptions | undefined {
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  if (username === undefined) return undefined;
  const mechanism = config.KAFKA_SASL_MECHANISM;
  return { mechanism, username, password };
}
