import type { Command } from 'commander';
import { buildIndexes, createModels } from '../../models/models.js';
import { restore } from '../../models/upkeep/restore.js';
import { deploymentConfig, withMongo } from '../deployment.js';
import { acting } from '../acting.js';
import { counted } from '../words.js';

interface RestoreOptions {
  replace?: true;
}

/** `carillon restore backups/2026-11-22` */
export function addRestore(program: Command): void {
  program
    .command('restore <folder>')
    .description('Write a backup into the database, which should be empty, and build its indexes')
    .option('--replace', 'drop what the database holds')
    .action(
      acting<RestoreOptions>(async ({ replace = false }, at, [folder = '']) => {
        const config = await deploymentConfig();
        const progress = at.progress('documents');
        const manifest = await withMongo(config, async (mongo) => {
          const restored = await restore(mongo, folder, { replace, onProgress: progress.at.bind(progress) });
          createModels(mongo, config.CARILLON_KEYS);
          await buildIndexes(mongo);
          return restored;
        }).finally(() => progress.end());
        const documents = manifest.collections.reduce((sum, { count }) => sum + count, 0);
        at.result(
          manifest,
          `${counted(documents, 'document', 'documents')} of ${manifest.takenAt}, with their indexes`,
        );
        at.note(
          'Start the API and the workers, then "carillon recover": it has Temporal go on with what was not over.',
        );
      }),
    );
}
