import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The path of the browser that tests drive: `TEST_CHROMIUM`, else the first on the PATH, else one of `/usr/bin`.
 * @throws saying how to install one
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env, otherFolders = ['/usr/bin']): string {
  const folders = [...(env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), ...otherFolders];
  const places = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = [...(env.TEST_CHROMIUM ? [env.TEST_CHROMIUM] : []), ...places].find(isProgram);
  if (found !== undefined) return found;
  throw new Error(
    'Chromium was not found. Install it with `apt-get install -y chromium`, or name its program in TEST_CHROMIUM.',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run: the next place is looked at.
    return false;
  }
}
