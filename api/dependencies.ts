import type { Client } from '@temporalio/client';
import { builtInChannels } from '../channels/built-in.js';
import { deploymentProviders } from '../channels/deployment-providers.js';
import { channelRegistry, type ChannelRegistry } from '../channels/registry.js';
import { tenantProviders } from '../channels/tenant-providers.js';
import type { CredentialSource, TenantProvider } from '../contracts/credentials.js';
import type { Predictor } from '../contracts/predictor.js';
import type { Network } from '../contracts/network.js';
import type { Models } from '../models/models.js';
import { statisticalPredictor } from '../policy/habits.js';
import type { Config } from '../runtime/config.js';
import type { Logger } from '../runtime/logger.js';
import { guardedNetwork } from '../runtime/guarded-network.js';
import { Metrics } from '../runtime/metrics/metrics.js';
import { openNetwork } from '../runtime/outbound.js';
import { TemplateCache } from '../templates/template-cache.js';
import { TypeRegistry } from '../templates/type-registry.js';
import { SnsCertificates } from '../events/callbacks/sns.js';
import { OperatorSessions } from './operator-sessions.js';
import { ErrorReports } from '../runtime/error-reports.js';
import { deploymentFigures, type DeploymentFigures } from './figures/deployment.js';
import { measure } from './figures/measure.js';
import { LiveConnections } from './realtime/live-connections.js';
import { RequestLimits } from './request-limits.js';
import { PersonTokens } from './person-tokens.js';
import { TenantAuthSource } from './tenant-auth-source.js';
import { TenantTokens } from './tenant-tokens.js';

/** What the routes need; made once per API process and passed in. */
export interface ApiDependencies {
  config: Config;
  models: Models;
  client: Client;
  /** Tokens that Carillon itself issues to people. */
  tokens: PersonTokens;
  /** Tokens that the tenants' identity providers issue. */
  tenantTokens: TenantTokens;
  tenantAuth: TenantAuthSource;
  requestLimits: RequestLimits;
  /** Of operators whose browser shows the Temporal Web UI. */
  codecSessions: OperatorSessions;
  /** Of operators who signed in at the machine that Carillon is tried out on. */
  consoleSessions: OperatorSessions;
  /** Of people, to this process. */
  live: LiveConnections;
  log: Logger;
  /** This process's figures, and those of the deployment that it tells. */
  metrics: Metrics;
  figures: DeploymentFigures;
  errors: ErrorReports;
  /** The queue that notifications are started on. */
  taskQueue: string;
  /** To be closed when the process ends. */
  channels: ChannelRegistry;
  /** What the deployment has for all its tenants. */
  deployment: readonly TenantProvider[];
  credentials: CredentialSource;
  /** Says when people are reached best. */
  predictor: Predictor;
  /** Each tenant's notification types, and which templates it has published. */
  types: TypeRegistry;
  /** The versions of templates that were used last. */
  templates: TemplateCache;
  /** The way out to what tenants name. */
  network: Network;
  /** By which messages of Amazon SNS are known to be its own. */
  snsCertificates: SnsCertificates;
}

/** Makes what follows from the rest. Channels and predictor come with Carillon, unless given. */
export function apiDependencies(
  given: Pick<ApiDependencies, 'config' | 'models' | 'client' | 'log' | 'taskQueue'> &
    Partial<Pick<ApiDependencies, 'channels' | 'predictor' | 'metrics' | 'errors'>>,
): ApiDependencies {
  const { config, models } = given;
  const metrics = given.metrics ?? new Metrics(given.log);
  const live = new LiveConnections(config, metrics);
  const figures = deploymentFigures(given);
  measure(metrics, { figures, live });
  const channels =
    given.channels ?? channelRegistry(builtInChannels({ endpoints: config.CARILLON_PROVIDER_ENDPOINTS }));
  const deployment = deploymentProviders(config, openNetwork);
  const network = guardedNetwork({ allowPrivate: config.CARILLON_ALLOW_PRIVATE_ADDRESSES });
  const credentials = tenantProviders(channels, { store: models.credentials, deployment, network });
  const tenantAuth = new TenantAuthSource(models);
  return {
    predictor: statisticalPredictor,
    ...given,
    tokens: new PersonTokens(models),
    tenantTokens: new TenantTokens(tenantAuth, network, given.log),
    tenantAuth,
    codecSessions: new OperatorSessions(models, 'codec'),
    consoleSessions: new OperatorSessions(models, 'console'),
    requestLimits: new RequestLimits(config, models),
    live,
    metrics,
    figures,
    errors: given.errors ?? new ErrorReports({ log: given.log, metrics }),
    channels,
    deployment,
    credentials,
    types: new TypeRegistry(models.notificationTypes, models.templates),
    templates: new TemplateCache(models.templateVersions),
    network,
    snsCertificates: new SnsCertificates((url) => fetchText(network, url)),
  };
}

/** Milliseconds for a certificate: the caller is waiting. */
const FETCH_MS = 5_000;

async function fetchText(network: Network, url: string): Promise<string> {
  const answer = await network.fetch(url, { signal: AbortSignal.timeout(FETCH_MS) });
  if (answer.ok) return answer.text();
  await answer.body?.cancel();
  throw new Error(`${new URL(url).host} answered ${answer.status}`);
}
