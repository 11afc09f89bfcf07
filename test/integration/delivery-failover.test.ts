import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { smtpChannel } from '../../channels/email/smtp.js';
import { smtpCredentials } from '../../channels/email/smtp-credentials.js';
import { channelRegistry, type ChannelRegistry } from '../../channels/registry.js';
import { createActivities } from '../../activities/create-activities.js';
import { trigger } from '../../contracts/trigger.js';
import type { DeliverRequest, PlanOutcome } from '../../contracts/notification-run.js';
import { createLogger } from '../../runtime/logger.js';
import { openNetwork } from '../../runtime/outbound.js';
import { compileBuiltInLayout } from '../../templates/compile-mjml.js';
import { activityDependencies } from '../../worker/dependencies.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import { startEngine, type Engine } from '../support/engine.js';
import { startSmtpServer } from '../support/smtp-server.js';

/* Two real SMTP servers as two providers of the same channel: `smtp` is tried first, `spare` after it. */

const tenantId = 'acme';
let engine: Engine;
let spare: Awaited<ReturnType<typeof startSmtpServer>>;
let channels: ChannelRegistry;
let activities: ReturnType<typeof createActivities>;
let count = 0;

beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    worker: false,
  });
  spare = await startSmtpServer();
  // As a worker does: else the first mail takes so long that its provider counts as slow.
  await compileBuiltInLayout();
  channels = channelRegistry([smtpChannel(), { ...smtpChannel(), provider: 'spare' }]);
  const credentials = (provider: string, url: string) => ({
    channel: 'email' as const,
    provider,
    credentials: smtpCredentials.parse({ url, from: 'news@carillon.example' }),
    network: openNetwork,
  });
  const both = [credentials('smtp', engine.smtp.url), credentials('spare', spare.url)];
  const deps = activityDependencies(engine.config, {
    models: engine.models,
    runs: workflowRuns(engine.client, engine.taskQueue),
    log: createLogger({ level: 'silent', name: 'test' }),
  });
  activities = createActivities({ ...deps, channels, credentials: { of: () => Promise.resolve(both) } });
});
afterAll(async () => {
  await channels.close();
  await spare.close();
  await engine.stop();
});
beforeEach(() => {
  engine.smtp.behave();
  spare.behave();
});

/** Plans a mail to somebody new and makes its first attempt; answers how it ended, and its row in the log. */
async function send() {
  const notificationId = `failover-${(count += 1)}`;
  const request = trigger.parse({
    type: 'direct',
    to: { recipient: { email: `${notificationId}@example.com` } },
    content: { email: { subject: 'News', text: 'Something happened' } },
    channels: ['email'],
  });
  const environment = new MockActivityEnvironment();
  const planned: PlanOutcome = await environment.run(() =>
    activities.plan({
      input: {
        tenantId,
        notificationId,
        recipientId: notificationId,
        trigger: request,
        requestHash: 'h',
        acceptedAtMs: Date.now(),
      },
      sequence: 1,
      nowMs: Date.now(),
      expedite: false,
      cancelled: false,
    }),
  );
  const [delivery] = planned.deliveries;
  if (!delivery) throw new Error(`nothing is to be sent: ${JSON.stringify(planned)}`);
  const deliver: DeliverRequest = {
    tenantId,
    notificationId,
    delivery,
    attempt: 'first',
    nowMs: Date.now(),
    expedite: false,
  };
  const outcome = await environment.run(() => activities.deliver(deliver));
  const row = await engine.models.deliveries.find(tenantId, delivery.deliveryId);
  return { outcome, row };
}

it('sends through the next provider at once where the first one fails, and logs both', async () => {
  engine.smtp.behave({ at: 'sender', do: { reply: '451 4.3.0 out of order' } });
  const before = spare.accepted;
  const { outcome, row } = await send();
  expect(outcome).toEqual({ status: 'sent' });
  expect(spare.accepted - before).toBe(1);
  expect(row).toMatchObject({
    status: 'sent',
    provider: 'spare',
    retryCount: 0,
    attempts: [
      { provider: 'smtp', outcome: 'failed', failureReason: 'provider_error', failedOver: true },
      { provider: 'spare', outcome: 'sent' },
    ],
  });
});

it('leaves the second provider alone where the first one takes it', async () => {
  const before = spare.accepted;
  const { row } = await send();
  expect(row).toMatchObject({ status: 'sent', provider: 'smtp', attempts: [{ provider: 'smtp' }] });
  expect(spare.accepted).toBe(before);
});

it('leaves the second provider alone where the address is wrong: it would be wrong there, too', async () => {
  engine.smtp.behave({ at: 'recipient', do: { reply: '550 5.1.1 no such user' } });
  const before = spare.accepted;
  const { outcome } = await send();
  expect(outcome).toEqual({ status: 'failed', failureReason: 'invalid_recipient' });
  expect(spare.accepted).toBe(before);
});

it('counts one failure where all providers failed, and is tried again later', async () => {
  for (const server of [engine.smtp, spare]) {
    server.behave({ at: 'sender', do: { reply: '451 4.3.0 out of order' } });
  }
  const { outcome, row } = await send();
  expect(outcome).toMatchObject({ status: 'retry', failureReason: 'provider_error' });
  expect(row).toMatchObject({
    status: 'retrying',
    retryCount: 1,
    attempts: [{ provider: 'smtp', failedOver: true }, { provider: 'spare' }],
  });
});
