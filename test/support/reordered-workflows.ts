import { sleep } from '@temporalio/workflow';
import type { BroadcastInput, BroadcastResult } from '../../contracts/broadcast-run.js';
import type { DigestInput, DigestResult } from '../../contracts/digests.js';
import type { ErasureInput, ErasureResult } from '../../contracts/erasures.js';
import type { HousekeepingInput, HousekeepingResult } from '../../contracts/housekeeping.js';
import type { RedeliveryInput, RedeliveryResult } from '../../contracts/redelivery.js';
import type { RedriveInput, RedriveResult } from '../../contracts/redrive-run.js';
import type { ReminderInput, ReminderResult } from '../../contracts/reminders.js';
import type { NotificationInput, NotificationResult } from '../../contracts/notification-run.js';
import { broadcast as realBroadcast } from '../../workflows/broadcast.js';
import { digest as realDigest } from '../../workflows/digest.js';
import type { ProviderInput, ProviderResult } from '../../contracts/provider-run.js';
import { notification as realNotification } from '../../workflows/notification.js';
import { erasure as realErasure } from '../../workflows/erasure.js';
import { housekeeping as realHousekeeping } from '../../workflows/housekeeping.js';
import { redelivery as realRedelivery } from '../../workflows/redelivery.js';
import { redrive as realRedrive } from '../../workflows/redrive.js';
import { reminder as realReminder } from '../../workflows/reminder.js';
import type { ScheduledInput, ScheduledResult } from '../../contracts/schedules.js';
import { scheduled as realScheduled } from '../../workflows/scheduled.js';
import { provider as realProvider } from '../../workflows/provider.js';
import type {
  WebhookDeliveryInput,
  WebhookDeliveryResult,
  WebhookReplayInput,
  WebhookReplayResult,
} from '../../contracts/webhook-run.js';
import { webhookDelivery as realWebhookDelivery } from '../../workflows/webhook-delivery.js';
import { webhookReplay as realWebhookReplay } from '../../workflows/webhook-replay.js';

// The workflows with one command more, ahead of their own: what a replay must not let pass.

export async function notification(input: NotificationInput): Promise<NotificationResult> {
  await sleep(1);
  return realNotification(input);
}

export async function broadcast(input: BroadcastInput): Promise<BroadcastResult> {
  await sleep(1);
  return realBroadcast(input);
}

export async function redelivery(input: RedeliveryInput): Promise<RedeliveryResult> {
  await sleep(1);
  return realRedelivery(input);
}

export async function redrive(input: RedriveInput): Promise<RedriveResult> {
  await sleep(1);
  return realRedrive(input);
}

export async function reminder(input: ReminderInput): Promise<ReminderResult> {
  await sleep(1);
  return realReminder(input);
}

export async function scheduled(input: ScheduledInput): Promise<ScheduledResult> {
  await sleep(1);
  return realScheduled(input);
}

export async function provider(input: ProviderInput): Promise<ProviderResult> {
  await sleep(1);
  return realProvider(input);
}

export async function webhookDelivery(input: WebhookDeliveryInput): Promise<WebhookDeliveryResult> {
  await sleep(1);
  // Its own first command is a timer, too.
  await sleep(1);
  return realWebhookDelivery(input);
}

export async function webhookReplay(input: WebhookReplayInput): Promise<WebhookReplayResult> {
  await sleep(1);
  return realWebhookReplay(input);
}

export async function housekeeping(input?: HousekeepingInput): Promise<HousekeepingResult> {
  await sleep(1);
  return realHousekeeping(input);
}

export async function digest(input: DigestInput): Promise<DigestResult> {
  await sleep(1);
  // Its own first command is a timer, too.
  await sleep(1);
  return realDigest(input);
}

export async function erasure(input: ErasureInput): Promise<ErasureResult> {
  await sleep(1);
  return realErasure(input);
}
