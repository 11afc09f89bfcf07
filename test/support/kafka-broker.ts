import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaServer } from '../../embedded/kafka-server.js';
import { kafkaFiles } from '../../embedded/servers/kafka.js';
import { portAwayFromTheSystems, print, runServer, type Breakable } from './servers.js';

/** A real Kafka broker in KRaft mode, on a free port of this machine. */
export interface TestKafka {
  /** `host:port`, as `KAFKA_BROKERS` wants it. */
  brokers: string;
  stop: () => Promise<void>;
}

/** A broker with its data on disk, which can be killed and restarted. */
export async function startKafka(): Promise<TestKafka & Breakable> {
  const files = await kafkaFiles(print);
  const folder = await mkdtemp(join(tmpdir(), 'carillon-kafka-'));
  const port = await portAwayFromTheSystems();
  const launch = kafkaServer({
    files,
    port,
    controllerPort: await portAwayFromTheSystems(),
    dataFolder: join(folder, 'data'),
    logPath: join(folder, 'kafka.log'),
  });
  const server = await runServer(launch, folder);
  return { brokers: `127.0.0.1:${port}`, ...server };
}

/** The run's one broker, started when the first test asks for it: Java takes seconds that most runs can do without. */
export async function lazyKafka(): Promise<{ url: string; stop: () => Promise<void> }> {
  let started: Promise<TestKafka> | undefined;
  const server = createServer((_request, response) => {
    (started ??= startKafka()).then(
      ({ brokers }) => response.end(brokers),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      await (await started?.catch(() => undefined))?.stop();
    },
  };
}
