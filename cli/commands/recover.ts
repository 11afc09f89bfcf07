import type { Command } from 'commander';
import { recover } from '../../commands/recovery/recover.js';
import { notificationTaskQueue } from '../../contracts/ids.js';
import { createModels } from '../../models/models.js';
import { createLogger } from '../../runtime/logger.js';
import { lazyTemporalClient, registerSearchAttributes } from '../../runtime/temporal.js';
import { TypeRegistry } from '../../templates/type-registry.js';
import { deploymentConfig, withMongo } from '../deployment.js';
import { Failure } from '../failure.js';
import { acting } from '../acting.js';

/** `carillon recover` */
export function addRecover(program: Command): void {
  program
    .command('recover')
    .description('Have Temporal go on with what the database says is not over; harmless when repeated')
    .action(
      acting<object>(async (_options, at) => {
        const config = await deploymentConfig();
        const log = createLogger({ level: 'warn', name: 'carillon' });
        const client = lazyTemporalClient(config);
        const progress = at.progress('looked at');
        try {
          await registerSearchAttributes(client).catch((error: Error) => {
            throw new Failure(`Temporal does not answer: is TEMPORAL_ADDRESS right? ${error.message}`, {
              cause: error,
            });
          });
          const found = await withMongo(config, (mongo) => {
            const models = createModels(mongo, config.CARILLON_KEYS);
            const types = new TypeRegistry(models.notificationTypes, models.templates);
            const deps = { config, models, client, log, types, taskQueue: notificationTaskQueue };
            return recover(deps, (done) => progress.at(done));
          });
          progress.end();
          const { erasures, notifications, running, digests, reminders, schedules, broadcasts } = found;
          at.result(
            found,
            `started again: ${notifications} notifications (${running} go on as they were); ` +
              `told to look: ${erasures} erasures, ${digests} digests, ${reminders} reminders, ${schedules} schedules, ${broadcasts} broadcasts`,
          );
        } finally {
          progress.end();
          await client.connection.close();
        }
      }),
    );
}
