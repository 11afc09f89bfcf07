import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runToEnd } from './run-to-end.js';
import type { ServerBinary } from './server-binary.js';

/**
 * Runs the executable to see that it is what it is called and that it works on this machine.
 * @throws {ProgramFailed} when it does not run; {Error} when it is another program or too old.
 */
export async function probe(binary: ServerBinary, path: string): Promise<void> {
  const { args, pattern, atLeast } = binary.probe;
  const output = await runToEnd(path, args, { timeoutMs: 20_000, anyExitCode: true });
  const [found, major, minor] = pattern.exec(output) ?? [];
  if (found === undefined)
    throw new Error(`${path} does not say that it is ${binary.title}: ${output.slice(0, 200)}`);
  if (!atLeast) return;
  const [leastMajor, leastMinor] = atLeast;
  const isOldEnough =
    Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
  if (!isOldEnough)
    throw new Error(`${path} is too old: "${found}", at least ${atLeast.join('.')} is needed`);
}

/** The first executable file of that name on the PATH, or undefined. */
export async function findOnPath(
  name: string,
  searchPath: string | undefined = process.env.PATH,
): Promise<string | undefined> {
  for (const folder of (searchPath ?? '').split(delimiter)) {
    if (folder === '') continue;
    const candidate = join(folder, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
