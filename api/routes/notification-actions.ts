import type { SignalDefinition } from '@temporalio/common';
import { z } from 'zod';
import { notificationWorkflowId } from '../../contracts/ids.js';
import { lineOfText } from '../../contracts/primitives.js';
import type { OperatorNote } from '../../contracts/notification-run.js';
import { isFinal } from '../../contracts/statuses.js';
import { amendment } from '../../contracts/trigger.js';
import { acknowledgedSignal, amendUpdate, cancelSignal, expediteSignal } from '../../workflows/messages.js';
import { route, type Route } from '../route.js';
import { idParams, notificationFullView, statusView } from '../schemas.js';
import { tell, tooLate } from '../temporal-calls.js';
import { checkTimes } from '../trigger/check.js';
import { readNotification } from './notification-reads.js';

const tag = 'notifications';
const note = z.strictObject({ reason: lineOfText(200).optional() });

function signalRoute(name: string, summary: string, signal: SignalDefinition<[OperatorNote?]>): Route {
  return route({
    method: 'post',
    path: `/v1/notifications/{id}/${name}`,
    tag,
    summary,
    access: 'sender',
    params: idParams,
    body: note,
    bodyOptional: true,
    answers: { 202: { description: 'the run was told; `status` is what it was before', schema: statusView } },
    async handle({ tenantId, params, body, actor }, deps) {
      const row = await deps.models.notifications.findRequest(tenantId, params.id);
      if (row && isFinal(row.status) && !row.waiting) throw tooLate();
      if (!row) await readNotification(deps, tenantId, params.id);
      const handle = deps.client.workflow.getHandle(notificationWorkflowId(tenantId, params.id));
      await tell(deps.client, () => handle.signal(signal, { by: actor, ...body }));
      return { status: 202, body: { id: params.id, status: row?.status ?? 'accepted' } };
    },
  });
}

const amend = route({
  method: 'patch',
  path: '/v1/notifications/{id}',
  tag,
  summary: 'Amend a notification that still waits',
  access: 'sender',
  params: idParams,
  body: amendment,
  answers: { 200: { description: 'as planned anew', schema: notificationFullView } },
  async handle({ tenantId, params, body }, deps) {
    const row = await deps.models.notifications.findRequest(tenantId, params.id);
    if (row && isFinal(row.status)) throw tooLate();
    if (!row) await readNotification(deps, tenantId, params.id);
    checkTimes(body, Date.now(), row);
    const handle = deps.client.workflow.getHandle(notificationWorkflowId(tenantId, params.id));
    await tell(deps.client, () => handle.executeUpdate(amendUpdate, { args: [body] }));
    return { status: 200, body: await readNotification(deps, tenantId, params.id) };
  },
});

export const notificationActions = [
  signalRoute('cancel', 'Stop what has not gone out', cancelSignal),
  signalRoute('expedite', 'Send now: passes sendAt, quiet hours and the wait before a retry', expediteSignal),
  signalRoute(
    'acknowledge',
    'The person has seen it: what has not gone out is not needed',
    acknowledgedSignal,
  ),
  amend,
];
