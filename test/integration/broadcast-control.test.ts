import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.js';
import {
  addPeople,
  addressOf,
  Broadcast,
  broadcastTo,
  create,
  gate,
  ids,
  mailedTo,
  smallPages,
  sumOf,
} from '../support/broadcasts.js';
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

/** A broadcast to 25 people whose first mails are on their way, until `open` is called. */
async function underWay(prefix: string) {
  const people = ids(prefix, 25);
  await addPeople(engine, people);
  const { opened, open } = gate();
  const { met } = engine.smtp.behave({ at: 'message', do: { after: opened } });
  const broadcast = await broadcastTo(engine, { to: { recipients: people } });
  await met;
  return { broadcast, people, open };
}

describe('a broadcast that is paused', () => {
  it('tells nobody more until it is resumed, and then the rest, everybody once', async () => {
    const { broadcast, people, open } = await underWay('paused');
    expect((await broadcast.tell('pause', { reason: 'wrong link' })).status).toBe(202);
    open();
    await broadcast.untilStatus('paused');
    await broadcast.untilIdle();
    const { processed, counts } = await broadcast.view();
    expect(processed).toBeLessThan(25);
    expect(counts.sent).toBe(processed);
    expect(mailedTo(engine, 'paused')).toHaveLength(processed);

    expect((await broadcast.tell('resume')).status).toBe(202);
    expect(await broadcast.over()).toMatchObject({ status: 'completed', total: 25, counts: { sent: 25 } });
    expect(mailedTo(engine, 'paused')).toEqual(people.map(addressOf));
  });

  it('can be cancelled', async () => {
    const { broadcast, open } = await underWay('paused-for-good');
    await broadcast.tell('pause');
    open();
    await broadcast.untilStatus('paused');
    await broadcast.tell('cancel');
    const { processed, counts } = await broadcast.untilStatus('cancelled');
    expect(counts.sent).toBe(processed);
  });
});

describe('a broadcast that is cancelled', () => {
  it('tells nobody more, and counts those whom it has told', async () => {
    const { broadcast, open } = await underWay('cancelled');
    expect((await broadcast.tell('cancel', { reason: 'a mistake' })).status).toBe(202);
    open();
    const { processed, total, counts } = await broadcast.untilStatus('cancelled');
    expect(total).toBe(25);
    expect(processed).toBeLessThan(25);
    expect(counts.sent).toBe(processed);
    expect(sumOf(counts)).toBe(processed);
    expect(mailedTo(engine, 'cancelled')).toHaveLength(processed);
  });

  it('cancels those who wait for the end of quiet hours', async () => {
    const people = ids('sleeping', 6);
    await addPeople(engine, people);
    for (const id of people)
      await engine.api('PATCH', `/v1/subscribers/${id}/preferences`, { quietHours: quietNow() });
    const rest = ids('waking', 12);
    await addPeople(engine, rest);
    const { opened, open } = gate();
    const { met } = engine.smtp.behave({ at: 'message', do: { after: opened } });
    const broadcast = await broadcastTo(engine, { to: { recipients: [...people, ...rest] } });
    await met;
    await broadcast.tell('cancel');
    open();
    await broadcast.handle.result();
    const { counts, processed } = await broadcast.until('their end', (view) => view.counts.held === 0);
    expect(counts.cancelled).toBe(6);
    expect(sumOf(counts)).toBe(processed);
    expect(mailedTo(engine, 'sleeping')).toEqual([]);
  });

  it('tells nobody when it was not due yet', async () => {
    await addPeople(engine, ['early-1']);
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const broadcast = await broadcastTo(engine, { to: { recipients: ['early-1'] }, sendAt });
    await broadcast.tell('cancel');
    expect(await broadcast.untilStatus('cancelled')).toMatchObject({
      total: null,
      processed: 0,
      startedAt: null,
    });
    expect(await broadcast.handle.result()).toEqual({ status: 'cancelled', processed: 0 });
  });
});

describe('a broadcast that is over', () => {
  it.each(['pause', 'resume', 'cancel'] as const)('takes no %s', async (word) => {
    await addPeople(engine, [`over-${word}`]);
    const broadcast = await broadcastTo(engine, { to: { recipients: [`over-${word}`] } });
    await broadcast.over();
    await broadcast.handle.result();
    expect(await broadcast.tell(word)).toMatchObject({ status: 409, body: { code: 'too_late' } });
  });
});

describe('a draft', () => {
  /** As recipients are streamed to it. */
  const addTo = ({ id }: Broadcast, people: string[]) =>
    engine.models.broadcastRecipients.add(
      'acme',
      id,
      people.map((recipientId) => ({ recipientId })),
    );

  async function draft(): Promise<Broadcast> {
    const { status, body } = await create(engine.api, {});
    expect(status).toBe(201);
    return new Broadcast(engine, 'acme', body.id as string);
  }

  it('tells nobody until it is started, and then all on its list', async () => {
    const people = ids('drafted', 12);
    await addPeople(engine, people);
    const broadcast = await draft();
    await addTo(broadcast, people);
    expect(await broadcast.view()).toMatchObject({ status: 'draft', total: null, processed: 0 });
    expect((await broadcast.tell('start')).status).toBe(202);
    expect(await broadcast.over()).toMatchObject({ status: 'completed', counts: { sent: 12 } });
  });

  it('is started once', async () => {
    await addPeople(engine, ['once-1']);
    const broadcast = await draft();
    await addTo(broadcast, ['once-1']);
    await broadcast.tell('start');
    expect(await broadcast.tell('start')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await broadcast.over()).counts.sent).toBe(1);
  });

  it('is not started with nobody on its list', async () => {
    const broadcast = await draft();
    expect(await broadcast.tell('start')).toMatchObject({
      status: 422,
      body: { code: 'unprocessable', errors: [{ path: 'audience' }] },
    });
    expect((await broadcast.view()).status).toBe('draft');
  });

  it.each(['pause', 'resume', 'cancel'] as const)('takes no %s', async (word) => {
    const broadcast = await draft();
    expect(await broadcast.tell(word)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});
