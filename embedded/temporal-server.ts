import { searchAttributeNames } from '../contracts/ids.js';
import { answersOk, bareEnvironment, type Launch } from './launch.js';

/** How to run a Temporal development server: one process with its Web UI, stored in SQLite. */
export interface TemporalServerOptions {
  /** Path of the Temporal CLI. */
  binary: string;
  /** gRPC, on 127.0.0.1. */
  port: number;
  /** Its HTTP API, by which its readiness is asked. */
  httpPort: number;
  /** The Web UI; absent: none. */
  uiPort?: number;
  namespace: string;
  /** SQLite file; absent: in memory. */
  databaseFile?: string;
  /** More of Temporal's dynamic configuration, `key=value`. */
  dynamicConfig?: readonly string[];
  logPath: string;
}

/**
 * Fairness keys need the new matcher and their own switch. `GOGC=800` and the pragmas gave 10-15 % more throughput;
 * the memory limit keeps that from growing without end. With WAL, `synchronous=NORMAL` loses nothing when a process
 * dies; a power cut can cost the last moments.
 */
export function temporalServer(options: TemporalServerOptions): Launch {
  const repeated = (flag: string, values: readonly string[]) => values.flatMap((value) => [flag, value]);
  const isPersistent = options.databaseFile !== undefined;
  return {
    plan: {
      title: 'Temporal',
      command: options.binary,
      args: [
        ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn'],
        ...['--port', String(options.port), '--http-port', String(options.httpPort)],
        ...(options.uiPort === undefined
          ? ['--headless']
          : ['--ui-port', String(options.uiPort), '--ui-disable-news-fetch']),
        ...(options.namespace === 'default' ? [] : ['--namespace', options.namespace]),
        ...(isPersistent ? ['--db-filename', options.databaseFile ?? ''] : []),
        ...repeated('--sqlite-pragma', isPersistent ? ['journal_mode=WAL', 'synchronous=NORMAL'] : []),
        ...repeated('--dynamic-config-value', [
          'matching.enableFairness=true',
          'matching.useNewMatcher=true',
          ...(options.dynamicConfig ?? []),
        ]),
        ...repeated(
          '--search-attribute',
          searchAttributeNames.map((name) => `${name}=Keyword`),
        ),
      ],
      env: { ...bareEnvironment(), GOGC: '800', GOMEMLIMIT: '2GiB' },
      logPath: options.logPath,
      stopWithinMs: 8000,
    },
    isReady: async () =>
      (await answersOk(`http://127.0.0.1:${options.httpPort}/api/v1/namespaces/${options.namespace}`)) &&
      (options.uiPort === undefined || (await answersOk(`http://127.0.0.1:${options.uiPort}/`))),
    readyWithinMs: 60_000,
  };
}
