import { OutboundConsumer } from '../events/outbound/consumer.js';
import { WebhookSink } from '../events/outbound/webhook-sink.js';
import type { EventWork, EventWorkOptions } from './event-work.js';

/** Reads what changes and tells the tenants' webhook endpoints, as long as no other process does. */
export function startOutbound({ config, dependencies }: EventWorkOptions): Promise<EventWork> {
  const { models, network, log, runs, webhooks } = dependencies;
  const sink = new WebhookSink({
    models,
    network,
    log,
    keepDays: webhooks.keepDays,
    atOnce: config.CARILLON_WEBHOOK_ATTEMPTS,
    retry: (input) => runs.retryWebhook(input),
  });
  const consumer = new OutboundConsumer({ models, log }, sink);
  consumer.start();
  return Promise.resolve({ stop: () => consumer.stop() });
}
