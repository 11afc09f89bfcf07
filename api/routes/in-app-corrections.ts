import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { severities } from '../../contracts/notification-types.js';
import { blockOfText, lineOfText, linkUrl } from '../../contracts/primitives.js';
import { action, type Trigger } from '../../contracts/trigger.js';
import { notificationWorkflowId } from '../../contracts/ids.js';
import { cancelSignal } from '../../workflows/messages.js';
import { route } from '../route.js';
import { idParams, notificationFullView } from '../schemas.js';
import { tell } from '../../commands/temporal-calls.js';
import { readNotification } from './notification-reads.js';

const tag = 'notifications';
const TOMBSTONE_MS = 30 * 86_400_000;

const correction = z
  .strictObject({
    title: lineOfText(255).optional(),
    message: blockOfText(10_000).optional(),
    severity: z.enum(severities).optional(),
    actionUrl: linkUrl.nullable().optional(),
    imageUrl: linkUrl.nullable().optional(),
    actions: z.array(action).max(5).optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'changes nothing');

const correct = route({
  method: 'patch',
  path: '/v1/notifications/{id}/in-app',
  tag,
  summary: 'Correct an item that is in the inbox already (audited)',
  access: 'admin',
  audit: 'notification.in_app.corrected',
  params: idParams,
  body: correction,
  answers: { 200: { description: 'as corrected', schema: notificationFullView } },
  async handle({ tenantId, params, body }, deps) {
    const { models } = deps;
    const row = await models.notifications.find(tenantId, params.id);
    if (!row) await readNotification(deps, tenantId, params.id);
    if (!row?.box || row.box === 'deleted') {
      throw new CarillonError('conflict', 'it has no item in the inbox that could be corrected');
    }
    const vault = await models.dataKeys.vault(tenantId);
    const { title, message, ...inTrigger } = body;
    const { severity } = inTrigger;
    const before = JSON.parse(vault.open(row.trigger)) as Trigger;
    await models.notifications.correctItem(tenantId, params.id, {
      ...(title === undefined ? {} : { title }),
      ...(message === undefined ? {} : { message }),
      ...(severity === undefined ? {} : { severity }),
      trigger: vault.seal(JSON.stringify({ ...before, ...inTrigger })),
    });
    return {
      status: 200,
      body: await readNotification(deps, tenantId, params.id),
      audited: {
        subject: params.id,
        before: {
          title: row.title,
          message: row.message,
          severity: row.severity,
          actionUrl: before.actionUrl,
          imageUrl: before.imageUrl,
          actions: before.actions,
        },
        after: body,
      },
    };
  },
});

const retract = route({
  method: 'delete',
  path: '/v1/notifications/{id}',
  tag,
  summary: 'Retract: out of the inbox, and what has not gone out is stopped (audited, purged later)',
  access: 'admin',
  audit: 'notification.retracted',
  params: idParams,
  answers: { 204: { description: 'retracted' } },
  async handle({ tenantId, params, actor }, deps) {
    const { models } = deps;
    const row = await models.notifications.find(tenantId, params.id);
    if (!row) await readNotification(deps, tenantId, params.id);
    if (!row || row.waiting) {
      const handle = deps.client.workflow.getHandle(notificationWorkflowId(tenantId, params.id));
      await tell(deps.client, () => handle.signal(cancelSignal, { by: actor, reason: 'retracted' })).catch(
        (error: unknown) => {
          // It ended in the meantime: then there is nothing to stop.
          if (!(error instanceof CarillonError && error.code === 'too_late')) throw error;
        },
      );
    }
    const now = new Date();
    await models.notifications.retract(tenantId, params.id, now, new Date(now.getTime() + TOMBSTONE_MS));
    const before = { title: row?.title, status: row?.status ?? 'accepted' };
    return { status: 204, audited: { subject: params.id, before } };
  },
});

export const inAppCorrections = [correct, retract];
