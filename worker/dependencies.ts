import { Breakers } from '../activities/breakers.js';
import type { ActivityDependencies } from '../activities/dependencies.js';
import { FirstAttempts } from '../activities/first-attempts.js';
import { createSendLimits } from '../activities/send-limits.js';
import { trackingUrls } from '../activities/tracking-urls.js';
import { unsubscribeUrls } from '../activities/unsubscribe-urls.js';
import { builtInChannels } from '../channels/built-in.js';
import { deploymentProviders } from '../channels/deployment-providers.js';
import { channelRegistry, type ChannelRegistry } from '../channels/registry.js';
import { tenantProviders } from '../channels/tenant-providers.js';
import { statisticalPredictor } from '../policy/habits.js';
import type { Config } from '../runtime/config.js';
import { Metrics } from '../runtime/metrics/metrics.js';
import { guardedNetwork } from '../runtime/guarded-network.js';
import { openNetwork } from '../runtime/outbound.js';
import { TemplateCache } from '../templates/template-cache.js';
import { TypeRegistry } from '../templates/type-registry.js';

/**
 * What the activities of one worker process share. Channels and predictor are those that come with
 * Carillon, unless others are given. */
export function activityDependencies(
  config: Config,
  {
    models,
    runs,
    log,
    metrics = new Metrics(log),
    predictor = statisticalPredictor,
    channels = channelRegistry(builtInChannels({ endpoints: config.CARILLON_PROVIDER_ENDPOINTS })),
  }: Pick<ActivityDependencies, 'models' | 'runs' | 'log'> &
    Partial<Pick<ActivityDependencies, 'channels' | 'predictor' | 'metrics'>>,
): ActivityDependencies {
  warnOfStrayLimits(config, channels, log);
  const network = guardedNetwork({ allowPrivate: config.CARILLON_ALLOW_PRIVATE_ADDRESSES });
  return {
    models,
    runs,
    log,
    metrics,
    purgeExportDir: config.CARILLON_PURGE_EXPORT_DIR,
    bulk: {
      chunkSize: config.CARILLON_BULK_CHUNK,
      sizes: { pageSize: config.CARILLON_BULK_PAGE, lanes: config.CARILLON_BULK_LANES },
      sendsAtOnce: (channel) =>
        config.CARILLON_BULK_SENDS_BY_CHANNEL.get(channel) ?? config.CARILLON_BULK_SENDS,
    },
    channels,
    predictor,
    credentials: tenantProviders(channels, {
      store: models.credentials,
      deployment: deploymentProviders(config, openNetwork),
      network,
    }),
    network,
    types: new TypeRegistry(models.notificationTypes, models.templates),
    templates: new TemplateCache(models.templateVersions),
    firstAttempts: new FirstAttempts({
      perProvider: config.CARILLON_FIRST_ATTEMPTS_PER_PROVIDER,
      total: config.CARILLON_FIRST_ATTEMPTS,
    }),
    breakers: new Breakers(models.providerHealth, (place) => runs.watchProvider(place), log),
    webhooks: { keepDays: config.CARILLON_OUTBOUND_EVENT_DAYS },
    drainPerSecond: config.CARILLON_DRAIN_PER_SECOND,
    sendLimits: createSendLimits({
      buckets: models.sendLimits,
      providerLimits: config.CARILLON_PROVIDER_LIMITS,
    }),
    ...(config.CARILLON_PUBLIC_URL === undefined ? {} : { publicUrl: config.CARILLON_PUBLIC_URL }),
    unsubscribeUrls: unsubscribeUrls(config.CARILLON_PUBLIC_URL, models.unsubscribeTokens),
    trackingUrls: trackingUrls(config.CARILLON_PUBLIC_URL, models.trackingTokens),
    firstAttemptAsActivity: config.CARILLON_FIRST_ATTEMPT_AS_ACTIVITY,
  };
}

/** A limit on a provider that is misspelt, say, would limit nothing. */
function warnOfStrayLimits(
  config: Config,
  channels: ChannelRegistry,
  log: ActivityDependencies['log'],
): void {
  const known = channels
    .channelNames()
    .flatMap((name) => channels.providersOf(name).map(({ provider }) => `${name}/${provider}`));
  for (const limited of config.CARILLON_PROVIDER_LIMITS.keys()) {
    if (!known.includes(limited))
      log.warn({ provider: limited }, 'send limit on a provider that is not there');
  }
}
