import { cpSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { bareEnvironment, type Launch } from './launch.js';
import { brokerProperties, type KafkaFiles } from './servers/kafka.js';

/**
 * How to run a Kafka broker on 127.0.0.1, with its data in a folder that keeps them from one start to the next; only tests and
 * the benchmark use it.
 */
export function kafkaServer(options: {
  files: KafkaFiles;
  port: number;
  controllerPort: number;
  /** Made here; not there before. */
  dataFolder: string;
  logPath: string;
}): Launch {
  const { files, port, dataFolder, logPath } = options;
  cpSync(files.emptyData, dataFolder, { recursive: true });
  const properties = join(dataFolder, '..', `kafka-${port}.properties`);
  writeFileSync(properties, brokerProperties(options));
  return {
    plan: {
      title: 'Kafka',
      command: 'java',
      args: [
        // It starts sooner, and leaves the cores to what is tested.
        ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx512m', '-Xshare:auto'],
        ...['-cp', files.classPath, 'kafka.Kafka', properties],
      ],
      env: bareEnvironment(),
      logPath,
      stopWithinMs: 15_000,
    },
    isReady: () => answers(port),
    readyWithinMs: 90_000,
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
