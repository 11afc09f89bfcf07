import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createJson, replaceJson } from './atomic-file.js';
import { DeadlinePassed, pollUntil } from './poll.js';
import { identify, isRunning, signalGroup, type ProcessIdentity } from './process-identity.js';

const identity = z.object({ pid: z.number().int().positive(), mark: z.string() });

/** `run.json` in the data folder: who runs on it, and which processes it started. */
const record = z.object({
  owner: identity,
  /** URL of the owner's API, once its port is chosen. */
  api: z.string().optional(),
  children: z.array(identity.extend({ title: z.string() })),
});
type RecordContent = z.infer<typeof record>;

/** Another Carillon is alive on the same data folder. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
}

/**
 * The data folder's owner and its children, on disk, so that one start at a time uses the folder and a start after a
 * crash finds what the crash left running.
 */
export class RunRecord {
  private isReleased = false;

  private constructor(
    private readonly path: string,
    private readonly content: RecordContent,
  ) {}

  /**
   * Takes the data folder. A record whose owner has died is cleared: the children that are still there are ended.
   * @throws {AlreadyRunning} naming the other one's API and process.
   */
  static async take(dataFolder: string, say: (line: string) => void): Promise<RunRecord> {
    const path = join(dataFolder, 'run.json');
    const owner = identify(process.pid);
    if (!owner) throw new Error('this process cannot be identified: is /proc mounted?');
    const own = new RunRecord(path, { owner, children: [] });
    while (!createJson(path, own.content)) {
      const found = read(path);
      if (found && isRunning(found.owner)) throw alreadyRunning(found, dataFolder);
      if (found) await endLeftovers(found, say);
      setAside(path);
    }
    return own;
  }

  setApi(url: string): void {
    this.content.api = url;
    this.save();
  }

  add(title: string, child: ProcessIdentity): void {
    this.content.children.push({ ...child, title });
    this.save();
  }

  remove(child: ProcessIdentity): void {
    this.content.children = this.content.children.filter((one) => one.pid !== child.pid);
    this.save();
  }

  /** Gives the data folder back. */
  release(): void {
    this.isReleased = true;
    rmSync(this.path, { force: true });
  }

  private save(): void {
    if (!this.isReleased) replaceJson(this.path, this.content);
  }
}

function alreadyRunning(found: RecordContent, dataFolder: string): AlreadyRunning {
  const { pid } = found.owner;
  const where = found.api === undefined ? 'It is still starting' : `Its API is ${found.api}`;
  return new AlreadyRunning(
    `Carillon already runs on ${dataFolder}. ${where}, its process ${pid}.\n` +
      `Stop it (Ctrl-C in its terminal, or kill ${pid}), or set CARILLON_DATA_DIR to another folder.`,
  );
}

/** Undefined when there is no record, or none that can be read: then nothing is known to be running. */
function read(path: string): RecordContent | undefined {
  try {
    return record.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const isUnreadable = error instanceof SyntaxError || error instanceof z.ZodError;
    if (isUnreadable || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes a dead owner's record, unless another start has replaced it meanwhile: then it is put back. */
function setAside(path: string): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const removed = read(aside);
  if (removed && isRunning(removed.owner)) createJson(path, removed);
  rmSync(aside, { force: true });
}

async function endLeftovers(found: RecordContent, say: (line: string) => void): Promise<void> {
  const left = found.children.filter(isRunning);
  if (left.length === 0) return;
  say(`The last run did not end cleanly; ending what it left: ${left.map(({ title }) => title).join(', ')}.`);
  for (const child of left) signalGroup(child, 'SIGTERM');
  const gone = () => !left.some(isRunning);
  try {
    await pollUntil(gone, { withinMs: 6000, what: 'what the last run left did not end' });
  } catch (error) {
    if (!(error instanceof DeadlinePassed)) throw error;
    for (const child of left) signalGroup(child, 'SIGKILL');
    await pollUntil(gone, { withinMs: 10_000, what: 'what the last run left survived SIGKILL' });
  }
}
