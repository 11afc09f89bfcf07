import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** A file is not the one that was pinned: a different release, a broken download, or somebody's tampering. */
export class ChecksumMismatch extends Error {
  override readonly name = 'ChecksumMismatch';
}

/** SHA-256 of a file, in hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** @throws {ChecksumMismatch} when the file's SHA-256 is not `expected` (hex). */
export async function requireSha256(path: string, expected: string): Promise<void> {
  const actual = await sha256Of(path);
  if (actual !== expected) {
    throw new ChecksumMismatch(`its SHA-256 is ${actual}, pinned is ${expected}`);
  }
}
