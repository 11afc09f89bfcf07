import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { webhookWorkflowId } from '../../contracts/ids.js';
import type { WebhookAttemptRow } from '../../models/webhook-attempts.js';
import { webhookStart } from '../../runtime/webhook-start.js';
import { webhookWaitsMs } from '../../workflows/retry-policies.js';
import { eventually } from '../support/engine.js';
import { startFakeHttp, type FakeHttp } from '../support/fake-http.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';
import { storedEvents } from '../support/webhook-stories.js';

let engine: TimeSkippingEngine;
let receiver: FakeHttp;
let status: number;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({
    mongodbUri: inject('mongodbUri'),
    env: { CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true' },
  });
});
afterAll(() => engine.stop());
beforeEach(async () => {
  status = 503;
  receiver = await startFakeHttp(() => ({ status }));
});
afterEach(() => receiver.close());

/** A run behind a first attempt that failed. */
async function start(waitMs = webhookWaitsMs[0] ?? 0) {
  const { endpoint, events } = await storedEvents(engine, 'acme', { count: 1, url: receiver.url });
  const place = { tenantId: 'acme', endpointId: endpoint.id, eventId: events[0]?.id ?? '' };
  await engine.client.workflow.start(
    'webhookDelivery',
    webhookStart({ ...place, attempts: 1, waitMs }, engine.taskQueue),
  );
  const handle = engine.client.workflow.getHandle(webhookWorkflowId(place));
  const attempts = async () =>
    (
      await engine.models.webhookAttempts.list(
        'acme',
        endpoint.id,
        { limit: 50 },
        (row: WebhookAttemptRow) => row,
      )
    ).items.reverse();
  const untilAttempts = (count: number) =>
    eventually(`${count} attempts`, attempts, ({ length }) => length === count);
  return { endpoint, handle, attempts, untilAttempts };
}

it('tries for not quite three days, by its schedule, and gives up', async () => {
  const { handle, untilAttempts } = await start();
  for (const [made, waitMs] of webhookWaitsMs.entries()) {
    // A tenth of jitter; a wait has begun when the attempt before is recorded, or a moment later.
    await engine.skip(waitMs * 1.1 + 1000);
    const attempts = await untilAttempts(made + 1);
    const last = attempts.at(-1);
    const nextMs = last?.nextAttemptAt && last.nextAttemptAt.getTime() - last.at.getTime() - last.durationMs;
    const next = webhookWaitsMs[made + 1];
    if (next === undefined) expect(nextMs).toBeUndefined();
    else {
      expect(nextMs).toBeGreaterThanOrEqual(next * 0.9);
      expect(nextMs).toBeLessThanOrEqual(next * 1.1);
    }
    await eventually(
      'the next wait to begin',
      () => handle.describe(),
      ({ raw, status: run }) =>
        run.name !== 'RUNNING' || ((raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask),
    );
  }
  expect(await handle.result()).toEqual({ status: 'failed', attempts: 12 });
  expect(receiver.requests).toHaveLength(11);
});

it('waits as long as the receiver asks for', async () => {
  receiver.behave({ status: 429, headers: { 'retry-after': '7200' } });
  const { handle, untilAttempts } = await start(10);
  await untilAttempts(1);
  await engine.skip(3_600_000);
  expect(receiver.requests).toHaveLength(1);
  status = 204;
  await engine.skip(3_700_000);
  await untilAttempts(2);
  expect(await handle.result()).toEqual({ status: 'delivered', attempts: 3 });
});

it('is over at once when the endpoint is removed, disabled, or gone by its own word', async () => {
  const removed = await start();
  await engine.models.webhookEndpoints.remove('acme', removed.endpoint.id);
  const disabled = await start();
  await engine.models.webhookEndpoints.change('acme', disabled.endpoint.id, { enabled: false });
  await engine.skip(10_000);
  expect(await removed.handle.result()).toMatchObject({ status: 'dropped' });
  expect(await disabled.handle.result()).toMatchObject({ status: 'dropped' });
  expect(receiver.requests).toEqual([]);
  status = 410;
  const gone = await start(10);
  expect(await gone.handle.result()).toMatchObject({ status: 'failed', attempts: 2 });
  expect(await engine.models.webhookEndpoints.find('acme', gone.endpoint.id)).toMatchObject({
    enabled: false,
    disabledReason: 'gone',
  });
});

it('hears "now" and "no more"', async () => {
  status = 204;
  const { handle } = await start(3_600_000);
  await handle.signal('expedite');
  expect(await handle.result()).toEqual({ status: 'delivered', attempts: 2 });
  const other = await start(3_600_000);
  await other.handle.signal('cancel');
  expect(await other.handle.result()).toEqual({ status: 'cancelled', attempts: 1 });
});
