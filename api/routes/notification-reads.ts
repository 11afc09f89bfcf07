import { z } from 'zod';
import { channelName } from '../../contracts/channels.js';
import { CarillonError } from '../../contracts/errors.js';
import { externalId, typeName } from '../../contracts/primitives.js';
import { notificationStatuses } from '../../contracts/statuses.js';
import { findAcceptedRun } from '../accepted-run.js';
import type { ApiDependencies } from '../dependencies.js';
import { route } from '../route.js';
import {
  idParams,
  instantParameter,
  notificationFullView,
  notificationView,
  pageOf,
  paging,
} from '../schemas.js';
import { showAccepted, showNotification, showNotificationInFull } from '../views/notification.js';

const tag = 'notifications';

const list = route({
  method: 'get',
  path: '/v1/notifications',
  tag,
  summary: 'List notifications, newest first',
  access: 'sender',
  query: z.strictObject({
    recipient: externalId.optional(),
    type: typeName.optional(),
    status: z.enum(notificationStatuses).optional(),
    channel: channelName.optional(),
    from: instantParameter,
    to: instantParameter,
    related: z
      .string()
      .max(401)
      .regex(/^[^:]+:.+$/, 'must be type:id')
      .optional(),
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(notificationView) } },
  async handle({ tenantId, query }, deps) {
    return { status: 200, body: await deps.models.notifications.list(tenantId, query, showNotification) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/notifications/{id}',
  tag,
  summary: 'One notification with its plan, deliveries and timeline',
  access: 'sender',
  params: idParams,
  answers: { 200: { description: 'the whole story', schema: notificationFullView } },
  async handle({ tenantId, params }, deps) {
    return { status: 200, body: await readNotification(deps, tenantId, params.id) };
  },
});

/**
 * One notification, from the moment it is accepted.
 * @throws CarillonError `not_found`
 */
export async function readNotification(deps: ApiDependencies, tenantId: string, id: string) {
  const stored = await readStored(deps, tenantId, id);
  if (stored) return stored;
  const run = await findAcceptedRun(deps, tenantId, id);
  if (!run) throw noSuch(id);
  if (run.status !== 'COMPLETED') {
    // One that was ended from outside before it was planned (in the Web UI, say) has told nobody.
    const type = await deps.types.find(tenantId, run.input.trigger.type);
    return showAccepted(run.input, run.status === 'RUNNING' ? 'accepted' : 'failed', type, deps.config);
  }
  // It was planned and done between the two looks; or its row has been purged since.
  const planned = await readStored(deps, tenantId, id);
  if (!planned) throw noSuch(id);
  return planned;
}

async function readStored(deps: ApiDependencies, tenantId: string, id: string) {
  const { models, config } = deps;
  const [row, deliveries, vault] = await Promise.all([
    models.notifications.find(tenantId, id),
    models.deliveries.ofNotification(tenantId, id),
    models.dataKeys.vault(tenantId),
  ]);
  return row && showNotificationInFull(row, deliveries, vault, config);
}

export function noSuch(id: string): CarillonError {
  return new CarillonError('not_found', `there is no notification "${id}"`);
}

export const notificationReads = [list, get];
