import { Command } from 'commander';
import { ownVersion } from './version.js';

type Add = (program: Command) => void;

/** Each loaded only when it is meant: most need a fraction of what all of them load together. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  send: async () => (await import('./commands/send.js')).addSend,
  tail: async () => (await import('./commands/tail.js')).addTail,
  doctor: async () => (await import('./commands/doctor.js')).addDoctor,
  redrive: async () => (await import('./commands/redrive.js')).addRedrive,
  import: async () => (await import('./commands/import.js')).addImport,
  export: async () => (await import('./commands/export.js')).addExport,
  keys: async () => (await import('./commands/keys.js')).addKeys,
  backup: async () => (await import('./commands/backup.js')).addBackup,
  restore: async () => (await import('./commands/restore.js')).addRestore,
  recover: async () => (await import('./commands/recover.js')).addRecover,
  upgrade: async () => (await import('./commands/upgrade.js')).addUpgrade,
  migrate: async () => (await import('./commands/upgrade.js')).addMigrate,
  indexes: async () => (await import('./commands/upgrade.js')).addIndexes,
};

/**
 * The command line, with the commands that `words` may mean, or all of them where it names none. What one fails with is
 * thrown by `parseAsync`.
 */
export async function program(words: readonly string[]): Promise<Command> {
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
  const named = Object.keys(commands).filter((name) => words.includes(name));
  const isMeant = (name: string) => named.length === 0 || words[0] === 'help' || named.includes(name);
  for (const [name, load] of Object.entries(commands)) if (isMeant(name)) (await load())(all);
  return all;
}
