import type { WorkflowHandle } from '@temporalio/client';
import { webhookReplayWorkflowId, webhookWorkflowId } from '../../contracts/ids.js';
import type { WebhookReplayInput } from '../../contracts/webhook-run.js';
import { webhookStart } from '../../runtime/webhook-start.js';
import type { webhookReplay } from '../../workflows/webhook-replay.js';
import type { Engine } from './engine.js';
import { startFakeHttp, type FakeAnswer } from './fake-http.js';

interface Told {
  handle: Pick<WorkflowHandle, 'result' | 'fetchHistory'>;
}
type Story = (engine: Engine) => Promise<Told>;

let made = 0;

/** Stores so many events of one notification, and an endpoint whose receiver answers so. */
export async function storedEvents(
  { models }: Pick<Engine, 'models'>,
  tenantId: string,
  { count, url, at = new Date() }: { count: number; url: string; at?: Date },
) {
  made += 1;
  const endpoint = await models.webhookEndpoints.create(tenantId, {
    url,
    description: null,
    events: ['*'],
    enabled: true,
    headers: {},
  });
  const events = Array.from({ length: count }, (_, index) => {
    const id = `evt_${made}_${index}`;
    return {
      _id: `${tenantId}/${id}`,
      tenantId,
      id,
      type: 'notification.sent' as const,
      at: new Date(at.getTime() + index),
      sequence: index,
      subject: `ntf_${made}`,
      data: JSON.stringify({ id: `ntf_${made}` }),
      pending: [],
      purgeAt: new Date(Date.now() + 86_400_000),
    };
  });
  await models.outboundEvents.insert(events);
  return { endpoint, events };
}

/** One event whose first attempt has failed, on its way to a receiver that answers so and then takes it. */
async function delivery(engine: Engine, answers: FakeAnswer[], waitMs: number, tell?: 'cancel' | 'expedite') {
  const receiver = await startFakeHttp(() => ({ status: 204 }));
  receiver.behave(...answers);
  const { endpoint, events } = await storedEvents(engine, 'acme', { count: 1, url: receiver.url });
  const place = { tenantId: 'acme', endpointId: endpoint.id, eventId: events[0]?.id ?? '' };
  const handle = await engine.client.workflow.start(
    'webhookDelivery',
    webhookStart({ ...place, attempts: 1, waitMs }, engine.taskQueue),
  );
  if (tell) await handle.signal(tell);
  await handle.result();
  await receiver.close();
  return { handle: engine.client.workflow.getHandle(webhookWorkflowId(place)) };
}

/** A replay of these events to a receiver that takes them; answers its first run. */
async function replay(engine: Engine, count: number, changes: Partial<WebhookReplayInput>, tell?: 'cancel') {
  const receiver = await startFakeHttp(() => ({ status: 204 }));
  // Another day for each story, so that none replays another's.
  const from = new Date(Date.UTC(2020, 0, 1) + made * 86_400_000);
  const { endpoint } = await storedEvents(engine, 'acme', { count, url: receiver.url, at: from });
  const replayId = `whr_${endpoint.id}`;
  await engine.models.webhookReplays.insert({
    tenantId: 'acme',
    id: replayId,
    endpointId: endpoint.id,
    from,
    to: new Date(from.getTime() + 86_400_000),
    types: ['notification.sent'],
    status: 'running',
    counts: { total: count, delivered: 0, failed: 0 },
    createdBy: 'story',
    createdAt: new Date(),
    purgeAt: new Date(Date.now() + 86_400_000),
  });
  if (tell) receiver.behave(...Array<FakeAnswer>(8).fill({ status: 500 }));
  const handle = await engine.client.workflow.start<typeof webhookReplay>('webhookReplay', {
    workflowId: webhookReplayWorkflowId('acme', replayId),
    taskQueue: engine.taskQueue,
    args: [{ tenantId: 'acme', replayId, ...changes }],
  });
  if (tell) await handle.signal(tell);
  await handle.result();
  await receiver.close();
  return { handle: engine.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId) };
}

/** One of each way to hand an event to an endpoint that did not take it at first, and to send a period again. */
export const webhookStories: Readonly<Record<string, Story>> = {
  'webhook-expedited': (engine) => delivery(engine, [], 60_000, 'expedite'),
  'webhook-retried-then-delivered': (engine) => delivery(engine, [{ status: 500 }], 10),
  'webhook-cancelled': (engine) => delivery(engine, [], 60_000, 'cancel'),
  'webhook-endpoint-gone': (engine) => delivery(engine, [{ status: 410 }], 10),
  'webhook-replay-completed': (engine) => replay(engine, 20, {}),
  'webhook-replay-cancelled': (engine) => replay(engine, 20, {}, 'cancel'),
  'webhook-replay-continued-as-new': (engine) => replay(engine, 420, { pagesPerRun: 1 }),
};
