import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonIn } from '../../contracts/json.js';
import { sha256Of } from './checksum.js';
import { platform } from './pins.js';
import type { ServerBinary } from './server-binary.js';

/** Written beside an executable: where it came from, and what it was like then. */
const origin = z.strictObject({
  source: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  modifiedMs: z.number(),
});

/** `CARILLON_CACHE_DIR`, default `~/.cache/carillon`. Read at run time, so that tests can move it. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.CARILLON_CACHE_DIR || join(homedir(), '.cache', 'carillon');
}

function folderOf(binary: ServerBinary): string {
  return join(cacheFolder(), `${binary.name}-${binary.release}-${platform}`);
}

/**
 * The path of a cached executable, whichever source it came from; undefined when there is none. One that was changed
 * since is hashed again and, if it is another, removed.
 */
export async function findCached(binary: ServerBinary): Promise<string | undefined> {
  const folder = folderOf(binary);
  const executable = join(folder, binary.name);
  const [noted, file] = await Promise.all([readOrigin(folder), statIfThere(executable)]);
  if (noted && file) {
    if (file.size === noted.bytes && file.mtimeMs === noted.modifiedMs) return executable;
    if ((await sha256Of(executable)) === noted.sha256) return executable;
  }
  if (noted || file) await rm(folder, { recursive: true, force: true });
  return undefined;
}

/** A fresh folder inside the cache (so that a later rename stays on one file system); the caller removes it. */
export async function scratchFolder(): Promise<string> {
  await mkdir(cacheFolder(), { recursive: true });
  return mkdtemp(join(cacheFolder(), 'fetching-'));
}

/** Moves an executable into the cache in one step and resolves to its new path. */
export async function keep(binary: ServerBinary, fetched: string, source: string): Promise<string> {
  const staging = await scratchFolder();
  const staged = join(staging, binary.name);
  await rename(fetched, staged);
  await chmod(staged, 0o755);
  const { size, mtimeMs } = await stat(staged);
  const noted: z.infer<typeof origin> = {
    source,
    sha256: await sha256Of(staged),
    bytes: size,
    modifiedMs: mtimeMs,
  };
  await writeFile(join(staging, 'origin.json'), `${JSON.stringify(noted, null, 2)}\n`);
  try {
    await rename(staging, folderOf(binary));
  } catch (error) {
    // Another process was quicker with the same pinned thing.
    await rm(staging, { recursive: true, force: true });
    const theirs = await findCached(binary);
    if (theirs === undefined) throw error;
    return theirs;
  }
  return join(folderOf(binary), binary.name);
}

async function readOrigin(folder: string): Promise<z.infer<typeof origin> | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, 'origin.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return origin.safeParse(jsonIn(text)).data;
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
