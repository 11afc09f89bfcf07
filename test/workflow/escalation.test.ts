import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { addPerson, makeQuiet, notify, prefer, type Person, type Run } from '../support/runs.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let engine: TimeSkippingEngine;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({ mongodbUri: inject('mongodbUri') });
});
afterAll(() => engine.stop());

let person: Person;
beforeEach(async () => {
  engine.smtp.behave();
  person = await addPerson(engine);
});

/** In the inbox now, and by mail if nobody has read it a quarter of an hour later. */
async function escalated(changes: Record<string, unknown> = {}): Promise<Run> {
  const run = await notify(engine, person, {
    channels: ['in_app'],
    escalation: [{ after: 'PT15M', channel: 'email' }],
    ...changes,
  });
  await run.untilEvent('TIMER_STARTED');
  return run;
}

async function readInInbox(run: Run): Promise<void> {
  const { body } = await engine.api('POST', `/v1/subscribers/${person.id}/token`);
  const { status } = await engine.api('POST', `/v1/me/inbox/${run.id}/read`, undefined, {
    token: body.token as string,
  });
  expect(status).toBeLessThan(300);
}

it('goes out by the next channel when nobody has read it in time', async () => {
  const run = await escalated();
  const { status, plan, deliveries } = await run.view();
  expect(status).toBe('sent');
  expect(plan.channels.email).toMatchObject({ action: 'hold', reason: 'escalation' });
  expect(deliveries.map(({ channel }: { channel: string }) => channel)).toEqual(['in_app']);
  await engine.skip(14 * MINUTE_MS);
  expect(person.mails()).toHaveLength(0);

  await engine.skip(2 * MINUTE_MS);
  expect(await run.handle.result()).toMatchObject({ status: 'sent', channels: { email: 'sent' } });
  expect(person.mails()).toHaveLength(1);
  const after = await run.view();
  expect(after.plan.channels.email).toEqual({ action: 'send' });
  expect(await run.delivery()).toMatchObject({ status: 'sent' });
});

it('stops when it is read in the inbox, and the run ends', async () => {
  const run = await escalated();
  await readInInbox(run);
  await run.handle.result();
  await engine.skip(HOUR_MS);
  expect(person.mails()).toHaveLength(0);
  const { status, timeline } = await run.view();
  expect(status).toBe('sent');
  expect(timeline).toContainEqual(expect.objectContaining({ event: 'acknowledged' }));
  expect((await run.tell('acknowledge')).status).toBe(409);
});

it('stops when an operator cancels it, and stays sent where it was', async () => {
  const run = await escalated();
  expect((await run.tell('cancel')).status).toBe(202);
  expect(await run.handle.result()).toMatchObject({ status: 'sent' });
  await engine.skip(HOUR_MS);
  expect(person.mails()).toHaveLength(0);
});

it('takes its steps in the order of their times, however they are listed', async () => {
  await prefer(engine, person, { channels: { sms: true } });
  const run = await escalated({
    escalation: [
      { after: 'PT1H', channel: 'sms' },
      { after: 'PT15M', channel: 'email' },
    ],
  });
  await engine.skip(16 * MINUTE_MS);
  await run.untilAttempts(1);
  expect((await run.view()).plan.channels.sms).toMatchObject({ action: 'hold', reason: 'escalation' });
  await engine.skip(HOUR_MS);
  expect(await run.handle.result()).toMatchObject({ channels: { email: 'sent', sms: 'skipped' } });
  expect((await run.view()).plan.channels.sms).toMatchObject({ reason: 'channel_not_configured' });
});

it('does not send what the person turned off, and says so', async () => {
  await prefer(engine, person, { channels: { email: false } });
  const run = await escalated();
  await engine.skip(16 * MINUTE_MS);
  expect(await run.handle.result()).toMatchObject({ channels: { email: 'skipped' } });
  expect((await run.view()).plan.channels.email).toEqual({ action: 'skip', reason: 'turned_off_by_person' });
});

it('waits out quiet hours that have begun by then', async () => {
  const run = await escalated();
  await makeQuiet(engine, person, await engine.nowMs(), 3);
  await engine.skip(16 * MINUTE_MS);
  await run.untilStatus('held');
  expect(person.mails()).toHaveLength(0);
  await readInInbox(run);
  expect(await run.handle.result()).toMatchObject({ channels: { email: 'acknowledged' } });
  await engine.skip(4 * HOUR_MS);
  expect(person.mails()).toHaveLength(0);
});

it('asks for a text only when the step is due', async () => {
  const run = await escalated({
    type: 'direct',
    data: {},
    channels: undefined,
    content: { in_app: { title: 'T', message: 'M' }, email: { subject: 'S', text: 'By mail' } },
  });
  expect((await run.view()).plan.channels.email).toMatchObject({ action: 'hold', reason: 'escalation' });
  await engine.skip(16 * MINUTE_MS);
  await run.handle.result();
  expect(person.mails()).toHaveLength(1);
});

it('does not begin while everything is held', async () => {
  const sendAt = new Date((await engine.nowMs()) + HOUR_MS).toISOString();
  const run = await escalated({ sendAt });
  expect((await run.view()).plan.channels.email).toEqual({ action: 'skip', reason: 'not_requested' });
  await engine.skip(HOUR_MS + 5 * MINUTE_MS);
  await run.untilStatus('sent');
  expect(person.mails()).toHaveLength(0);
  await engine.skip(15 * MINUTE_MS);
  await run.handle.result();
  expect(person.mails()).toHaveLength(1);
});

it('refuses a step that is none, with its path', async () => {
  const { status, body } = await engine.api('POST', '/v1/notifications', {
    type: 'mention',
    to: { recipient: person.id },
    data: {},
    escalation: [{ after: 'PT5S', channel: 'in_app' }],
  });
  expect(status).toBe(400);
  const paths = body.errors.map(({ path }: { path: string }) => path) as string[];
  expect(paths).toEqual(expect.arrayContaining(['escalation.0.after', 'escalation.0.channel']));
});
