import type { Client } from '@temporalio/client';
import type { Models } from '../models/models.js';
import type { Config } from '../runtime/config.js';
import type { Logger } from '../runtime/logger.js';
import type { PersonTokens } from './person-tokens.js';

/** What the routes need; made once per API process and passed in. */
export interface ApiDependencies {
  config: Config;
  models: Models;
  client: Client;
  tokens: PersonTokens;
  log: Logger;
  /** The queue that notifications are started on. */
  taskQueue: string;
}
