import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { eventually, startEngine, type Engine } from '../support/engine.js';
import { remind } from '../support/reminders.js';
import { addPerson } from '../support/runs.js';

const DAY_MS = 86_400_000;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    worker: false,
  });
});
afterAll(() => engine.stop());

it('loses nothing while no worker is there, and says once what has fallen due meanwhile', async () => {
  const person = await addPerson(engine);
  const dueAtMs = Date.now() + 2_000 + DAY_MS;
  const reminder = await remind(engine, person, dueAtMs, { offsets: ['P2D', 'PT24H1S', 'P1D'] });
  const clock = () => Promise.resolve(Date.now());
  await eventually('all due', clock, (nowMs) => nowMs > dueAtMs - DAY_MS);
  await engine.startWorker();
  expect(await reminder.handle.result()).toEqual({ status: 'done' });
  expect(await reminder.untilSent(1)).toEqual(['P1D']);
  const [run] = await reminder.sent();
  expect(await run?.handle.result()).toMatchObject({ status: 'sent' });
});
