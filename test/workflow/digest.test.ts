import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { digestWorkflowId } from '../../contracts/ids.js';
import { addPerson, notify, prefer, type Person, type Run } from '../support/runs.js';
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

const hourly = { types: { approval_request: { cadence: 'hourly' } } };

/** Notifies and waits until its own run has ended. */
async function collected(changes: Record<string, unknown> = {}): Promise<Run> {
  const run = await notify(engine, person, changes);
  await run.handle.result();
  return run;
}

interface Shown {
  id: string;
  digestKey: string;
  status: string;
  itemCount: number;
  closesAt: string;
  items: { id: string; title: string }[];
}
const digests = async (): Promise<Shown[]> =>
  (await engine.api('GET', `/v1/digests?recipient=${person.id}`)).body.items;
const ended = (digestKey: string) =>
  engine.client.workflow
    .getHandle(digestWorkflowId({ tenantId: 'acme', recipientId: person.id, digestKey }))
    .result();

it('collects by the person’s cadence, delivers in-app at once, and sends one mail when the window closes', async () => {
  await prefer(engine, person, hourly);
  const runs = [await collected(), await collected(), await collected()];
  expect(person.mails()).toHaveLength(0);
  const view = await runs[0]?.view();
  expect(view).toMatchObject({
    status: 'digesting',
    plan: {
      channels: {
        in_app: { action: 'send' },
        email: { action: 'digest', reason: 'cadence', digestKey: 'hourly' },
      },
    },
  });
  const [digest] = await digests();
  expect(digest).toMatchObject({ digestKey: 'hourly', status: 'collecting', itemCount: 3 });
  expect(digest?.items.map(({ id }) => id).sort()).toEqual(runs.map(({ id }) => id).sort());

  await engine.skip(HOUR_MS);
  expect(await ended('hourly')).toEqual({ sent: 1, empty: 0 });
  expect(person.mails()).toHaveLength(1);
  expect(person.mails()[0]?.parsed.text).toContain('asks for your approval');
  expect(await digests()).toEqual([]);
  for (const run of runs) {
    const { status, timeline } = await run.view();
    expect(status).toBe('sent');
    expect(timeline).toContainEqual(expect.objectContaining({ event: 'digested' }));
  }
});
