import { chmod, rm } from 'node:fs/promises';
import { findCached, keep, scratchFolder } from './cache.js';
import { requireSha256 } from './checksum.js';
import { findOnPath, probe } from './probe.js';
import { BinaryNotFound, type Report, type ServerBinary, type Source } from './server-binary.js';

/**
 * The path of a working executable: on the PATH, in the cache, or fetched from the first source that delivers. What a
 * source delivered is compared with the pinned checksum and tried once before it enters the cache.
 * @throws {BinaryNotFound} with every reason and with advice.
 */
export async function obtain(binary: ServerBinary, report: Report): Promise<string> {
  const reasons: string[] = [];
  const onPath = await findOnPath(binary.name);
  if (onPath !== undefined) {
    try {
      await probe(binary, onPath);
      return onPath;
    } catch (error) {
      reasons.push(`on the PATH: ${messageOf(error)}`);
    }
  }
  const cached = await findCached(binary);
  if (cached !== undefined) return cached;

  for (const source of binary.sources) {
    try {
      return await fetchFrom(source, binary, report);
    } catch (error) {
      reasons.push(`${source.title}: ${messageOf(error)}`);
      report(`${source.title} did not work (${messageOf(error)})`);
    }
  }
  throw new BinaryNotFound(
    [`${binary.title} is not here and could not be fetched.`, ...reasons.map((reason) => `  - ${reason}`)]
      .concat(`What to do: ${binary.advice}`)
      .join('\n'),
  );
}

async function fetchFrom(source: Source, binary: ServerBinary, report: Report): Promise<string> {
  const folder = await scratchFolder();
  try {
    const fetched = await source.fetch(folder, report);
    if (binary.sha256 !== undefined) await requireSha256(fetched, binary.sha256);
    await chmod(fetched, 0o755);
    await probe(binary, fetched);
    return await keep(binary, fetched, source.title);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.length > 240 ? `${message.slice(0, 240)}…` : message;
}
