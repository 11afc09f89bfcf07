import { program } from './program.js';

/** Failures whose message says all; of any other the stack is shown too. */
const explained = ['BackupError', 'Failure', 'KeysError', 'MigrationRuns', 'SettingsError'];

// Whoever reads the output may go away first: `carillon tail | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await (await program(process.argv.slice(2))).parseAsync();
} catch (error) {
  const isExplained = error instanceof Error && explained.includes(error.name);
  console.error(isExplained ? error.message : error);
  process.exitCode = 1;
}
