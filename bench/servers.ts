import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answersOk, bareEnvironment, type Launch } from '../embedded/launch.js';
import { mongodbServer } from '../embedded/mongodb-server.js';
import type { Ports } from '../embedded/ports.js';
import { mongodBinary, temporalBinary } from '../embedded/servers/binaries.js';
import { runToEnd } from '../embedded/servers/run-to-end.js';
import { temporalServer } from '../embedded/temporal-server.js';
import type { Children } from './children.js';

/** The servers of a bench, each on a free port of this machine. */
export interface Servers {
  temporalAddress: string;
  mongodbPort: number;
  smtpUrl: string;
  /** Where the SMTP sink tells its counts. */
  sinkUrl: string;
  /** For the heading: what was measured on. */
  versions: { temporal: string; mongodb: string };
}

/** Starts Temporal (with a database file), MongoDB and the SMTP sink, with the embedded default's settings. */
export async function startServers(options: {
  folder: string;
  children: Children;
  ports: Ports;
  namespaces: readonly string[];
  say: (text: string) => void;
}): Promise<Servers> {
  const { folder, children, ports, namespaces, say } = options;
  const [temporal, mongod] = [await temporalBinary(say), await mongodBinary(say)];
  say('starting Temporal, MongoDB and an SMTP server');

  const port = await ports.take(0);
  const launch = temporalServer({
    binary: temporal,
    port,
    httpPort: await ports.take(0),
    namespace: 'default',
    databaseFile: join(folder, 'temporal.db'),
    logPath: join(folder, 'temporal.log'),
  });
  const args = [...launch.plan.args, ...namespaces.flatMap((name) => ['--namespace', name])];
  await children.start('temporal', { ...launch, plan: { ...launch.plan, args } });

  const dataFolder = join(folder, 'mongodb');
  await mkdir(dataFolder, { recursive: true });
  const mongodbPort = await ports.take(0);
  await children.start(
    'mongod',
    mongodbServer({ binary: mongod, port: mongodbPort, dataFolder, logPath: join(folder, 'mongodb.log') }),
  );

  const sink = { smtp: await ports.take(0), http: await ports.take(0) };
  await children.start('smtp sink', sinkProcess(sink, join(folder, 'smtp-sink.log')));

  const version = async (path: string, pattern: RegExp) =>
    pattern.exec(await runToEnd(path, ['--version']))?.[1] ?? 'unknown';
  return {
    temporalAddress: `127.0.0.1:${port}`,
    mongodbPort,
    smtpUrl: `smtp://127.0.0.1:${sink.smtp}`,
    sinkUrl: `http://127.0.0.1:${sink.http}`,
    versions: {
      temporal: await version(temporal, /Server ([\d.]+)/),
      mongodb: await version(mongod, /db version v([\d.]+)/),
    },
  };
}

function sinkProcess(ports: { smtp: number; http: number }, logPath: string): Launch {
  return {
    plan: {
      title: 'SMTP sink',
      command: process.execPath,
      args: ['--enable-source-maps', fileURLToPath(new URL('./smtp-sink-main.js', import.meta.url))],
      env: {
        ...bareEnvironment(),
        SINK_SMTP_PORT: String(ports.smtp),
        SINK_HTTP_PORT: String(ports.http),
      },
      logPath,
      stopWithinMs: 5000,
    },
    isReady: () => answersOk(`http://127.0.0.1:${ports.http}/`),
    readyWithinMs: 30_000,
  };
}
