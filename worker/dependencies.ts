import type { ActivityDependencies, CredentialSource } from '../activities/dependencies.js';
import { FirstAttempts } from '../activities/first-attempts.js';
import { smtpChannel } from '../channels/email/smtp.js';
import { smtpCredentialsFromUrl } from '../channels/email/smtp-credentials.js';
import { inAppChannel } from '../channels/in-app.js';
import { channelRegistry } from '../channels/registry.js';
import type { Models } from '../models/models.js';
import type { Config } from '../runtime/config.js';
import type { Logger } from '../runtime/logger.js';

/** What the activities of one worker process share. */
export function activityDependencies(config: Config, models: Models, log: Logger): ActivityDependencies {
  return {
    models,
    log,
    channels: channelRegistry([inAppChannel, smtpChannel()]),
    credentials: deploymentCredentials(config),
    firstAttempts: new FirstAttempts({
      perProvider: config.CARILLON_FIRST_ATTEMPTS_PER_PROVIDER,
      total: config.CARILLON_FIRST_ATTEMPTS,
    }),
    firstAttemptAsActivity: config.CARILLON_FIRST_ATTEMPT_AS_ACTIVITY,
  };
}

/** Credentials that the deployment holds for all its tenants, from the environment. */
function deploymentCredentials(config: Config): CredentialSource {
  const smtp =
    config.SMTP_URL === undefined
      ? undefined
      : smtpCredentialsFromUrl(config.SMTP_URL, config.CARILLON_MAIL_FROM);
  return {
    find: (_tenantId, channel, provider) =>
      Promise.resolve(channel === 'email' && provider === 'smtp' ? smtp : undefined),
  };
}
