import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { addPerson, makeQuiet, notify, prefer, request, Run, type Person } from '../support/runs.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let engine: TimeSkippingEngine;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({ mongodbUri: inject('mongodbUri') });
});
afterAll(() => engine.stop());

async function inHours(hours: number): Promise<string> {
  return new Date((await engine.nowMs()) + hours * HOUR_MS).toISOString();
}

/** Somebody for whom it is quiet for the next eight hours. */
async function sleeper(): Promise<Person> {
  const person = await addPerson(engine);
  await makeQuiet(engine, person, await engine.nowMs(), 8);
  return person;
}

/** A notification whose mail waits for the end of quiet hours. */
async function heldRun(person: Person, changes: Record<string, unknown> = {}): Promise<Run> {
  const run = await notify(engine, person, changes);
  await run.untilStatus('held');
  return run;
}

it('holds everything until sendAt in three days, and logs the inbox delivery when it is made', async () => {
  const person = await addPerson(engine);
  const run = await heldRun(person, { sendAt: await inHours(72) });
  expect(await run.view()).toMatchObject({ title: null, plan: { channels: { in_app: { action: 'hold' } } } });

  await engine.skip(3 * DAY_MS - 5 * MINUTE_MS);
  expect((await run.view()).status).toBe('held');
  expect(person.mails()).toHaveLength(0);

  await engine.skip(10 * MINUTE_MS);
  const view = await run.untilStatus('sent');
  expect(view.title).toBe('Ann asks for your approval');
  expect(person.mails()).toHaveLength(1);
  expect(await run.delivery('in_app')).toMatchObject({
    status: 'sent',
    sentAt: expect.any(String) as string,
    attempts: [{ outcome: 'sent', provider: 'inbox' }],
  });
});

it('expires what quiet hours hold past its expiry, and sends nothing', async () => {
  const person = await sleeper();
  const run = await heldRun(person, { channels: ['email'], expiresAt: await inHours(2) });
  await engine.skip(2 * HOUR_MS + MINUTE_MS);
  await run.untilStatus('expired');
  await run.handle.result();
  expect(await run.delivery()).toMatchObject({ status: 'expired', reason: 'expired', attempts: [] });
  await engine.skip(8 * HOUR_MS);
  expect(person.mails()).toHaveLength(0);
});

it('counts an expired mail beside an item in the inbox as partial', async () => {
  const run = await heldRun(await sleeper(), { expiresAt: await inHours(2) });
  await engine.skip(2 * HOUR_MS + MINUTE_MS);
  expect((await run.untilStatus('partial')).plan.channels.email).toEqual({
    action: 'skip',
    reason: 'expired',
  });
});

it('leaves out a mail that the person turns off during the hold, and keeps the reason', async () => {
  const person = await sleeper();
  const run = await heldRun(person);
  await prefer(engine, person, { channels: { email: false } });
  const view = await run.untilStatus('sent');
  expect(view.plan.channels.email).toEqual({ action: 'skip', reason: 'turned_off_by_person' });
  await run.handle.result();
  expect(await run.delivery()).toMatchObject({ status: 'skipped', reason: 'turned_off_by_person' });
  await engine.skip(9 * HOUR_MS);
  expect(person.mails()).toHaveLength(0);
});

it('sends at once when the person removes the quiet hours during the hold', async () => {
  const person = await sleeper();
  const run = await heldRun(person);
  await prefer(engine, person, { quietHours: null });
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('goes on waiting, for the same instant, when a recheck changes nothing', async () => {
  const person = await sleeper();
  const run = await heldRun(person);
  const { heldUntil, plan } = await run.view();
  await prefer(engine, person, { channels: { sms: false } });
  await run.handle.executeUpdate('amend', { args: [{}] });
  const after = await run.view();
  expect(after).toMatchObject({ status: 'held', heldUntil });
  expect(after.plan.sequence).toBeGreaterThan(plan.sequence as number);

  await engine.skip(Date.parse(heldUntil) - (await engine.nowMs()) + MINUTE_MS);
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('counts as sent, without a mail, when the person acknowledges it during the hold', async () => {
  const person = await sleeper();
  const run = await heldRun(person);
  expect((await run.tell('acknowledge', { reason: 'seen in the app' })).status).toBe(202);
  const { timeline } = await run.untilStatus('sent');
  expect(timeline).toContainEqual(
    expect.objectContaining({
      event: 'acknowledged',
      detail: expect.stringContaining('seen in the app') as string,
    }),
  );
  expect(await run.delivery()).toMatchObject({ status: 'cancelled', reason: 'acknowledged' });
  await engine.skip(9 * HOUR_MS);
  expect(person.mails()).toHaveLength(0);
});

it('sends at once when it is expedited during the hold', async () => {
  const person = await sleeper();
  const run = await heldRun(person);
  expect((await run.tell('expedite')).status).toBe(202);
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('is cancelled during the hold, and tells so whoever cancels or amends it again', async () => {
  const person = await sleeper();
  const run = await heldRun(person);
  expect((await run.tell('cancel', { reason: 'withdrawn' })).status).toBe(202);
  const { timeline } = await run.untilStatus('cancelled');
  expect(timeline).toContainEqual(
    expect.objectContaining({ event: 'cancelled', detail: expect.stringContaining('withdrawn') as string }),
  );
  expect(await run.delivery()).toMatchObject({ status: 'cancelled', reason: 'cancelled' });
  await engine.skip(9 * HOUR_MS);
  expect(person.mails()).toHaveLength(0);

  for (const late of [await run.tell('cancel'), await run.tell('expedite'), await run.amend({ data: {} })]) {
    expect(late).toMatchObject({ status: 409, body: { code: 'too_late' } });
  }
  await run.handle.result();
  await expect(run.handle.signal('cancel')).rejects.toBeInstanceOf(WorkflowNotFoundError);
});

it('sends the data of the last amendment', async () => {
  const person = await sleeper();
  const run = await heldRun(person);
  const answers = await Promise.all([
    run.amend({ data: { contract: { title: 'NDA, second draft' }, requester: 'Ann' } }),
    run.amend({ expiresAt: await inHours(48) }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const last = await run.amend({ data: { contract: { title: 'NDA, final' }, requester: 'Ann' } });
  expect(last.body).toMatchObject({
    status: 'held',
    data: { contract: { title: 'NDA, final' } },
    expiresAt: expect.any(String) as string,
  });
  await run.tell('expedite');
  await run.untilStatus('sent');
  expect(person.mails()[0]?.parsed.subject).toBe('Approval requested: NDA, final');
});

it('waits for a sendAt that an amendment moves ahead, and no longer when another removes it', async () => {
  const person = await addPerson(engine);
  const run = await heldRun(person, { sendAt: await inHours(5) });
  const later = await inHours(50);
  expect((await run.amend({ sendAt: later })).body).toMatchObject({ status: 'held', heldUntil: later });
  await engine.skip(6 * HOUR_MS);
  expect((await run.view()).status).toBe('held');
  expect((await run.amend({ sendAt: null })).body.plan.channels.email).toEqual({ action: 'send' });
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(1);
});

it('leaves no delivery open on a channel that an amendment takes away', async () => {
  const person = await sleeper();
  const run = await heldRun(person);
  expect((await run.amend({ channels: ['in_app'] })).status).toBe(200);
  await run.handle.result();
  expect((await run.view()).status).toBe('sent');
  expect(await run.delivery()).toMatchObject({ status: 'skipped', reason: 'not_requested' });
  expect(person.mails()).toHaveLength(0);
});

it('says too_late to an amendment once the mail is out', async () => {
  const person = await sleeper();
  const run = await heldRun(person);
  await run.tell('expedite');
  await run.untilStatus('sent');
  expect(await run.amend({ data: { requester: 'Bob' } })).toMatchObject({
    status: 409,
    body: { code: 'too_late' },
  });
});

it('is one run and one mail, however often the same trigger comes', async () => {
  const person = await sleeper();
  const options = { headers: { 'idempotency-key': `key of ${person.id}` } };
  const trigger = () => engine.api('POST', '/v1/notifications', request(person), options);
  const first = await trigger();
  expect(first).toMatchObject({ status: 202, body: { duplicate: false } });
  const run = new Run(engine, first.body.id as string, first.body.workflowId as string);
  await run.untilStatus('held');
  expect(await trigger()).toMatchObject({ status: 200, body: { id: run.id, duplicate: true } });

  await engine.skip(9 * HOUR_MS);
  await run.untilStatus('sent');
  await run.handle.result();
  expect(await trigger()).toMatchObject({ status: 200, body: { id: run.id, duplicate: true } });
  expect(person.mails()).toHaveLength(1);
});
