import { ChannelError } from '../../channels/channel.js';
import { builtInChannels } from '../../channels/built-in.js';
import { deploymentProviders } from '../../channels/deployment-providers.js';
import { channelRegistry } from '../../channels/registry.js';
import type { Config } from '../../runtime/config.js';
import { openNetwork } from '../../runtime/outbound.js';
import { failure, ok, skipped, wordsOf, type Finding } from './finding.js';

const PATIENCE_MS = 10_000;

/** The deployment's own providers, tried with the credentials that the environment gives them. */
export async function checkMail(config: Config): Promise<Finding[]> {
  const providers = deploymentProviders(config, openNetwork);
  if (providers.length === 0) return [skipped('mail', 'no SMTP_URL: tenants bring their own providers')];
  const registry = channelRegistry(builtInChannels({ endpoints: config.CARILLON_PROVIDER_ENDPOINTS }));
  try {
    const found: Finding[] = [];
    for (const { channel, provider, credentials, network } of providers) {
      const about = `${channel} via ${provider}`;
      const signal = AbortSignal.timeout(PATIENCE_MS);
      try {
        const sending = registry.providersOf(channel).find((one) => one.provider === provider);
        const said = await sending?.verify(credentials, {
          tenantId: '',
          signal,
          timeoutMs: PATIENCE_MS,
          network,
        });
        found.push(ok(about, said?.note ?? 'takes what is sent'));
      } catch (error) {
        const says =
          error instanceof ChannelError
            ? `${error.reason}: ${error.providerResponse ?? wordsOf(error)}`
            : wordsOf(error);
        found.push(
          failure(
            about,
            says,
            'is SMTP_URL right, with user and password, and is the server reachable from here?',
          ),
        );
      }
    }
    return found;
  } finally {
    await registry.close();
  }
}
