import type { Config } from '../../runtime/config.js';
import { connectApi, type Api, type ApiOptions } from '../api.js';
import { Failure } from '../failure.js';
import { failure, ok, skipped, warning, type Finding } from './finding.js';

interface ChannelShown {
  channel: string;
  own: string[];
  deployment: string[];
  down: { provider: string; since: string; waiting: number }[];
}

/** The API: it answers, takes the key, and none of the tenant's channels is down. */
export async function checkApi(options: ApiOptions, config: Config | undefined): Promise<Finding[]> {
  let api: Api;
  try {
    api = await connectApi(options);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [skipped('API', 'not named: set CARILLON_URL and CARILLON_API_KEY to have it looked at')];
  }
  const found = [await ready('API', api.url)];
  if (found[0]?.state !== 'ok') return found;
  if (config?.CARILLON_PUBLIC_URL !== undefined)
    found.push(await ready('API from outside', config.CARILLON_PUBLIC_URL));
  found.push(...(await channels(api)));
  return found;
}

async function ready(about: string, url: string): Promise<Finding> {
  try {
    const answer = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(10_000) });
    const { dependencies = {} } = (await answer.json()) as {
      dependencies?: Record<string, { ready: boolean }>;
    };
    const away = Object.entries(dependencies).flatMap(([name, { ready: isThere }]) =>
      isThere ? [] : [name],
    );
    return answer.ok
      ? ok(about, `${url} is ready`)
      : failure(about, `${url} does not reach ${away.join(', ') || 'what it needs'}`, 'see above');
  } catch {
    return failure(about, `${url} does not answer`, 'npm run api, or correct the address');
  }
}

async function channels(api: Api): Promise<Finding[]> {
  if (api.tenant === undefined) return [skipped('channels', 'no tenant: --tenant, or CARILLON_TENANT')];
  try {
    const { items } = await api.call<{ items: ChannelShown[] }>('GET', '/v1/tenant/channels');
    const setUp = items.filter(({ own, deployment }) => own.length + deployment.length > 0);
    const down = items.flatMap(({ channel, down: some }) => some.map((one) => ({ channel, ...one })));
    if (down.length === 0)
      return [ok('channels', `${setUp.map((one) => one.channel).join(', ')} set up, none down`)];
    return down.map(({ channel, provider, since, waiting }) =>
      warning(
        `${channel} via ${provider}`,
        `down since ${since}, ${waiting} wait`,
        `GET /v1/tenant/channels/${channel}/providers says what its provider answers`,
      ),
    );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [
      failure('channels', error.message, 'an admin’s API key of the tenant is needed: CARILLON_API_KEY'),
    ];
  }
}
