import { z } from 'zod';
import type { SendingChannel } from '../../channels/channel.js';
import { readable } from '../../channels/tenant-providers.js';
import type { TenantProvider } from '../../contracts/credentials.js';
import { CarillonError, failureReasons } from '../../contracts/errors.js';
import { parsePart } from '../../contracts/parse.js';
import { credentialsBody, verifyBody } from '../../contracts/tenant-channels.js';
import type { ApiDependencies } from '../dependencies.js';
import { knownChannel, knownProvider } from '../known-providers.js';
import { healthOf } from '../provider-health.js';
import { route } from '../route.js';
import { pageOf } from '../schemas.js';
import { verifyCredentials } from '../verify-credentials.js';
import { maskedCredentials, providerView, showCredentials } from '../views/credentials.js';
import { providerHealthView } from '../views/provider-health.js';

const tag = 'providers';
const channelParams = z.object({ channel: z.string() });
const providerParams = z.object({ channel: z.string(), provider: z.string() });

const healthyView = providerView.extend({ health: providerHealthView });

const list = route({
  method: 'get',
  path: '/v1/tenant/channels/{channel}/providers',
  tag,
  summary: 'The tenant’s own providers of a channel, in the order in which they are tried, and how each does',
  access: 'admin',
  params: channelParams,
  answers: { 200: { description: 'all of them', schema: pageOf(healthyView) } },
  async handle({ tenantId, params }, deps) {
    const channel = knownChannel(deps, params.channel);
    const stored = await deps.models.credentials.list(tenantId, channel);
    const health = await healthOf(deps, tenantId, channel, stored);
    const items = stored.map((one) => ({ ...showCredentials(deps, one), health: health(one) }));
    return { status: 200, body: { items, nextCursor: null } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/tenant/channels/{channel}/providers/{provider}',
  tag,
  summary: 'One provider, without its secrets, and how it does',
  access: 'admin',
  params: providerParams,
  answers: { 200: { description: 'the provider', schema: healthyView } },
  async handle({ tenantId, params }, deps) {
    const stored = await find(deps, tenantId, params);
    const health = await healthOf(deps, tenantId, stored.channel, [stored]);
    return { status: 200, body: { ...showCredentials(deps, stored), health: health(stored) } };
  },
});

const put = route({
  method: 'put',
  path: '/v1/tenant/channels/{channel}/providers/{provider}',
  tag,
  summary: 'Set up a provider, or replace its credentials as a whole; a new one is tried last',
  access: 'admin',
  audit: 'credentials.stored',
  params: providerParams,
  body: credentialsBody,
  answers: {
    200: { description: 'replaced', schema: providerView },
    201: { description: 'set up', schema: providerView },
  },
  async handle({ tenantId, params, body }, deps) {
    const sending = knownProvider(deps, params);
    const { channel, provider } = sending;
    const credentials = parseCredentials(sending, body.credentials);
    const { credentials: store } = deps.models;
    const before = await store.find(tenantId, channel, provider);
    const { created } = await store.put(tenantId, channel, provider, credentials);
    const after = showCredentials(deps, await find(deps, tenantId, params));
    return {
      status: created ? 201 : 200,
      body: after,
      audited: {
        subject: `${channel}/${provider}`,
        ...(before ? { before: maskedCredentials(deps, before, before.credentials) } : {}),
        after: after.credentials,
      },
    };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/tenant/channels/{channel}/providers/{provider}',
  tag,
  summary: 'Forget a provider’s credentials: nothing is sent through it any more',
  access: 'admin',
  audit: 'credentials.removed',
  params: providerParams,
  answers: { 204: { description: 'forgotten' } },
  async handle({ tenantId, params }, deps) {
    const before = await find(deps, tenantId, params);
    const { channel, provider } = before;
    if (!(await deps.models.credentials.remove(tenantId, channel, provider))) throw notSetUp(params);
    return {
      status: 204,
      audited: {
        subject: `${channel}/${provider}`,
        before: maskedCredentials(deps, before, before.credentials),
      },
    };
  },
});

const verify = route({
  method: 'post',
  path: '/v1/tenant/channels/{channel}/providers/{provider}/verify',
  tag,
  summary: 'Try credentials at the provider, the stored ones or those given; nothing is sent to anybody',
  access: 'admin',
  audit: 'credentials.verified',
  params: providerParams,
  body: verifyBody,
  bodyOptional: true,
  answers: {
    200: {
      description: 'whether they work, or what is wrong with them',
      schema: z.union([
        z.object({ ok: z.literal(true), note: z.string().optional() }),
        z.object({ ok: z.literal(false), reason: z.enum(failureReasons), detail: z.string() }),
      ]),
    },
  },
  async handle({ tenantId, params, body }, deps) {
    const sending = knownProvider(deps, params);
    const given = body.credentials !== undefined;
    const tried: Pick<TenantProvider, 'credentials' | 'problem'> = given
      ? { credentials: parseCredentials(sending, body.credentials) }
      : readable(deps.channels, await find(deps, tenantId, params));
    const verified =
      tried.problem !== undefined
        ? { ok: false as const, reason: 'auth_error' as const, detail: tried.problem }
        : await verifyCredentials(deps, tenantId, sending, tried.credentials);
    return {
      status: 200,
      body: verified,
      audited: {
        subject: `${sending.channel}/${sending.provider}`,
        after: { stored: !given, ok: verified.ok },
      },
    };
  },
});

function parseCredentials(sending: SendingChannel, given: unknown): unknown {
  return parsePart(z.object({ credentials: sending.credentials }), { credentials: given }).credentials;
}

async function find(deps: ApiDependencies, tenantId: string, params: { channel: string; provider: string }) {
  const channel = knownChannel(deps, params.channel);
  const stored = await deps.models.credentials.find(tenantId, channel, params.provider);
  if (stored) return stored;
  // Tells a provider that is not set up from one that there is not.
  knownProvider(deps, params);
  throw notSetUp(params);
}

function notSetUp({ channel, provider }: { channel: string; provider: string }): CarillonError {
  return new CarillonError('not_found', `${provider} is not set up for ${channel}`);
}

export const tenantProviderRoutes = [list, get, put, remove, verify];
