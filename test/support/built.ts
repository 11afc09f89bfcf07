import { fileURLToPath } from 'node:url';
import { runToEnd } from '../../embedded/servers/run-to-end.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the product as `npm start` does, which is over at once where nothing changed: what pages load, and the API. */
export async function built(): Promise<void> {
  await runToEnd(process.execPath, ['scripts/build.js'], { cwd: root });
}
