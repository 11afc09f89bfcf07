import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startEngine, type Engine, type RunningWorker } from '../support/engine.js';
import type { Broadcast } from '../support/broadcasts.js';
import { addPeople, broadcastTo, gate, ids, mailedTo, smallPages, startRun } from '../support/broadcasts.js';

let engine: Engine;
/** Encrypts nothing: an operator at the command line. */
let byHand: Client;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallPages,
    worker: false,
  });
  byHand = new Client({ connection: await Connection.connect({ address: inject('temporalAddress') }) });
});
afterAll(async () => {
  await byHand.connection.close();
  await engine.stop();
});

let worker: RunningWorker | undefined;
beforeEach(() => {
  worker = undefined;
  engine.smtp.behave();
});
afterEach(() => worker?.stop());

async function startWorker(): Promise<void> {
  worker = await engine.startWorker();
}

async function toPeople(prefix: string, count = 12): Promise<Broadcast> {
  await addPeople(engine, ids(prefix, count));
  return broadcastTo(engine, { to: { recipients: ids(prefix, count) } });
}

const typed = (broadcast: Broadcast, signal: string, ...args: unknown[]) =>
  byHand.workflow.getHandle(broadcast.handle.workflowId).signal(signal, ...args);

describe('before its first task', () => {
  it('is paused, tells nobody, and tells everybody when it is resumed', async () => {
    const broadcast = await toPeople('first-paused');
    await broadcast.tell('pause');
    await startWorker();
    await broadcast.untilStatus('paused');
    await broadcast.untilIdle();
    expect(await broadcast.view()).toMatchObject({ total: null, processed: 0, startedAt: null });
    expect(mailedTo(engine, 'first-paused')).toEqual([]);
    await broadcast.tell('resume');
    expect(await broadcast.over()).toMatchObject({ status: 'completed', counts: { sent: 12 } });
  });

  it('is not paused when it was resumed again', async () => {
    const broadcast = await toPeople('first-resumed');
    await broadcast.tell('pause');
    await broadcast.tell('resume');
    await startWorker();
    expect(await broadcast.over()).toMatchObject({ status: 'completed', counts: { sent: 12 } });
  });

  it('is cancelled, and tells nobody', async () => {
    const broadcast = await toPeople('first-cancelled');
    await broadcast.tell('cancel');
    await startWorker();
    expect(await broadcast.handle.result()).toEqual({ status: 'cancelled', processed: 0 });
    expect(await broadcast.view()).toMatchObject({ status: 'cancelled', total: null });
    expect(mailedTo(engine, 'first-cancelled')).toEqual([]);
  });

  it('is cancelled by a cancellation asked for in the Web UI', async () => {
    const broadcast = await toPeople('first-web');
    await broadcast.handle.cancel();
    await startWorker();
    expect(await broadcast.handle.result()).toEqual({ status: 'cancelled', processed: 0 });
    expect((await broadcast.view()).status).toBe('cancelled');
  });

  it('is cancelled while it is paused', async () => {
    const broadcast = await toPeople('first-both');
    await broadcast.tell('pause');
    await startWorker();
    await broadcast.untilStatus('paused');
    await broadcast.tell('cancel');
    expect(await broadcast.handle.result()).toEqual({ status: 'cancelled', processed: 0 });
  });
});

describe('while it waits for its time', () => {
  const scheduled = async (id: string, inSeconds: number) => {
    await addPeople(engine, [id]);
    await startWorker();
    const sendAt = new Date(Date.now() + inSeconds * 1_000).toISOString();
    return broadcastTo(engine, { to: { recipients: [id] }, sendAt });
  };

  it('shows that it is paused, and that it is scheduled again', async () => {
    const broadcast = await scheduled('wait-shown', 3_600);
    await broadcast.tell('pause');
    await broadcast.untilStatus('paused');
    await broadcast.tell('resume');
    await broadcast.untilStatus('scheduled');
    await broadcast.tell('cancel');
    await broadcast.untilStatus('cancelled');
  });

  it('does not begin, paused, when its time comes, and begins at once when it is resumed', async () => {
    const broadcast = await scheduled('wait-past', 2);
    const { sendAt } = await broadcast.view();
    await broadcast.tell('pause');
    await broadcast.until('its time', () => Date.now() > Date.parse(sendAt as string) + 500);
    expect(await broadcast.view()).toMatchObject({ status: 'paused', startedAt: null });
    await broadcast.tell('resume');
    expect((await broadcast.over()).counts.sent).toBe(1);
  });
});

describe('during a page', () => {
  /** One of 25 whose first mails wait until `open` is called. */
  async function underWay(prefix: string) {
    const { opened, open } = gate();
    const { met } = engine.smtp.behave({ at: 'message', do: { after: opened } });
    await startWorker();
    const broadcast = await toPeople(prefix, 25);
    await met;
    return { broadcast, open };
  }

  it('hears within seconds that it is to stop, and stops in the middle', async () => {
    engine.smtp.behave({ at: 'message', do: { delayMs: 200 } });
    worker = await engine.startWorker({ CARILLON_BULK_SENDS: '1' });
    const people = ids('middle', 100);
    await addPeople(engine, people);
    // A page of all of them, which takes twenty seconds.
    const broadcast = await broadcastTo(engine, {});
    await engine.models.broadcastRecipients.add(
      'acme',
      broadcast.id,
      people.map((recipientId) => ({ recipientId })),
    );
    await startRun(engine, broadcast, { pageSize: 100 });
    await engine.smtp.waitForMails(engine.smtp.accepted + 1);
    await broadcast.tell('pause');
    const { processed } = await broadcast.untilStatus('paused', 8_000);
    expect(processed).toBeLessThan(60);
    await broadcast.tell('cancel');
    await broadcast.handle.result();
  });

  it.each([
    ['a signal without an argument', (broadcast: Broadcast) => typed(broadcast, 'cancel')],
    ['a signal with a text', (broadcast: Broadcast) => typed(broadcast, 'cancel', 'please')],
    ['a signal with null', (broadcast: Broadcast) => typed(broadcast, 'cancel', null)],
    ['a cancellation asked for in the Web UI', (broadcast: Broadcast) => broadcast.handle.cancel()],
  ])('is cancelled by %s, and records what it has done', async (what, tell) => {
    const prefix = `page-${what.replaceAll(' ', '-')}`;
    const { broadcast, open } = await underWay(prefix);
    await tell(broadcast);
    open();
    const { status, processed } = await broadcast.handle.result();
    expect(status).toBe('cancelled');
    expect(processed).toBeLessThan(25);
    expect(await broadcast.view()).toMatchObject({ processed, counts: { sent: processed, inFlight: 0 } });
    expect(mailedTo(engine, prefix)).toHaveLength(processed);
  });

  it('is paused and resumed by signals without an argument', async () => {
    const { broadcast, open } = await underWay('by-hand');
    await typed(broadcast, 'pause');
    open();
    await broadcast.untilStatus('paused');
    await typed(broadcast, 'resume');
    expect(await broadcast.over()).toMatchObject({ status: 'completed', counts: { sent: 25 } });
    expect(mailedTo(engine, 'by-hand')).toHaveLength(25);
  });

  it('goes on after a signal that it does not know', async () => {
    const { broadcast, open } = await underWay('unknown-signal');
    await typed(broadcast, 'hurry-up', { by: 'ops' });
    open();
    expect((await broadcast.over()).status).toBe('completed');
  });

  it('says how far it is to whoever asks by a query', async () => {
    const { broadcast, open } = await underWay('asked');
    expect(await broadcast.handle.query('progress')).toMatchObject({ total: 25, processed: 0 });
    open();
    await broadcast.over();
    expect(await broadcast.handle.query('progress')).toMatchObject({ processed: 25, tally: { sent: 25 } });
  });
});
