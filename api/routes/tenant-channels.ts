import { z } from 'zod';
import type { SendingChannel } from '../../channels/channel.js';
import { credentialFields, fieldKinds } from '../../channels/credential-fields.js';
import { allowed, readable } from '../../channels/tenant-providers.js';
import { channelName, type ChannelName } from '../../contracts/channels.js';
import type { TenantProvider } from '../../contracts/credentials.js';
import { providerName } from '../../contracts/provider-run.js';
import { CarillonError, failureReasons } from '../../contracts/errors.js';
import { credentialsBody, providerOrder, verifyBody } from '../../contracts/tenant-channels.js';
import type { ApiDependencies } from '../dependencies.js';
import { parsePart } from '../../contracts/parse.js';
import { downOf, healthOf } from '../provider-health.js';
import { route } from '../route.js';
import { pageOf } from '../schemas.js';
import { verifyCredentials } from '../verify-credentials.js';
import { maskedCredentials, showCredentials } from '../views/credentials.js';
import { providerHealthView } from '../views/provider-health.js';

const tag = 'providers';
const channelParams = z.object({ channel: z.string() });
const providerParams = z.object({ channel: z.string(), provider: z.string() });

const providerView = z.object({
  channel: channelName,
  provider: z.string(),
  /** Every field's name; the value of a secret one is always the same dots. */
  credentials: z.record(z.string(), z.unknown()),
  /** Why the stored credentials cannot be used; null when they can. */
  problem: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const healthyView = providerView.extend({ health: providerHealthView });

const channelView = z.object({
  channel: channelName,
  /** Providers that this deployment knows. */
  known: z.array(z.string()),
  /** The tenant's own, in the order in which they are tried. */
  own: z.array(z.string()),
  /** The deployment's that stand behind them. */
  deployment: z.array(z.string()),
  /** Those of both that are down, since when, and how many deliveries wait for each. */
  down: z.array(
    z.object({ provider: z.string(), since: z.iso.datetime().nullable(), waiting: z.number().int() }),
  ),
});

const listChannels = route({
  method: 'get',
  path: '/v1/tenant/channels',
  tag,
  summary: 'Every channel that goes out, who could send on it and who does',
  access: 'admin',
  answers: { 200: { description: 'all of them', schema: pageOf(channelView) } },
  async handle({ tenantId }, deps) {
    const [own, settings, down] = await Promise.all([
      deps.models.credentials.list(tenantId),
      deps.models.credentials.settings(tenantId),
      downOf(deps, tenantId),
    ]);
    const behind = allowed(deps.deployment, own, settings?.useDeployment ?? {});
    const items = sendingChannels(deps).map((channel) => ({
      channel,
      known: deps.channels.providersOf(channel).map(({ provider }) => provider),
      own: own.filter((one) => one.channel === channel).map(({ provider }) => provider),
      deployment: behind.filter((one) => one.channel === channel).map(({ provider }) => provider),
      down: deps.channels.providersOf(channel).flatMap(({ provider }) => {
        const found = down.get(providerName({ channel, provider }));
        return found ? [{ provider, ...found }] : [];
      }),
    }));
    return { status: 200, body: { items, nextCursor: null } };
  },
});

const knownView = z.object({
  provider: z.string(),
  fields: z
    .array(
      z.object({
        name: z.string(),
        kind: z.enum(fieldKinds),
        choices: z.array(z.string()).optional(),
        isRequired: z.boolean(),
        isSecret: z.boolean().describe('true where it is never read back'),
      }),
    )
    .describe('of its credentials; more may hold among them, which storing and verifying check'),
});

const listKnown = route({
  method: 'get',
  path: '/v1/tenant/channels/{channel}/known',
  tag,
  summary: 'The providers of a channel that this deployment knows, and what their credentials are made of',
  access: 'admin',
  params: channelParams,
  answers: { 200: { description: 'all of them', schema: pageOf(knownView) } },
  handle({ params }, deps) {
    const known = deps.channels.providersOf(knownChannel(deps, params.channel));
    const items = known.map((one) => ({ provider: one.provider, fields: credentialFields(one) }));
    return Promise.resolve({ status: 200, body: { items, nextCursor: null } });
  },
});

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

const order = route({
  method: 'put',
  path: '/v1/tenant/channels/{channel}/order',
  tag,
  summary: 'Order a channel’s providers: where the first fails, the next is tried',
  access: 'admin',
  audit: 'credentials.ordered',
  params: channelParams,
  body: providerOrder,
  answers: { 200: { description: 'all of them, as ordered', schema: pageOf(providerView) } },
  async handle({ tenantId, params, body }, deps) {
    const channel = knownChannel(deps, params.channel);
    const { credentials: store } = deps.models;
    const before = (await store.list(tenantId, channel)).map(({ provider }) => provider);
    await store.order(tenantId, channel, body.providers);
    const stored = await store.list(tenantId, channel);
    return {
      status: 200,
      body: { items: stored.map((one) => showCredentials(deps, one)), nextCursor: null },
      audited: { subject: channel, before, after: body.providers },
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

function sendingChannels({ channels }: ApiDependencies): ChannelName[] {
  return channels.channelNames().filter((name) => channels.providersOf(name).length > 0);
}

/** @throws CarillonError `not_found`, naming those that there are. */
function knownChannel(deps: ApiDependencies, name: string): ChannelName {
  const known = sendingChannels(deps);
  const found = known.find((channel) => channel === name);
  if (found) return found;
  throw new CarillonError('not_found', `there is no channel "${name}" that goes out: ${known.join(', ')}`);
}

/** @throws CarillonError `not_found`, naming those that there are. */
function knownProvider(deps: ApiDependencies, params: { channel: string; provider: string }): SendingChannel {
  const known = deps.channels.providersOf(knownChannel(deps, params.channel));
  const found = known.find(({ provider }) => provider === params.provider);
  if (found) return found;
  const names = known.map(({ provider }) => provider).join(', ');
  throw new CarillonError(
    'not_found',
    `there is no provider "${params.provider}" of ${params.channel}: ${names}`,
  );
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

export const tenantChannelRoutes = [listChannels, listKnown, list, get, put, remove, order, verify];
