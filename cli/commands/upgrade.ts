import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Connection } from 'mongoose';
import { buildIndexes, createModels } from '../../models/models.js';
import { dropObsoleteIndexes, indexChanges } from '../../models/upkeep/index-changes.js';
import { migrate, pendingMigrations } from '../../models/upkeep/migrate.js';
import type { Config } from '../../runtime/config.js';
import { deploymentConfig, withMongo } from '../deployment.js';
import { acting } from '../acting.js';
import type { Progress, Terminal } from '../terminal.js';

interface Prepared {
  migrations: string[];
  indexes: { built: string[]; obsolete: string[] };
}

interface UpgradeOptions {
  dryRun?: true;
  dropIndexes?: true;
}

/** `carillon upgrade`: migrations, then indexes. `carillon migrate` and `carillon indexes` are its halves. */
export function addUpgrade(program: Command): void {
  program
    .command('upgrade')
    .description(
      'Make the database ready for this version, before its processes start: migrations, then indexes',
    )
    .option('--dry-run', 'only say what there is to do')
    .option('--drop-indexes', 'drop indexes that this version has not: once no older process runs')
    .action(
      acting<UpgradeOptions>(({ dryRun, dropIndexes }, at) =>
        withModels(async (mongo, config) => {
          if (dryRun) return tellPlan(mongo, at);
          const migrations = await applyMigrations(mongo, config, at);
          const indexes = await applyIndexes(mongo, at, dropIndexes);
          const prepared: Prepared = { migrations, indexes };
          at.result(prepared, 'ready for this version');
        }),
      ),
    );
}

/** `carillon migrate` */
export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('Change what is stored to what this version reads; harmless when repeated')
    .action(
      acting<object>((_options, at) =>
        withModels(async (mongo, config) => {
          const migrations = await applyMigrations(mongo, config, at);
          at.result({ migrations }, `${migrations.length} migrations applied`);
        }),
      ),
    );
}

/** `carillon indexes` */
export function addIndexes(program: Command): void {
  program
    .command('indexes')
    .description('Build the indexes that are missing, which production never does by itself')
    .option('--drop-indexes', 'drop indexes that this version has not: once no older process runs')
    .action(
      acting<Pick<UpgradeOptions, 'dropIndexes'>>(({ dropIndexes }, at) =>
        withModels(async (mongo) => {
          const indexes = await applyIndexes(mongo, at, dropIndexes);
          at.result({ indexes }, `${indexes.built.length} indexes built`);
        }),
      ),
    );
}

async function withModels(work: (mongo: Connection, config: Config) => Promise<void>): Promise<void> {
  const config = await deploymentConfig();
  await withMongo(config, (mongo) => work(mongo, config));
}

async function tellPlan(mongo: Connection, at: Terminal): Promise<void> {
  createModels(mongo, undefined);
  const migrations = (await pendingMigrations(mongo)).map(({ id }) => id);
  const { missing, obsolete } = await indexChanges(mongo);
  at.result(
    { migrations, indexes: { missing, obsolete } },
    [
      `migrations to apply: ${migrations.join(', ') || 'none'}`,
      `indexes to build: ${missing.length}`,
      ...missing.map((index) => `  ${index}`),
      `obsolete indexes: ${obsolete.length}`,
      ...obsolete.map((index) => `  ${index}`),
    ].join('\n'),
  );
}

async function applyMigrations(mongo: Connection, config: Config, at: Terminal): Promise<string[]> {
  const { leases } = createModels(mongo, config.CARILLON_KEYS);
  let bar: { id: string; progress: Progress } | undefined;
  try {
    return await migrate(mongo, {
      leases,
      holder: `cli-${randomUUID()}`,
      onProgress(id, documents) {
        if (bar?.id !== id) {
          bar?.progress.end();
          bar = { id, progress: at.progress(id) };
        }
        bar.progress.at(documents);
      },
    });
  } finally {
    bar?.progress.end();
  }
}

/** `createModels` was called, or is called here. */
async function applyIndexes(
  mongo: Connection,
  at: Terminal,
  dropIndexes = false,
): Promise<Prepared['indexes']> {
  if (Object.keys(mongo.models).length === 0) createModels(mongo, undefined);
  const { missing, obsolete } = await indexChanges(mongo);
  at.note(`${missing.length} indexes to build`);
  await buildIndexes(mongo);
  if (dropIndexes) await dropObsoleteIndexes(mongo);
  else if (obsolete.length > 0)
    at.note(
      `${obsolete.length} indexes are of no use any more (--drop-indexes):\n  ${obsolete.join('\n  ')}`,
    );
  return { built: missing, obsolete };
}
