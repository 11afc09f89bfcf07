import { z } from 'zod';
import { channelName, sentChannelName, type ChannelName } from '../../contracts/channels.js';
import { CarillonError } from '../../contracts/errors.js';
import { emailAddress, lineOfText, phoneNumber, typeName } from '../../contracts/primitives.js';
import { suppressionReasons } from '../../contracts/suppressions.js';
import { maskTarget } from '../../models/mask-target.js';
import type { ShownSuppression } from '../../models/suppressions.js';
import type { ApiDependencies } from '../dependencies.js';
import { phoneNumbersOf } from '../../commands/phone-numbers.js';
import { route } from '../route.js';
import { idParams, pageOf, paging } from '../schemas.js';

const tag = 'suppressions';

const byHand = sentChannelName.refine(
  (name) => name !== 'push',
  'must be another channel: take the device away from the person instead',
);

const addressOf = (channel: ChannelName): z.ZodType<string> => {
  if (channel === 'email') return emailAddress;
  return channel === 'sms' || channel === 'whatsapp' ? phoneNumber : lineOfText(2048);
};

const newSuppression = z
  .strictObject({
    channel: byHand,
    address: z.string().max(2048),
    reason: z.literal('manual').default('manual'),
    category: typeName.optional(),
  })
  .check(({ value, issues }) => {
    const parsed = addressOf(value.channel).safeParse(value.address);
    for (const { message } of parsed.error?.issues ?? []) {
      // Without the input: an answer repeats no address.
      issues.push({ code: 'custom', path: ['address'], message, input: undefined });
    }
  });

const suppressionView = z.object({
  id: z.string(),
  channel: channelName,
  address: z.string(),
  reason: z.enum(suppressionReasons),
  category: z.string().nullable(),
  detail: z.string().nullable(),
  deliveryId: z.string().nullable(),
  actor: z.string().nullable(),
  createdAt: z.iso.datetime(),
});

const list = route({
  method: 'get',
  path: '/v1/suppressions',
  tag,
  summary: 'Addresses that are not written to any more and why, newest first',
  access: 'manager',
  query: z.strictObject({
    channel: channelName.optional(),
    reason: z.enum(suppressionReasons).optional(),
    address: lineOfText(2048).optional(),
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(suppressionView) } },
  async handle({ tenantId, query }, deps) {
    const address = query.address && (await asStored(deps, tenantId, query.channel, query.address));
    return { status: 200, body: await deps.models.suppressions.list(tenantId, { ...query, address }) };
  },
});

const add = route({
  method: 'post',
  path: '/v1/suppressions',
  tag,
  summary: 'Stop writing to an address on a channel, for one category or for all (audited)',
  access: 'admin',
  audit: 'suppression.added',
  body: newSuppression,
  answers: {
    200: { description: 'it was stopped before', schema: suppressionView },
    201: { description: 'stopped', schema: suppressionView },
  },
  async handle({ tenantId, body, actor }, deps) {
    const address = await asStored(deps, tenantId, body.channel, body.address);
    const asked = { ...body, address, actor };
    const { suppression, created } = await deps.models.suppressions.addOne(tenantId, asked);
    return {
      status: created ? 201 : 200,
      body: suppression,
      audited: created ? { subject: suppression.id, after: inTheTrail(suppression) } : undefined,
    };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/suppressions/{id}',
  tag,
  summary: 'Write to an address again (audited)',
  access: 'admin',
  audit: 'suppression.removed',
  params: idParams,
  answers: { 204: { description: 'removed' } },
  async handle({ tenantId, params }, deps) {
    const removed = await deps.models.suppressions.remove(tenantId, params.id);
    if (!removed) throw new CarillonError('not_found', `there is no suppression "${params.id}"`);
    return { status: 204, audited: { subject: params.id, before: inTheTrail(removed) } };
  },
});

/** The address as deliveries have it, since it is found by its hash: a phone number is in E.164. */
async function asStored(
  deps: Pick<ApiDependencies, 'models'>,
  tenantId: string,
  channel: ChannelName | undefined,
  address: string,
): Promise<string> {
  if (channel !== 'sms' && channel !== 'whatsapp') return address;
  return phoneNumbersOf(deps, tenantId).e164(address, 'address');
}

/** The audit trail is stored in the clear: an address stands in it masked. */
function inTheTrail({ channel, address, reason, category }: ShownSuppression) {
  return { channel, address: maskTarget(channel, address), reason, category };
}

export const suppressionRoutes = [list, add, remove];
