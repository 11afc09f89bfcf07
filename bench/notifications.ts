import { accept } from '../commands/trigger/accept.js';
import type { ApiDependencies } from '../api/dependencies.js';
import { notificationTaskQueue } from '../contracts/ids.js';
import type { NotificationInput } from '../contracts/notification-run.js';
import { trigger, type Trigger } from '../contracts/trigger.js';
import { notificationStart } from '../runtime/notification-start.js';
import type { notification } from '../workflows/notification.js';
import type { ChannelName } from '../contracts/channels.js';
import type { Models } from '../models/models.js';
import { bareTaskQueue } from './bare-queue.js';
import type { bare } from './bare-workflow.js';
import type { Client } from '@temporalio/client';
import { createHash, randomUUID } from 'node:crypto';

/** A tenant with people who have an inbox and an address at `domain`; their IDs. */
export async function createTenant(
  models: Models,
  tenantId: string,
  options: { people: number; domain: string },
): Promise<string[]> {
  await models.tenants.create({ id: tenantId, name: tenantId, timezone: 'UTC', locale: 'en' });
  const ids = Array.from({ length: options.people }, (_, index) => `person-${index + 1}`);
  for (let from = 0; from < ids.length; from += 50) {
    await Promise.all(
      ids
        .slice(from, from + 50)
        .map((id) => models.subscribers.create(tenantId, id, { email: `${id}@${options.domain}` })),
    );
  }
  return ids;
}

/** An application's request, of a usual size. */
export function requestFor(
  recipient: string,
  options: { channels?: ChannelName[]; sendAt?: string } = {},
): Record<string, unknown> {
  return {
    type: 'approval_request',
    to: { recipient },
    data: {
      contract: { id: 'c-2041', title: 'Framework agreement with Acme Industries' },
      requester: { id: 'u-7', name: 'Ann Smith' },
      dueAt: '2030-01-15T16:00:00Z',
    },
    actor: 'u-7',
    related: { type: 'contract', id: 'c-2041' },
    actionUrl: 'https://app.example.com/contracts/c-2041',
    ...options,
  };
}

/** Starts a notification from this process, by the function that the API's route calls. */
export async function startNotification(
  deps: ApiDependencies,
  tenantId: string,
  request: Record<string, unknown>,
): Promise<string> {
  const parsed: Trigger = trigger.parse(request);
  return (await accept(deps, tenantId, parsed, { waitForDecision: false })).workflowId;
}

/** Starts a notification's workflow with the plain client, and does nothing else that accepting one takes. */
export async function startUnchecked(client: Client, tenantId: string, recipientId: string): Promise<string> {
  const parsed = trigger.parse(requestFor(recipientId));
  const notificationId = `ntf_${randomUUID()}`;
  const input: NotificationInput = {
    tenantId,
    notificationId,
    recipientId,
    trigger: { ...parsed, idempotencyKey: notificationId },
    requestHash: createHash('sha256').update(notificationId).digest('base64url'),
    acceptedAtMs: Date.now(),
  };
  const options = notificationStart(input, notificationTaskQueue);
  await client.workflow.start<typeof notification>('notification', options);
  return options.workflowId;
}

/** Starts the bare workflow. */
export async function startBare(client: Client): Promise<string> {
  const workflowId = `bare/${randomUUID()}`;
  await client.workflow.start<typeof bare>('bare', {
    workflowId,
    taskQueue: bareTaskQueue,
    args: [{ id: workflowId }],
  });
  return workflowId;
}
