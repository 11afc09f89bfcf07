import { Writable } from 'node:stream';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createActivities, createBulkActivities } from '../../activities/create-activities.js';
import type { ActivityDependencies } from '../../activities/dependencies.js';
import { FirstAttempts } from '../../activities/first-attempts.js';
import type { PageOutcome } from '../../contracts/broadcast-run.js';
import type { DeliverRequest, PlanOutcome } from '../../contracts/notification-run.js';
import { trigger } from '../../contracts/trigger.js';
import { createLogger } from '../../runtime/logger.js';
import { activityDependencies } from '../../worker/dependencies.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import { addPeople, addressOf, broadcastTo, ids, mailedTo, smallPages } from '../support/broadcasts.js';
import { startEngine, type Engine } from '../support/engine.js';

/* What a real SMTP server says of an address, and what comes of it. */

const tenantId = 'acme';
let engine: Engine;
let deps: ActivityDependencies;
let activities: ReturnType<typeof createActivities>;
let bulk: ReturnType<typeof createBulkActivities>;
let logged = '';
let count = 0;

beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallPages,
    worker: false,
  });
  const log = createLogger(
    { level: 'info', name: 'test' },
    new Writable({ write: (chunk, _encoding, done) => ((logged += String(chunk)), done()) }),
  );
  deps = activityDependencies(engine.config, {
    models: engine.models,
    runs: workflowRuns(engine.client, engine.taskQueue),
    log,
  });
  bulk = createBulkActivities(deps);
});
afterAll(async () => {
  await deps.channels.close();
  await engine.stop();
});
beforeEach(() => {
  engine.smtp.behave();
  // A send that was slow before, as on a busy machine, would keep first attempts away.
  const firstAttempts = new FirstAttempts({ perProvider: 1, total: 1 });
  activities = createActivities({ ...deps, firstAttempts });
});

const environment = () => new MockActivityEnvironment();

/** Plans a mail to an address. */
async function planned(
  email: string,
  recipient: string | { email: string } = { email },
): Promise<PlanOutcome & { id: string }> {
  const notificationId = `suppressed-${(count += 1)}`;
  const outcome: PlanOutcome = await environment().run(() =>
    activities.plan({
      input: {
        tenantId,
        notificationId,
        recipientId: typeof recipient === 'string' ? recipient : `address_${email}`,
        trigger: trigger.parse({
          type: 'direct',
          to: { recipient },
          content: { email: { subject: 'News', text: 'Something happened' } },
        }),
        requestHash: 'h',
        acceptedAtMs: Date.now(),
      },
      sequence: 1,
      nowMs: Date.now(),
      expedite: false,
      cancelled: false,
    }),
  );
  return { ...outcome, id: notificationId };
}

function deliver({ id, deliveries: [delivery] }: PlanOutcome & { id: string }) {
  if (!delivery) throw new Error('nothing is to be sent');
  const request: DeliverRequest = {
    tenantId,
    notificationId: id,
    delivery,
    attempt: 'first',
    nowMs: Date.now(),
    expedite: false,
  };
  return environment().run(() => activities.deliver(request));
}

const suppressed = async (address: string) =>
  (await engine.models.suppressions.list(tenantId, { address, limit: 10 })).items;
const skipped = { action: 'skip', reason: 'suppressed_address', detail: 'bounced' };

describe('an address that a provider refuses for good', () => {
  it('is not written to again, and the plan says why', async () => {
    engine.smtp.behave({ at: 'recipient', do: { reply: '550 5.1.1 <{to}> unknown' } });
    const first = await planned('gone@example.com');
    expect(await deliver(first)).toEqual({ status: 'failed', failureReason: 'invalid_recipient' });
    expect(await suppressed('gone@example.com')).toMatchObject([
      {
        channel: 'email',
        reason: 'bounced',
        category: null,
        deliveryId: `${first.id}-email`,
        detail: expect.stringContaining('550 5.1.1'),
      },
    ]);

    engine.smtp.behave();
    const before = engine.smtp.accepted;
    const second = await planned('Gone@Example.com');
    expect(second).toMatchObject({ status: 'suppressed', decisions: { email: skipped }, deliveries: [] });
    const [row] = await engine.models.deliveries.ofNotification(tenantId, second.id);
    expect(row).toMatchObject({ status: 'skipped', reason: 'suppressed_address' });
    expect(engine.smtp.accepted).toBe(before);
  });

  it('is the same address when a person has it', async () => {
    await engine.models.suppressions.add(tenantId, [
      { channel: 'email', reason: 'bounced', address: 'person@example.com' },
    ]);
    await engine.models.subscribers.upsert(tenantId, 'u-1', { email: 'person@example.com' });
    expect((await planned('', 'u-1')).decisions.email).toEqual(skipped);
    await engine.models.subscribers.upsert(tenantId, 'u-1', { email: 'new@example.com' });
    expect((await planned('', 'u-1')).decisions.email).toEqual({ action: 'send' });
  });

  it('stands in no log line', () => {
    expect(logged).toContain('address suppressed');
    expect(logged).not.toMatch(/gone@|example\.com/i);
  });

  it('is no reason to suppress when the server is only busy', async () => {
    engine.smtp.behave({ at: 'recipient', do: { reply: '451 4.3.0 try later' } });
    expect(await deliver(await planned('busy@example.com'))).toMatchObject({ status: 'retry' });
    expect(await suppressed('busy@example.com')).toEqual([]);
  });

  it('that is suppressed between two attempts is not tried again, and the timeline says why', async () => {
    engine.smtp.behave({ at: 'recipient', do: { reply: '451 4.3.0 try later' } });
    const first = await planned('late@example.com');
    expect(await deliver(first)).toMatchObject({ status: 'retry' });
    await engine.models.suppressions.add(tenantId, [
      { channel: 'email', reason: 'complained', address: 'late@example.com' },
    ]);
    const [delivery] = first.deliveries;
    if (!delivery) throw new Error('nothing is to be sent');
    const again = await environment().run(() =>
      activities.deliver({
        tenantId,
        notificationId: first.id,
        delivery,
        attempt: 'regular',
        nowMs: Date.now(),
        expedite: false,
      }),
    );
    expect(again).toEqual({ status: 'skipped' });
    const row = await engine.models.notifications.find(tenantId, first.id);
    expect(row).toMatchObject({ status: 'suppressed' });
    expect(row?.timeline.at(-1)?.detail).toBe('email: suppressed_address (complained)');
  });
});

describe('a broadcast', () => {
  it('stores what bounces, and leaves out and counts those who did', async () => {
    const people = ids('bulk', 10);
    await addPeople(engine, people);
    const page = async () => {
      const broadcast = await broadcastTo(engine, { to: { recipients: people }, channels: ['email'] });
      const outcome: PageOutcome = await environment().run(() =>
        bulk.sendPage({
          tenantId,
          broadcastId: broadcast.id,
          startedAtMs: Date.now(),
          limit: 20,
          processed: 0,
          lanes: 1,
        }),
      );
      return { outcome, counts: (await broadcast.view()).counts };
    };
    engine.smtp.behave({ at: 'recipient', to: /-00[1-3]@/, do: { reply: '550 5.1.1 unknown' } });
    expect((await page()).outcome.tally).toEqual({ sent: 7, failed: 3 });
    for (const id of people.slice(0, 3)) {
      expect(await suppressed(addressOf(id))).toMatchObject([{ reason: 'bounced' }]);
    }

    engine.smtp.behave();
    await engine.models.suppressions.add(tenantId, [
      { channel: 'email', reason: 'unsubscribed', category: 'system', address: addressOf('bulk-004') },
      { channel: 'email', reason: 'unsubscribed', category: 'contracts', address: addressOf('bulk-005') },
    ]);
    const { outcome, counts } = await page();
    expect(outcome.tally).toEqual({ sent: 6, suppressed: 4 });
    expect(counts).toMatchObject({ sent: 6, suppressed: 4 });
    expect(mailedTo(engine, 'bulk-004')).toHaveLength(1);
    expect(mailedTo(engine, 'bulk-005')).toHaveLength(2);
  });
});
