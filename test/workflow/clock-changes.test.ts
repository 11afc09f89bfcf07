import { DateTime } from 'luxon';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { addPerson, notify, prefer } from '../support/runs.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const ZONE = 'Europe/Paris';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let engine: TimeSkippingEngine;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({ mongodbUri: inject('mongodbUri') });
});
afterAll(() => engine.stop());

/** The days on which the zone puts its clock on and back that follow, in their order. */
function nextClockChanges(afterMs: number): { day: DateTime; kind: 'spring' | 'autumn' }[] {
  const changes: { day: DateTime; kind: 'spring' | 'autumn' }[] = [];
  let day = DateTime.fromMillis(afterMs, { zone: ZONE }).startOf('day');
  while (changes.length < 2) {
    const next = day.plus({ days: 1 });
    const hours = next.diff(day, 'hours').hours;
    if (hours !== 24) changes.push({ day, kind: hours === 23 ? 'spring' : 'autumn' });
    day = next;
  }
  return changes;
}

/** What 07:00 on the wall of Paris is in UTC, by the time that the night's clock change leaves in force. */
const endOfQuiet = { spring: 'T05:00:00.000Z', autumn: 'T06:00:00.000Z' };

it('holds mails of the night through both changes of the clock until 07:00 on the wall, to the minute', async () => {
  const person = await addPerson(engine, { timezone: ZONE });
  await prefer(engine, person, { quietHours: { windows: [{ start: '22:00', end: '07:00' }] } });
  const told: unknown[] = [];
  const expected: unknown[] = [];

  for (const { day, kind } of nextClockChanges((await engine.nowMs()) + 2 * DAY_MS)) {
    await engine.skipTo(day.minus({ days: 1 }).set({ hour: 22, minute: 30 }).toMillis());
    const sentBefore = person.mails().length;
    const run = await notify(engine, person);
    const { heldUntil } = await run.untilStatus('held');

    await engine.skipTo(Date.parse(heldUntil) - MINUTE_MS);
    const { status } = await run.view();
    const sentInQuiet = person.mails().length - sentBefore;
    await engine.skip(MINUTE_MS);
    await run.untilStatus('sent');

    told.push({ kind, heldUntil, status, sentInQuiet, sentAfter: person.mails().length - sentBefore });
    expected.push({
      kind,
      heldUntil: `${day.toISODate()}${endOfQuiet[kind]}`,
      status: 'held',
      sentInQuiet: 0,
      sentAfter: 1,
    });
  }
  expect(told).toEqual(expected);
});
