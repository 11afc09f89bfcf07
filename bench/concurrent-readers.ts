import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppLog } from '../embedded/app-log.js';
import type { Launch } from '../embedded/launch.js';
import type { HttpCaller } from './callers.js';
import { byCallers } from './callers.js';
import { cpuTimes, cpuUsed, type Processes } from './processes.js';
import { cpuLine, type CpuLine, type CpuSample } from './row.js';

/** People who read their inbox at the same time. */
export const READERS = 200;

/** One way of reading: where it is asked, and how for a person. */
export interface Reading {
  http: HttpCaller;
  path: (person: string) => string;
  token: (person: string) => string;
}

/**
 * Reads in turns, so that what the machine does beside counts for both; each reader begins the next as soon as one is
 * answered. Answers each reading's milliseconds of each turn for one request.
 */
export async function readTogether<Name extends string>(
  readings: Readonly<Record<Name, Reading>>,
  options: { rounds: number; requests: number; person: () => string; processes: Processes },
): Promise<{ times: Record<Name, number[]>; cpu: CpuLine[] }> {
  const names = Object.keys(readings) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  const samples = Object.fromEntries(names.map((name) => [name, [] as CpuSample[]])) as Record<
    Name,
    CpuSample[]
  >;
  // The first round warms up.
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const name of names) {
      const { http, path, token } = readings[name];
      const beganMs = performance.now();
      const before = cpuTimes(options.processes);
      await byCallers(READERS, options.requests, () => {
        const person = options.person();
        return http.call('GET', path(person), { token: token(person), expected: 200 });
      });
      const elapsedMs = performance.now() - beganMs;
      if (round === 0) continue;
      const { used, strangers } = cpuUsed(before, cpuTimes(options.processes), elapsedMs);
      times[name].push(elapsedMs / options.requests);
      samples[name].push({
        perSecond: (options.requests * 1000) / elapsedMs,
        cpuMs: Object.fromEntries(
          Object.entries(used).map(([process, ms]) => [process, ms / options.requests]),
        ),
        strangers,
      });
    }
  }
  return {
    times,
    cpu: names.map((name) => cpuLine(`inbox page, ${READERS} readers: ${name}`, samples[name])),
  };
}

/** Express and the driver's query, and nothing else. */
export function bareInboxProcess(options: {
  mongodbUri: string;
  port: number;
  tenantId: string;
  limit: number;
  logFolder: string;
  say: (text: string) => void;
}): Launch {
  const log = new AppLog('Bare inbox', 'bare inbox ready', options.say);
  return {
    plan: {
      title: 'Bare inbox',
      command: process.execPath,
      args: ['--enable-source-maps', fileURLToPath(new URL('./bare-inbox-main.js', import.meta.url))],
      env: {
        ...process.env,
        MONGODB_URI: options.mongodbUri,
        BARE_HTTP_PORT: String(options.port),
        BARE_TENANT: options.tenantId,
        BARE_LIMIT: String(options.limit),
      },
      logPath: join(options.logFolder, 'bare-inbox.log'),
      onLine: log.onLine,
      stopWithinMs: 5_000,
    },
    isReady: () => log.isReady,
    readyWithinMs: 30_000,
  };
}
