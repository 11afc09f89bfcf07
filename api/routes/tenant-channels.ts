import { z } from 'zod';
import { credentialFields, fieldKinds } from '../../channels/credential-fields.js';
import { allowed } from '../../channels/tenant-providers.js';
import { channelName } from '../../contracts/channels.js';
import { providerName } from '../../contracts/provider-run.js';
import { providerOrder } from '../../contracts/tenant-channels.js';
import { knownChannel, sendingChannels } from '../known-providers.js';
import { downOf } from '../provider-health.js';
import { route } from '../route.js';
import { pageOf } from '../schemas.js';
import { providerView, showCredentials } from '../views/credentials.js';

const tag = 'providers';
const channelParams = z.object({ channel: z.string() });

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

export const tenantChannelRoutes = [listChannels, listKnown, order];
