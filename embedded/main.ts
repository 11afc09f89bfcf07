import { AlreadyRunning } from './run-record.js';
import { ChildFailed } from './process.js';
import { KeysError } from './keys.js';
import { NoFreePort } from './ports.js';
import { runEmbedded } from './run.js';
import { BinaryNotFound } from './servers/server-binary.js';
import { SettingsError } from './settings.js';

/** Failures whose message says all; of any other the stack is shown too. */
const explained = [AlreadyRunning, BinaryNotFound, ChildFailed, KeysError, NoFreePort, SettingsError];

// Whoever reads our output may go away first (`npm start | head`); the children still have to be stopped in order.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

try {
  await runEmbedded();
  process.exit(0);
} catch (error) {
  const isExplained = explained.some((kind) => error instanceof kind);
  console.error(isExplained ? `\n${(error as Error).message}` : error);
  process.exit(1);
}
