import { z } from 'zod';
import { channelName } from '../../contracts/channels.js';
import { CarillonError, failureReasons } from '../../contracts/errors.js';
import { externalId, lineOfText, typeName } from '../../contracts/primitives.js';
import { deliveryStatuses } from '../../contracts/statuses.js';
import { contentOf, deliveryContentView } from '../deliveries/content.js';
import { route } from '../route.js';
import { deliveryView, idParams, instantParameter, pageOf, paging } from '../schemas.js';
import { showDelivery } from '../views/delivery.js';

const tag = 'deliveries';

const list = route({
  method: 'get',
  path: '/v1/deliveries',
  tag,
  summary: 'The delivery log, newest first',
  access: 'sender',
  query: z.strictObject({
    notification: externalId.optional(),
    recipient: externalId.optional(),
    type: typeName.optional(),
    status: z.enum(deliveryStatuses).optional(),
    channel: channelName.optional(),
    provider: lineOfText(100).optional(),
    failureReason: z.enum(failureReasons).optional(),
    from: instantParameter,
    to: instantParameter,
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(deliveryView) } },
  async handle({ tenantId, query }, deps) {
    return { status: 200, body: await deps.models.deliveries.list(tenantId, query, showDelivery) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/deliveries/{id}',
  tag,
  summary: 'One delivery with its attempts',
  access: 'sender',
  params: idParams,
  answers: { 200: { description: 'the delivery', schema: deliveryView } },
  async handle({ tenantId, params }, deps) {
    const row = await deps.models.deliveries.find(tenantId, params.id);
    if (!row) throw new CarillonError('not_found', `there is no delivery "${params.id}"`);
    return { status: 200, body: showDelivery(row) };
  },
});

const content = route({
  method: 'get',
  path: '/v1/deliveries/{id}/content',
  tag,
  summary: 'What a delivery said, written once more, with sensitive variables masked',
  access: 'admin',
  params: idParams,
  answers: { 200: { description: 'its texts', schema: deliveryContentView } },
  async handle({ tenantId, params }, deps) {
    const row = await deps.models.deliveries.find(tenantId, params.id);
    if (!row) throw new CarillonError('not_found', `there is no delivery "${params.id}"`);
    return { status: 200, body: await contentOf(deps, tenantId, row) };
  },
});

export const deliveryRoutes = [list, get, content];
