/** `embedded/main.ts` with the stand-ins of this folder for the API and the worker. */
import { fileURLToPath } from 'node:url';
import { runEmbedded } from '../../../embedded/run.js';

const sibling = (name: string) => fileURLToPath(new URL(name, import.meta.url));

try {
  await runEmbedded({ api: sibling('./api.js'), worker: sibling('./worker.js') });
  process.exit(0);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
