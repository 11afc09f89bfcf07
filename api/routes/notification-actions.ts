import type { SignalDefinition } from '@temporalio/common';
import { z } from 'zod';
import { notificationWorkflowId } from '../../contracts/ids.js';
import { lineOfText } from '../../contracts/primitives.js';
import type { OperatorNote } from '../../contracts/notification-run.js';
import { isFinal } from '../../contracts/statuses.js';
import { amendment } from '../../contracts/trigger.js';
import { acknowledgedSignal, amendUpdate, cancelSignal, expediteSignal } from '../../workflows/messages.js';
import type { ApiDependencies } from '../dependencies.js';
import { leaveDigest } from '../../commands/digests/leave.js';
import { tellDigest } from '../../commands/digests/tell.js';
import { untilCollected } from '../../commands/digests/until-collected.js';
import { route, type Answer, type Route, type RouteRequest } from '../route.js';
import { idParams, notificationFullView, statusView } from '../schemas.js';
import { tell, tooLate } from '../../commands/temporal-calls.js';
import { checkData, checkTimes } from '../../commands/trigger/check.js';
import { readNotification } from './notification-reads.js';

const tag = 'notifications';
const note = z.strictObject({ reason: lineOfText(200).optional() });

type Request = Pick<
  RouteRequest<z.infer<typeof idParams>, unknown, z.infer<typeof note>>,
  'tenantId' | 'params' | 'body' | 'actor'
>;
type Tell = SignalDefinition<[OperatorNote?]>;

/** Who stops or hurries a delivery leaves a trail of it. */
function operatorRoute(name: string, audit: string, summary: string, signal: Tell): Route {
  return route({
    ...common(name, summary),
    audit,
    async handle(request, deps) {
      const answer = await tellRun(deps, request, signal);
      return { ...answer, audited: { subject: request.params.id, after: request.body } };
    },
  });
}

function common(name: string, summary: string) {
  return {
    method: 'post',
    path: `/v1/notifications/{id}/${name}`,
    tag,
    summary,
    access: 'sender',
    params: idParams,
    body: note,
    bodyOptional: true,
    answers: { 202: { description: 'the run was told; `status` is what it was before', schema: statusView } },
  } as const;
}

/**
 * Signals a notification's run, or the digests that collect it; answers its status before.
 * @throws CarillonError `not_found`, `too_late`
 */
export async function tellRun(
  deps: ApiDependencies,
  { tenantId, params, body, actor }: Request,
  signal: Tell,
): Promise<Answer> {
  const row = await deps.models.notifications.findRequest(tenantId, params.id);
  if (row && isFinal(row.status) && !row.waiting) throw tooLate();
  if (row?.status === 'digesting' && !row.waiting) {
    await tellDigests(deps, row.recipientId, { tenantId, params, body, actor }, signal);
    return { status: 202, body: { id: params.id, status: row.status } };
  }
  if (!row) await readNotification(deps, tenantId, params.id);
  const handle = deps.client.workflow.getHandle(notificationWorkflowId(tenantId, params.id));
  await tell(deps.client, () => handle.signal(signal, { by: actor, ...body }));
  return { status: 202, body: { id: params.id, status: row?.status ?? 'accepted' } };
}

/** Of one whose own run has ended: it leaves the digests that collect it, or these are sent now. */
async function tellDigests(
  deps: ApiDependencies,
  recipientId: string,
  request: Request,
  signal: Tell,
): Promise<void> {
  const { tenantId, params, actor: by, body } = request;
  if (signal.name !== expediteSignal.name) {
    const as = signal.name === cancelSignal.name ? 'cancelled' : 'acknowledged';
    return leaveDigest(deps, tenantId, params.id, { as, by, reason: body?.reason });
  }
  const keys = await untilCollected(deps, tenantId, params.id);
  if (keys.length === 0) throw tooLate();
  for (const digestKey of keys) {
    await tellDigest(deps, { tenantId, recipientId, digestKey }, signal, { by, ...body });
  }
}

const acknowledge = route({
  ...common('acknowledge', 'The person has seen it: what has not gone out is not needed'),
  handle: (request, deps) => tellRun(deps, request, acknowledgedSignal),
});

/** A type that was removed meanwhile says nothing of its data any more. */
async function checkAmendedData(
  deps: ApiDependencies,
  tenantId: string,
  name: string,
  data: Record<string, unknown>,
): Promise<void> {
  const type = await deps.types.find(tenantId, name);
  if (type) checkData(type, data);
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
    if (row && (isFinal(row.status) || (row.status === 'digesting' && !row.waiting))) throw tooLate();
    const { type } = row ?? (await readNotification(deps, tenantId, params.id));
    checkTimes(body, Date.now(), row);
    if (body.data) await checkAmendedData(deps, tenantId, type, body.data);
    const handle = deps.client.workflow.getHandle(notificationWorkflowId(tenantId, params.id));
    await tell(deps.client, () => handle.executeUpdate(amendUpdate, { args: [body] }));
    return { status: 200, body: await readNotification(deps, tenantId, params.id) };
  },
});

export const notificationActions = [
  operatorRoute('cancel', 'notification.cancelled', 'Stop what has not gone out', cancelSignal),
  operatorRoute(
    'expedite',
    'notification.expedited',
    'Send now: passes sendAt, quiet hours and the wait before a retry',
    expediteSignal,
  ),
  acknowledge,
  amend,
];
