import { BackupError } from '../models/upkeep/backup-files.js';
import { MigrationRuns } from '../models/upkeep/migrate.js';
import { KeysError } from '../embedded/keys.js';
import { SettingsError } from '../embedded/settings.js';
import { Failure } from './failure.js';
import { program } from './program.js';

/** Failures whose message says all; of any other the stack is shown too. */
const explained = [BackupError, Failure, KeysError, MigrationRuns, SettingsError];

// Whoever reads the output may go away first: `carillon tail | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program().parseAsync();
} catch (error) {
  const isExplained = explained.some((kind) => error instanceof kind);
  console.error(isExplained ? (error as Error).message : error);
  process.exitCode = 1;
}
