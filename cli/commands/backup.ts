import type { Command } from 'commander';
import { backUp } from '../../models/upkeep/backup.js';
import { deploymentConfig, withMongo } from '../deployment.js';
import { acting } from '../acting.js';
import { ownVersion } from '../version.js';
import { counted } from '../words.js';

interface BackupOptions {
  snapshot: boolean;
}

/** `carillon backup backups/2026-11-22` */
export function addBackup(program: Command): void {
  program
    .command('backup <folder>')
    .description('Write the database into a new folder, as it is at one moment; what is sealed stays sealed')
    .option('--no-snapshot', 'not of one moment: for a database too large to be read in five minutes')
    .action(
      acting<BackupOptions>(async ({ snapshot }, at, [folder = '']) => {
        const config = await deploymentConfig();
        const progress = at.progress('documents');
        const manifest = await withMongo(config, (mongo) =>
          backUp(mongo, folder, { version: ownVersion(), snapshot, onProgress: progress.at.bind(progress) }),
        ).finally(() => progress.end());
        const documents = manifest.collections.reduce((sum, { count }) => sum + count, 0);
        at.result(
          manifest,
          `${counted(documents, 'document', 'documents')} of ${manifest.collections.length} collections in ${folder}`,
        );
        if (config.CARILLON_KEYS)
          at.note('Keep CARILLON_KEYS as well, elsewhere: without them nobody can read it.');
      }),
    );
}
