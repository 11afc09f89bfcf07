import { kafkaOf } from '../../events/kafka/connection.js';
import type { Config } from '../../runtime/config.js';
import { createLogger } from '../../runtime/logger.js';
import { failure, ok, skipped, warning, wordsOf, type Finding } from './finding.js';

/** Kafka, where it is set: its brokers, and the topics that are read. */
export async function checkKafka(config: Config): Promise<Finding[]> {
  const about = 'Kafka';
  const kafka = kafkaOf(config, createLogger({ level: 'silent', name: 'carillon' }));
  if (!kafka) return [skipped(about, 'no KAFKA_BROKERS: events come over HTTP')];
  const admin = kafka.admin({ retry: { retries: 1 } });
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    const there = new Set(await admin.listTopics());
    const missing = [...config.CARILLON_KAFKA_TOPICS.keys()].filter((topic) => !there.has(topic));
    return [
      ok(about, `${brokers.length} brokers`),
      ...(missing.length === 0
        ? []
        : [
            warning(
              'Kafka topics',
              `not there: ${missing.join(', ')}`,
              'make them, or correct CARILLON_KAFKA_TOPICS',
            ),
          ]),
    ];
  } catch (error) {
    return [failure(about, wordsOf(error), 'are KAFKA_BROKERS, KAFKA_SSL and KAFKA_SASL_… right?')];
  } finally {
    await admin.disconnect();
  }
}
