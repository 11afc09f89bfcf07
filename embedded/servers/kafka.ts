import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, scratchFolder } from './cache.js';
import { sha256Of } from './checksum.js';
import { lastLine, ProgramFailed, runToEnd } from './run-to-end.js';
import { BinaryNotFound, type Report } from './server-binary.js';

/** Kafka as its jars, with an empty data folder to begin with. */
export interface KafkaFiles {
  /** For `java -cp`. */
  classPath: string;
  /** Formatted for KRaft: copied for each broker. */
  emptyData: string;
}

const release = '4.1.0';
/** SHA-256 of `name SHA-256` of each jar, a line each, by name. */
const jarsSha256 = 'f034c5681d2d056d3e793a7771edde9940023a8434365c2cea93791fb75a7c65';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>carillon</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${release}</version>
  </dependency></dependencies>
</project>
`;

/**
 * A Kafka broker's jars, from the cache or fetched with Maven and held against the pinned checksum; only tests and the
 * benchmark use it. It needs Java 17.
 * @throws {BinaryNotFound}
 */
export async function kafkaFiles(report: Report): Promise<KafkaFiles> {
  const folder = join(cacheFolder(), `kafka-${release}`);
  const files = { classPath: join(folder, 'lib', '*'), emptyData: join(folder, 'empty-data') };
  if (await isThere(files.emptyData)) return files;
  const scratch = await scratchFolder();
  try {
    report(`downloading Kafka ${release} with Maven (44 MB)`);
    await fetchJars(scratch);
    await formatData(scratch);
    await rename(scratch, folder);
  } catch (error) {
    // Another process may have been quicker with the same pinned thing.
    if (await isThere(files.emptyData)) return files;
    throw new BinaryNotFound(
      `Kafka is not here and could not be fetched: ${messageOf(error)}\n` +
        'What to do: install Java 17 and Maven, or set KAFKA_BROKERS.',
      { cause: error },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return files;
}

async function fetchJars(folder: string): Promise<void> {
  const lib = join(folder, 'lib');
  await writeFile(join(folder, 'pom.xml'), pom);
  await runToEnd(
    'mvn',
    ['-q', '-B', '-f', join(folder, 'pom.xml'), 'dependency:copy-dependencies'].concat([
      `-DoutputDirectory=${lib}`,
      '-DincludeScope=runtime',
    ]),
  );
  const lines: string[] = [];
  for (const jar of (await readdir(lib)).sort()) lines.push(`${jar} ${await sha256Of(join(lib, jar))}\n`);
  const found = createHash('sha256').update(lines.join('')).digest('hex');
  if (found !== jarsSha256) throw new Error(`the jars’ SHA-256 is ${found}, pinned is ${jarsSha256}`);
}

/** Which takes a Java of its own for a second or two, so it is done once. */
async function formatData(folder: string): Promise<void> {
  const data = join(folder, 'empty-data');
  await mkdir(data, { recursive: true });
  const properties = join(folder, 'format.properties');
  await writeFile(properties, brokerProperties({ port: 9092, controllerPort: 9093, dataFolder: data }));
  await runToEnd('java', [
    ...['-cp', join(folder, 'lib', '*'), 'kafka.tools.StorageTool', 'format'],
    ...['-t', 'Q2FyaWxsb25LYWZrYVRzdA', '-c', properties],
  ]);
}

/** One broker that is its own controller (KRaft). */
export function brokerProperties(options: {
  port: number;
  controllerPort: number;
  dataFolder: string;
}): string {
  const { port, controllerPort, dataFolder } = options;
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': dataFolder,
    'num.partitions': 4,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'message.max.bytes': 4_000_000,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function isThere(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (files) => files.includes('meta.properties'),
    () => false,
  );
}

function messageOf(error: unknown): string {
  if (error instanceof ProgramFailed) return lastLine(error.output) || error.message;
  return error instanceof Error ? error.message : String(error);
}
