import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bareEnvironment, type Launch } from '../../../embedded/launch.js';
import { ProgramFailed, runToEnd } from '../../../embedded/servers/run-to-end.js';

/** The version of the `redis-server` on the PATH; undefined where there is none. */
export async function redisVersion(): Promise<string | undefined> {
  try {
    return /v=([\d.]+)/.exec(await runToEnd('redis-server', ['--version']))?.[1] ?? 'unknown';
  } catch (error) {
    const cause = error instanceof ProgramFailed ? (error.cause as NodeJS.ErrnoException | undefined) : error;
    if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * A Redis set up as BullMQ asks for in production (https://docs.bullmq.io/guide/going-to-production): the append-only
 * file, synced each second, and nothing evicted.
 */
export async function redisServer(folder: string, port: number): Promise<Launch> {
  const dataFolder = join(folder, 'redis');
  await mkdir(dataFolder, { recursive: true });
  let isReady = false;
  return {
    plan: {
      title: 'Redis',
      command: 'redis-server',
      args: [
        ...['--bind', '127.0.0.1', '--port', String(port), '--dir', dataFolder, '--daemonize', 'no'],
        ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
        ...['--maxmemory-policy', 'noeviction'],
      ],
      env: bareEnvironment(),
      logPath: join(folder, 'redis.log'),
      onLine: (line) => {
        if (line.includes('Ready to accept connections')) isReady = true;
      },
      stopWithinMs: 5000,
    },
    isReady: () => isReady,
    readyWithinMs: 30_000,
  };
}
