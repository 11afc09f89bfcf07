import { parse } from 'node:path';
import { stderr } from 'node:process';
import { multistream, destination, type DestinationStream } from 'pino';
import type { Config } from './config.js';

type Roll = (options: {
  file: string;
  extension: string;
  size: string;
  limit: { count: number; removeOtherLogFiles: boolean };
  mkdir: boolean;
}) => Promise<DestinationStream & { on(event: 'error', heard: (error: Error) => void): void }>;

/**
 * Where a process writes its log: standard output, and where `CARILLON_LOG_FILE` names one a file too, which is followed by
 * the next when it is full: `carillon.log` of a worker is `carillon-worker.1.log`, `carillon-worker.2.log` and so on.
 * @throws when the file cannot be written.
 */
export async function logDestination(
  config: Pick<Config, 'CARILLON_LOG_FILE' | 'CARILLON_LOG_FILE_MEGABYTES' | 'CARILLON_LOG_FILES'>,
  ofProcess: string,
): Promise<DestinationStream | undefined> {
  const { CARILLON_LOG_FILE: path } = config;
  if (path === undefined) return undefined;
  // @ts-expect-error: the package has no types.
  const { default: roll } = (await import('pino-roll')) as { default: Roll };
  const { dir, name, ext } = parse(path);
  const file = await roll({
    file: `${dir === '' ? '.' : dir}/${name}-${ofProcess}`,
    extension: ext === '' ? '.log' : ext,
    size: `${config.CARILLON_LOG_FILE_MEGABYTES}m`,
    // Beside the one that is written to.
    limit: { count: config.CARILLON_LOG_FILES - 1, removeOtherLogFiles: true },
    mkdir: true,
  });
  // A disk that is full must not end the process; standard output goes on.
  file.on('error', ({ message }) => stderr.write(`the log file cannot be written: ${message}\n`));
  return multistream([
    { level: 'trace', stream: destination({ fd: 1, sync: false }) },
    { level: 'trace', stream: file },
  ]);
}
