import type { Client } from '@temporalio/client';
import type { Models } from '../models/models.js';
import type { Config } from '../runtime/config.js';
import type { Logger } from '../runtime/logger.js';
import type { Metrics } from '../runtime/metrics/metrics.js';
import type { TypeRegistry } from '../templates/type-registry.js';

/** What it takes to do what an application asks for, whichever way it asks: over HTTP, or by an event. */
export interface CommandDependencies {
  config: Pick<Config, 'CARILLON_BULK_PAGE' | 'CARILLON_BULK_LANES'>;
  models: Models;
  client: Client;
  log: Logger;
  /** The process's figures; absent where nobody reads any. */
  metrics?: Metrics;
  /** The queue that notifications are started on. */
  taskQueue: string;
  /** Each tenant's notification types, and which templates it has published. */
  types: TypeRegistry;
}
