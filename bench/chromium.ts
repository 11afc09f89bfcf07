import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** `--no-sandbox`: containers run as root. The rest keeps the browser from calling home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page that a test hands to the browser has no address, so its sockets to this machine would be refused.
  '--disable-features=LocalNetworkAccessChecks',
];

/** Starts the Chromium of this machine, without a window and with a fresh profile. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: FLAGS });
}

/**
 * The path of the browser that tests and benches drive: `TEST_CHROMIUM`, else the first on the PATH, else one of
 * `/usr/bin`.
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
