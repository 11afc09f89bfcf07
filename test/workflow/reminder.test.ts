import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { remind, reminding, type Reminder } from '../support/reminders.js';
import { addPerson, makeQuiet, type Person } from '../support/runs.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const DAY_MS = 86_400_000;

let engine: TimeSkippingEngine;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({ mongodbUri: inject('mongodbUri') });
});
afterAll(() => engine.stop());

let person: Person;
let startMs: number;
beforeEach(async () => {
  person = await addPerson(engine);
  startMs = await engine.nowMs();
});

/** The instant so many days after the test's start, a bit later than the times that fall on it. */
const afterDays = (days: number) => startMs + days * DAY_MS + 60_000;

/** What each notification said: days left, and until when. */
async function told(reminder: Reminder): Promise<[number, string][]> {
  const said: [number, string][] = [];
  for (const run of await reminder.sent()) {
    await run.handle.result();
    const { data, status } = await run.view();
    expect(status).toBe('sent');
    said.push([data.daysLeft as number, data.dueAt as string]);
  }
  return said;
}
const iso = (ms: number) => new Date(ms).toISOString();

it('reminds once at each offset, says how many days are left, and ends', async () => {
  const dueAtMs = startMs + 40 * DAY_MS;
  const reminder = await remind(engine, person, dueAtMs, { offsets: ['P7D', 'P30D', 'P0D'] });
  expect((await reminder.view()).next).toEqual({ offset: 'P30D', at: iso(startMs + 10 * DAY_MS) });

  await engine.skipTo(afterDays(9));
  expect((await reminder.view()).sent).toEqual([]);
  await engine.skipTo(afterDays(10));
  expect(await reminder.untilSent(1)).toEqual(['P30D']);
  await engine.skipTo(afterDays(33));
  expect(await reminder.untilSent(2)).toEqual(['P30D', 'P7D']);
  expect((await reminder.view()).status).toBe('active');
  await engine.skipTo(afterDays(40));
  expect(await reminder.handle.result()).toEqual({ status: 'done' });

  expect(await told(reminder)).toEqual([
    [30, iso(dueAtMs)],
    [7, iso(dueAtMs)],
    [0, iso(dueAtMs)],
  ]);
  expect(person.mails().map(({ parsed }) => parsed.subject)).toEqual([
    expect.stringContaining('expires in 30 days'),
    expect.stringContaining('expires in 7 days'),
    expect.stringContaining('expires today'),
  ]);
  expect(await reminder.view()).toMatchObject({ status: 'done', next: null });
});

it('costs its run six events a time', async () => {
  const reminder = await remind(engine, person, startMs + 40 * DAY_MS);
  await engine.skipTo(afterDays(40));
  await reminder.handle.result();
  const { events = [] } = await reminder.handle.fetchHistory();
  expect(events?.length).toBe(7 + 3 * 6 + 1);
});

it('follows the date to a later one, and sends again what lies ahead of it then', async () => {
  const reminder = await remind(engine, person, startMs + 10 * DAY_MS, { offsets: ['P7D', 'P1D'] });
  await engine.skipTo(afterDays(3));
  await reminder.untilSent(1);
  expect((await reminder.move(startMs + 20 * DAY_MS, { offsets: ['P7D', 'P1D'] })).status).toBe(200);
  await engine.skipTo(afterDays(12));
  expect(await reminder.untilSent(1)).toEqual(['P7D']);
  await engine.skipTo(afterDays(20));
  expect(await reminder.handle.result()).toEqual({ status: 'done' });
  expect(await told(reminder)).toEqual([
    [7, iso(startMs + 10 * DAY_MS)],
    [7, iso(startMs + 20 * DAY_MS)],
    [1, iso(startMs + 20 * DAY_MS)],
  ]);
});

it('follows the date to an earlier one, and says at once what is due by then', async () => {
  const reminder = await remind(engine, person, startMs + 60 * DAY_MS);
  await reminder.move(startMs + 5 * DAY_MS);
  expect(await reminder.untilSent(1)).toEqual(['P7D']);
  await engine.skipTo(afterDays(4));
  expect(await reminder.handle.result()).toEqual({ status: 'done' });
  expect(await told(reminder)).toEqual([
    [5, iso(startMs + 5 * DAY_MS)],
    [1, iso(startMs + 5 * DAY_MS)],
  ]);
});

it('does nothing when the same is put again, before its end and after it', async () => {
  const dueAtMs = startMs + 10 * DAY_MS;
  const reminder = await remind(engine, person, dueAtMs);
  await reminder.untilSent(1);
  expect((await reminder.move(dueAtMs)).status).toBe(200);
  await engine.skipTo(afterDays(9));
  expect(await reminder.handle.result()).toEqual({ status: 'done' });
  expect((await reminder.move(dueAtMs)).status).toBe(200);
  expect(await reminder.handle.result()).toEqual({ status: 'done' });
  expect((await reminder.view()).sent.map(({ offset }) => offset)).toEqual(['P30D', 'P7D', 'P1D']);
});

describe('it is not reminded of', () => {
  it.each(['withdrawn', 'completed'] as const)('what was %s', async (how) => {
    const reminder = await remind(engine, person, startMs + 10 * DAY_MS, { offsets: ['P7D', 'P1D'] });
    await engine.skipTo(afterDays(3));
    await reminder.untilSent(1);
    const answer = how === 'completed' ? await reminder.complete() : await reminder.withdraw();
    expect(answer.status).toBe(how === 'completed' ? 200 : 204);
    expect(await reminder.handle.result()).toEqual({ status: how });
    await engine.skipTo(afterDays(11));
    expect(await reminder.view()).toMatchObject({ status: how, next: null, sent: [{ offset: 'P7D' }] });
  });

  it('what was completed while the reminder waited for quiet hours to end', async () => {
    await makeQuiet(engine, person, await engine.nowMs(), 8);
    const reminder = await remind(engine, person, startMs + 10 * DAY_MS, {
      offsets: ['P20D'],
      notification: { ...reminding(person, 0).notification, channels: ['email'] },
    });
    await reminder.untilSent(1);
    const [run] = await reminder.sent();
    await run?.untilStatus('held');
    await reminder.complete();
    expect(await run?.handle.result()).toMatchObject({ status: 'cancelled' });
    expect(person.mails()).toEqual([]);
  });

  it('what an operator stopped by a signal, or from the Web UI', async () => {
    const signalled = await remind(engine, person, startMs + 10 * DAY_MS, { offsets: ['P1D'] });
    await signalled.handle.signal('cancel');
    expect(await signalled.handle.result()).toEqual({ status: 'withdrawn' });
    const other = await remind(engine, await addPerson(engine), startMs + 10 * DAY_MS, { offsets: ['P1D'] });
    await other.handle.cancel();
    expect(await other.handle.result()).toEqual({ status: 'withdrawn' });
  });
});

it('takes up a withdrawn one that is put again', async () => {
  const reminder = await remind(engine, person, startMs + 10 * DAY_MS, { offsets: ['P1D'] });
  await reminder.withdraw();
  await reminder.handle.result();
  expect((await reminder.move(startMs + 12 * DAY_MS, { offsets: ['P1D'] })).status).toBe(200);
  await engine.skipTo(afterDays(11));
  expect(await reminder.untilSent(1)).toEqual(['P1D']);
  expect(await told(reminder)).toEqual([[1, iso(startMs + 12 * DAY_MS)]]);
});

describe('the API', () => {
  const ask = (changes: Record<string, unknown> = {}) => ({
    key: `k-${person.id}`,
    ...reminding(person, startMs + 60 * DAY_MS, changes),
  });

  it('answers the same request again with the same reminder, and another under its key with 409', async () => {
    const made = await engine.api('POST', '/v1/reminders', ask());
    expect(made).toMatchObject({ status: 201, body: { status: 'active', type: 'contract_expiring' } });
    expect(await engine.api('POST', '/v1/reminders', ask())).toMatchObject({ status: 200, body: made.body });
    const other = await engine.api('POST', '/v1/reminders', ask({ offsets: ['P2D'] }));
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('starts what an earlier call had only stored', async () => {
    const body = ask();
    vi.spyOn(engine.client.workflow, 'signalWithStart').mockRejectedValueOnce(new Error('gone'));
    expect((await engine.api('POST', '/v1/reminders', body)).status).toBe(500);
    const again = await engine.api('POST', '/v1/reminders', body);
    expect(again.status).toBe(200);
    const handle = engine.client.workflow.getHandle(again.body.workflowId as string);
    expect((await handle.describe()).status.name).toBe('RUNNING');
  });

  it('lists by recipient, related thing and status', async () => {
    const made = await engine.api('POST', '/v1/reminders', ask());
    const keysOf = async (query: string) =>
      (await engine.api('GET', `/v1/reminders?${query}`)).body.items.map(({ key }: { key: string }) => key);
    for (const query of [`recipient=${person.id}`, `related=contract:${person.id}`]) {
      expect(await keysOf(query)).toEqual([made.body.key]);
      expect(await keysOf(`${query}&status=withdrawn`)).toEqual([]);
      expect(await keysOf(`${query}&status=active`)).toEqual([made.body.key]);
    }
  });

  it('answers 404 for one that is not there', async () => {
    for (const [method, path] of [
      ['GET', 'nothing'],
      ['DELETE', 'nothing'],
      ['POST', 'nothing/complete'],
    ] as const) {
      expect((await engine.api(method, `/v1/reminders/${path}`)).status).toBe(404);
    }
  });

  const notification = { type: 'contract_expiring', to: { recipient: 'u-1' } };
  it.each<[string, Record<string, unknown>, number, string]>([
    ['a date in the past', { dueAt: '2020-01-01T00:00:00Z' }, 400, 'dueAt'],
    ['a date that nobody lives to see', { dueAt: '2999-01-01T00:00:00Z' }, 400, 'dueAt'],
    ['no date', { dueAt: 'soon' }, 400, 'dueAt'],
    ['no offsets', { offsets: [] }, 400, 'offsets'],
    ['too many offsets', { offsets: Array.from({ length: 21 }, (_, at) => `P${at}D`) }, 400, 'offsets'],
    ['the same offset twice', { offsets: ['P1D', 'P7D', 'PT24H'] }, 400, 'offsets.2'],
    ['an offset of more than a year', { offsets: ['P367D'] }, 400, 'offsets.0'],
    ['an offset of months', { offsets: ['P1M'] }, 400, 'offsets.0'],
    ['an offset after the date', { offsets: ['-P1D'] }, 400, 'offsets.0'],
    ['a type that is not there', { notification: { ...notification, type: 'nothing' } }, 422, 'type'],
    [
      'data that does not fit',
      { notification: { ...notification, data: { contract: [] } } },
      422,
      'notification.data.contract',
    ],
    ['sendAt', { notification: { ...notification, sendAt: null } }, 400, 'notification'],
    [
      'an attachment with its content',
      { notification: { ...notification, attachments: [{ filename: 'a.pdf', content: 'QUJD' }] } },
      400,
      'notification.attachments',
    ],
    ['content that is missing', { notification: { ...notification, type: 'direct' } }, 422, 'content'],
  ])('refuses %s', async (_what, changes, status, path) => {
    const answer = await engine.api('POST', '/v1/reminders', ask(changes));
    expect(answer.status).toBe(status);
    const paths = (answer.body.errors as { path: string }[]).map((error) => error.path);
    expect(paths.some((one) => one.startsWith(path))).toBe(true);
  });
});
