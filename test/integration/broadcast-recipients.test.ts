import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { notificationWorkflowId } from '../../contracts/ids.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';
import type { Broadcast } from '../support/broadcasts.js';
import { addPeople, broadcastTo, gate, ids, mailedTo, smallPages, sumOf } from '../support/broadcasts.js';
import { Run } from '../support/runs.js';
import { quietNow } from '../unit/api-checked.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallPages,
  });
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.smtp.behave();
});

/** The notification that one recipient of a broadcast got. */
async function runOf({ id }: Broadcast, recipientId: string): Promise<Run> {
  const rows = await engine.models.notificationBulk.ofBroadcast('acme', id, { limit: 1_000 });
  const row = rows.find((one) => one.recipientId === recipientId);
  if (!row) throw new Error(`${recipientId} was not told`);
  return new Run(engine, row.id, notificationWorkflowId('acme', row.id));
}

const recipientsOf = async ({ id }: Broadcast) =>
  (await engine.models.notificationBulk.ofBroadcast('acme', id, { limit: 1_000 }))
    .map((row) => row.recipientId)
    .sort();

const prefer = (id: string, change: object) =>
  engine.api('PATCH', `/v1/subscribers/${id}/preferences`, change);

describe('a recipient in quiet hours', () => {
  async function heldOne(id: string) {
    await addPeople(engine, [id]);
    await prefer(id, { quietHours: quietNow() });
    const broadcast = await broadcastTo(engine, { to: { recipients: [id] } });
    expect(await broadcast.over()).toMatchObject({ status: 'completed', counts: { held: 1 } });
    return { broadcast, run: await runOf(broadcast, id) };
  }

  it('has a run of their own that is found by its search attributes', async () => {
    const id = `quiet-${randomUUID()}`;
    const { run } = await heldOne(id);
    const found = await eventually(
      'the run in the list',
      async () => {
        const query = `CarillonTenant="acme" AND CarillonRecipient="${id}" AND CarillonStatus="held"`;
        const workflowIds: string[] = [];
        for await (const { workflowId } of engine.client.workflow.list({ query }))
          workflowIds.push(workflowId);
        return workflowIds;
      },
      (workflowIds) => workflowIds.length > 0,
    );
    expect(found).toEqual([run.workflowId]);
  });

  it('gets the mail when they end, and counts as sent then', async () => {
    const { broadcast, run } = await heldOne('quiet-ended');
    await run.untilEvent('TIMER_STARTED');
    await prefer('quiet-ended', { quietHours: null });
    await run.untilStatus('sent');
    expect((await broadcast.view()).counts).toMatchObject({ held: 0, sent: 1 });
    expect(mailedTo(engine, 'quiet-ended')).toHaveLength(1);
  });
});

describe('a recipient who gets nothing', () => {
  it('is suppressed, with the reason, who turned the type off', async () => {
    await addPeople(engine, ['off-1']);
    await prefer('off-1', { types: { system: { email: false, in_app: false } } });
    const broadcast = await broadcastTo(engine, { to: { recipients: ['off-1'] } });
    expect((await broadcast.over()).counts).toMatchObject({ suppressed: 1 });
    const { plan } = await (await runOf(broadcast, 'off-1')).view();
    expect(plan.channels).toMatchObject({
      email: { action: 'skip', reason: 'turned_off_by_person' },
      in_app: { action: 'skip', reason: 'turned_off_by_person' },
    });
  });

  it('is suppressed, as unknown, whose ID nobody has', async () => {
    const broadcast = await broadcastTo(engine, { to: { recipients: ['nobody-1'] } });
    expect((await broadcast.over()).counts).toMatchObject({ suppressed: 1 });
    const { plan } = await (await runOf(broadcast, 'nobody-1')).view();
    expect(plan.channels.email).toEqual({ action: 'skip', reason: 'recipient_unknown' });
  });
});

describe('a server that refuses some', () => {
  it('for good leaves them partial beside the inbox, and failed without one', async () => {
    await addPeople(engine, [...ids('good', 6), 'gone-1']);
    engine.smtp.behave({ at: 'recipient', to: /^gone-/, do: { reply: '550 5.1.1 <{to}> no such user' } });
    const broadcast = await broadcastTo(engine, {
      to: { recipients: [...ids('good', 6), 'gone-1', { email: 'gone-2@example.com' }] },
    });
    const { counts } = await broadcast.over();
    expect(counts).toMatchObject({ sent: 6, partial: 1, failed: 1 });
    expect(await (await runOf(broadcast, 'gone-1')).delivery()).toMatchObject({
      status: 'failed',
      failureReason: 'invalid_recipient',
      attempts: [{ outcome: 'failed' }],
    });
  });

  it('for now leaves them to runs that try again, and that are told to do so now', async () => {
    const busy = ids('busy', 3);
    await addPeople(engine, [...busy, ...ids('free', 8)]);
    engine.smtp.behave({ at: 'message', to: /^busy-/, do: { reply: '451 4.3.0 <{to}> busy' } });
    const broadcast = await broadcastTo(engine, { to: { recipients: [...busy, ...ids('free', 8)] } });
    expect((await broadcast.over()).counts).toMatchObject({ sent: 8, inFlight: 3 });

    const run = await runOf(broadcast, 'busy-002');
    expect(await run.delivery()).toMatchObject({ status: 'retrying', retryCount: 1 });
    await run.untilEvent('TIMER_STARTED');
    engine.smtp.behave();
    expect((await run.tell('expedite')).status).toBe(202);
    await run.untilStatus('sent');
    expect((await run.delivery()).attempts).toMatchObject([{ outcome: 'failed' }, { outcome: 'sent' }]);
    expect((await broadcast.view()).counts).toMatchObject({ sent: 9, inFlight: 2 });

    for (const id of ['busy-001', 'busy-003']) await (await runOf(broadcast, id)).tell('cancel');
    const { counts } = await broadcast.until('their end', (view) => view.counts.inFlight === 0);
    expect(counts).toMatchObject({ sent: 9, cancelled: 2 });
  });
});

describe('while a broadcast runs', () => {
  /** One to a role whose first mails wait until `open` is called. */
  async function toRole(role: string) {
    const people = ids(role, 25);
    await addPeople(engine, people, { roles: [role] });
    const { opened, open } = gate();
    const { met } = engine.smtp.behave({ at: 'message', do: { after: opened } });
    const broadcast = await broadcastTo(engine, { to: { role } });
    await met;
    return { broadcast, people, open };
  }

  it('nobody is in it who is added then', async () => {
    const { broadcast, people, open } = await toRole('joiners');
    await addPeople(engine, ['joiners-999'], { roles: ['joiners'] });
    open();
    expect(await broadcast.over()).toMatchObject({ total: 25, counts: { sent: 25 } });
    expect(await recipientsOf(broadcast)).toEqual(people);
  });

  it('nobody is counted in the end who is deleted before their turn', async () => {
    const { broadcast, people, open } = await toRole('leavers');
    await engine.api('DELETE', '/v1/subscribers/leavers-025');
    open();
    const { total, processed, counts } = await broadcast.over();
    expect({ total, processed, sum: sumOf(counts) }).toEqual({ total: 24, processed: 24, sum: 24 });
    expect(await recipientsOf(broadcast)).toEqual(people.slice(0, 24));
  });
});
