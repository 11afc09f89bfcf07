import type { ChannelName } from './channels.js';
import type { DigestPlace } from './digests.js';
import type { ProviderPlace } from './provider-run.js';
import type { ReminderPlace } from './reminders.js';
import type { SchedulePlace } from './schedules.js';
import type { WebhookPlace } from './webhook-run.js';

/** Workflow IDs. They cannot be encrypted, so an address stands in them only as a keyed hash. */
export function notificationWorkflowId(tenantId: string, notificationId: string): string {
  return `notification/${tenantId}/${notificationId}`;
}

/** A delivery's ID: one per notification and channel. */
export function deliveryId(notificationId: string, channel: ChannelName): string {
  return `${notificationId}-${channel}`;
}

/** A broadcast's workflow ID. */
export function broadcastWorkflowId(tenantId: string, broadcastId: string): string {
  return `broadcast/${tenantId}/${broadcastId}`;
}

/** The workflow that collects a person's notifications of one key. */
export function digestWorkflowId({ tenantId, recipientId, digestKey }: DigestPlace): string {
  return `digest/${tenantId}/${recipientId}/${digestKey}`;
}

/** The workflow that waits for a reminder's times. */
export function reminderWorkflowId({ tenantId, key }: ReminderPlace): string {
  return `reminder/${tenantId}/${key}`;
}

/** A schedule's ID in Temporal. */
export function temporalScheduleId({ tenantId, scheduleId }: SchedulePlace): string {
  return `schedule/${tenantId}/${scheduleId}`;
}

/** What the ID of each run of a schedule begins with; Temporal adds the time. */
export function scheduledWorkflowId({ tenantId, scheduleId }: SchedulePlace): string {
  return `scheduled/${tenantId}/${scheduleId}`;
}

/** A redrive's workflow ID. */
export function redriveWorkflowId(tenantId: string, redriveId: string): string {
  return `redrive/${tenantId}/${redriveId}`;
}

/** The workflow that watches over a provider of a tenant that is down. */
export function providerWorkflowId({ tenantId, channel, provider }: ProviderPlace): string {
  return `provider/${tenantId}/${channel}/${provider}`;
}

/** The workflow that tries an event again that its receiver did not take. */
export function webhookWorkflowId({ tenantId, eventId, endpointId }: WebhookPlace): string {
  return `webhook/${tenantId}/${eventId}/${endpointId}`;
}

/** The workflow that sends the events of a period again. */
export function webhookReplayWorkflowId(tenantId: string, replayId: string): string {
  return `webhook-replay/${tenantId}/${replayId}`;
}

/** The workflow that erases a person: named by a keyed hash, as their ID is to be gone in the end. */
export function erasureWorkflowId(tenantId: string, pseudonym: string): string {
  return `erasure/${tenantId}/${pseudonym}`;
}

/** The schedule of what is done every minute, of all tenants; and what the IDs of its runs begin with. */
export function housekeepingId(what: 'minute' | 'day'): string {
  return `housekeeping/${what}`;
}

/** The search attributes that every workflow carries; registered when a process starts. */
export const searchAttributeNames = [
  'CarillonTenant',
  'CarillonRecipient',
  'CarillonType',
  'CarillonStatus',
] as const;

/** The queue on which notifications run. */
export const notificationTaskQueue = 'carillon';

/** The queue, beside the workflows' own, of work on many recipients at once, so that it never stands before one person. */
export function bulkQueueOf(taskQueue: string): string {
  return `${taskQueue}-bulk`;
}
