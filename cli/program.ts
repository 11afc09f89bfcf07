import { Command } from 'commander';
import { addBackup } from './commands/backup.js';
import { addDoctor } from './commands/doctor.js';
import { addExport } from './commands/export.js';
import { addImport } from './commands/import.js';
import { addKeys } from './commands/keys.js';
import { addRecover } from './commands/recover.js';
import { addRedrive } from './commands/redrive.js';
import { addRestore } from './commands/restore.js';
import { addSend } from './commands/send.js';
import { addTail } from './commands/tail.js';
import { addIndexes, addMigrate, addUpgrade } from './commands/upgrade.js';
import { ownVersion } from './version.js';

/** Every command. What one fails with is thrown by `parseAsync`. */
export function program(): Command {
  const all = new Command('carillon')
    .description('Carillon’s command line: against an API, or against a deployment’s own servers')
    .version(ownVersion())
    .option('--json', 'results as JSON, one on each line where there are many')
    .option('--url <address>', 'of the API; default CARILLON_URL, or the Carillon that runs in this folder')
    .option('--tenant <id>', 'whose; default CARILLON_TENANT')
    .addHelpText(
      'after',
      '\nCARILLON_API_KEY is the key for --url. doctor, keys, backup, restore, recover, upgrade, migrate and indexes read\n' +
        'the environment of a Carillon process (docs/configuration.md), or find the Carillon that runs in this folder.',
    )
    .showHelpAfterError('(carillon --help says more)');
  for (const add of [
    addSend,
    addTail,
    addDoctor,
    addRedrive,
    addImport,
    addExport,
    addKeys,
    addBackup,
    addRestore,
    addRecover,
    addUpgrade,
    addMigrate,
    addIndexes,
  ])
    add(all);
  return all;
}
