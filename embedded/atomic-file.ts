import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/*
 * Synchronous on purpose: who records a process or a key goes on only when the record is on disk.
 */

function writeBeside(path: string, content: unknown): string {
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
  return beside;
}

/** Replaces a JSON file in one step, readable by its owner only: a reader sees the old or the new content, whole. */
export function replaceJson(path: string, content: unknown): void {
  renameSync(writeBeside(path, content), path);
}

/** Creates a JSON file in one step; false when it exists already. */
export function createJson(path: string, content: unknown): boolean {
  const beside = writeBeside(path, content);
  try {
    linkSync(beside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}
