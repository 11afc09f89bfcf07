import { afterAll, beforeAll, beforeEach, expect, inject, it, onTestFinished, vi } from 'vitest';
import type { DigestNews } from '../../contracts/digests.js';
import { digestWorkflowId } from '../../contracts/ids.js';
import { eventually } from '../support/engine.js';
import { addPerson, notify, quietBetween, prefer, type Person, type Run } from '../support/runs.js';
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

it('sends by the trigger’s own key after its period, one digest for each key, threads told once with their count', async () => {
  const window = { digestKey: 'case-7', digest: { period: 'PT10M' } };
  for (const title of ['First', 'Second', 'Third']) {
    await collected({ ...window, threadKey: 'c-1', data: { contract: { title } } });
  }
  await collected({ ...window, data: { contract: { title: 'Alone' } } });
  await collected({ digestKey: 'case-8', digest: { period: 'PT1H' } });
  expect((await digests()).map(({ digestKey, itemCount }) => [digestKey, itemCount])).toEqual([
    ['case-8', 1],
    ['case-7', 4],
  ]);
  await engine.skip(11 * MINUTE_MS);
  await ended('case-7');
  const [mail] = person.mails();
  expect(mail?.parsed.subject).toContain('4');
  expect(mail?.parsed.text).toContain('Alone');
  expect(mail?.parsed.text).toMatch(/\(3\)/);
  expect(person.mails()).toHaveLength(1);
  expect(await digests()).toMatchObject([{ digestKey: 'case-8' }]);
});

it('moves a sliding window on with each item, but not past its longest', async () => {
  const window = { digestKey: 'slide', digest: { period: 'PT10M', sliding: true, longest: 'PT25M' } };
  await collected(window);
  for (let items = 2; items <= 4; items += 1) {
    await engine.skip(8 * MINUTE_MS);
    await collected(window);
    expect(person.mails()).toHaveLength(0);
  }
  // Opened 24 minutes ago: the fourth item would move it to 34.
  await engine.skip(2 * MINUTE_MS);
  expect(await ended('slide')).toEqual({ sent: 1, empty: 0 });
  expect(person.mails()[0]?.parsed.subject).toContain('4');
});

it('leaves out what was read, cancelled, taken out or has expired, and says so of each', async () => {
  const window = { digestKey: 'leave', digest: { period: 'PT1H' } };
  const said = (title: string) => ({ ...window, data: { contract: { title } } });
  const read = await collected(said('Read'));
  const cancelled = await collected(said('Cancelled'));
  const removed = await collected(said('Removed'));
  const expired = await collected({
    ...said('Expired'),
    expiresAt: new Date((await engine.nowMs()) + 30 * MINUTE_MS).toISOString(),
  });
  const stays = await collected(said('Stays'));

  const { body } = await engine.api('POST', `/v1/subscribers/${person.id}/token`);
  await engine.api('POST', `/v1/me/inbox/${read.id}/read`, undefined, { token: body.token as string });
  expect((await cancelled.tell('cancel')).status).toBe(202);
  expect((await cancelled.tell('cancel')).status).toBe(409);
  const [digest] = await digests();
  const item = `/v1/digests/${digest?.id}/items/${removed.id}`;
  expect((await engine.api('DELETE', item)).status).toBe(204);
  expect((await engine.api('DELETE', item)).status).toBe(409);
  expect((await engine.api('DELETE', `/v1/digests/${digest?.id}/items/ntf_none`)).status).toBe(404);

  await engine.skip(HOUR_MS);
  expect(await ended('leave')).toEqual({ sent: 1, empty: 0 });
  const text = person.mails()[0]?.parsed.text ?? '';
  expect(text).toContain('Stays');
  for (const title of ['Read', 'Cancelled', 'Removed', 'Expired']) expect(text).not.toContain(title);
  expect((await stays.view()).status).toBe('sent');
  expect((await cancelled.view()).status).toBe('cancelled');
  expect((await removed.view()).status).toBe('cancelled');
  expect((await expired.view()).timeline).toContainEqual(
    expect.objectContaining({ event: 'left_digest', detail: 'expired' }),
  );
  expect((await read.view()).timeline).toContainEqual(
    expect.objectContaining({ event: 'left_digest', detail: 'read' }),
  );
});

it('sends nothing when nothing is left, and a new window collects again', async () => {
  const window = { digestKey: 'empty', digest: { period: 'PT1H' } };
  const run = await collected(window);
  await run.tell('cancel');
  await engine.skip(HOUR_MS);
  expect(await ended('empty')).toEqual({ sent: 0, empty: 1 });
  await collected(window);
  await engine.skip(HOUR_MS);
  expect(await ended('empty')).toEqual({ sent: 1, empty: 0 });
  expect(person.mails()).toHaveLength(1);
});

it('is sent at once when an operator expedites it, or one of its notifications', async () => {
  for (const tell of [
    async () => engine.api('POST', `/v1/digests/${(await digests())[0]?.id}/expedite`),
    async (run: Run) => run.tell('expedite'),
  ]) {
    const before = person.mails().length;
    const run = await collected({ digestKey: 'now', digest: { period: 'P1D' } });
    expect((await tell(run)).status).toBe(202);
    expect(await ended('now')).toEqual({ sent: 1, empty: 0 });
    expect(person.mails()).toHaveLength(before + 1);
  }
});

it.each(['expedite', 'cancel'] as const)(
  'does not call it too late to %s one that its digest is only about to get',
  async (name) => {
    const digestKey = `soon-${name}`;
    const run = await collected({ digestKey, digest: { period: 'P1D' } });
    const rows = ['digestItems', 'digests'].map((collection) => engine.mongo.collection(collection));
    const looks = vi.spyOn(engine.models.digestItems, 'statesOf');
    onTestFinished(() => looks.mockRestore());
    // As a plan is stored: first the item is not there, then its window is not.
    const missing = await Promise.all(rows.map((collection) => collection.findOneAndDelete({ digestKey })));
    const told = run.tell(name);
    for (const [index, collection] of rows.entries()) {
      const seen = looks.mock.calls.length;
      await vi.waitUntil(() => looks.mock.calls.length > seen + 1);
      await collection.insertOne(missing[index] ?? {});
    }
    expect((await told).status).toBe(202);
    if (name === 'cancel') await engine.skip(24 * HOUR_MS);
    expect(await ended(digestKey)).toMatchObject(name === 'cancel' ? { empty: 1 } : { sent: 1 });
  },
);

it('is sent when it is expedited although its workflow was ended from outside', async () => {
  await collected({ digestKey: 'lost', digest: { period: 'P1D' } });
  const place = { tenantId: 'acme', recipientId: person.id, digestKey: 'lost' };
  await engine.client.workflow.getHandle(digestWorkflowId(place)).terminate('by mistake');
  expect((await engine.api('POST', `/v1/digests/${(await digests())[0]?.id}/expedite`)).status).toBe(202);
  expect(await ended('lost')).toEqual({ sent: 1, empty: 0 });
  expect(person.mails()).toHaveLength(1);
});

it('is dropped when an operator cancels it: its notifications are told', async () => {
  const runs = [await collected({ digestKey: 'drop' }), await collected({ digestKey: 'drop' })];
  const [digest] = await digests();
  const cancel = () => engine.api('POST', `/v1/digests/${digest?.id}/cancel`, { reason: 'a mistake' });
  expect((await cancel()).status).toBe(202);
  await ended('drop');
  await engine.skip(HOUR_MS);
  expect(person.mails()).toHaveLength(0);
  for (const run of runs) {
    expect(await run.view()).toMatchObject({ status: 'cancelled' });
  }
  expect((await cancel()).status).toBe(409);
  expect((await engine.api('GET', `/v1/digests/${digest?.id}`)).body).toMatchObject({
    status: 'cancelled',
    itemCount: 2,
  });
});

it('waits out quiet hours in a run of its own when its window closes within them', async () => {
  const nowMs = await engine.nowMs();
  await prefer(engine, person, { quietHours: quietBetween(nowMs + 30 * MINUTE_MS, nowMs + 3 * HOUR_MS) });
  const run = await collected({ digestKey: 'quiet', digest: { period: 'PT1H' } });
  await engine.skip(HOUR_MS + MINUTE_MS);
  expect(await ended('quiet')).toEqual({ sent: 1, empty: 0 });
  expect(person.mails()).toHaveLength(0);
  const detail = (await run.view()).timeline.find(
    ({ event }: { event: string }) => event === 'digested',
  ).detail;
  const shown = await engine.api('GET', `/v1/notifications/${detail}`);
  expect(shown.body).toMatchObject({ type: 'digest', status: 'held' });
  await engine.skip(2 * HOUR_MS);
  await engine.client.workflow.getHandle(shown.body.workflowId as string).result();
  expect(person.mails()).toHaveLength(1);
});

it('is tried again in a run of its own when its mail is refused for now', async () => {
  engine.smtp.behave({ at: 'message', do: { reply: '451 4.3.0 busy' }, times: 1 });
  const run = await collected({ digestKey: 'retry', digest: { period: 'PT1H' } });
  await engine.skip(HOUR_MS);
  await ended('retry');
  expect(person.mails()).toHaveLength(0);
  engine.smtp.behave();
  await engine.skip(10 * MINUTE_MS);
  const { timeline } = await run.view();
  const { detail } = timeline.find(({ event }: { event: string }) => event === 'digested');
  const shown = await engine.api('GET', `/v1/notifications/${detail}`);
  await engine.client.workflow.getHandle(shown.body.workflowId as string).result();
  expect(person.mails()).toHaveLength(1);
});

it('follows the person’s choices while it collects', async () => {
  await prefer(engine, person, { ...hourly, digestAt: '09:00' });
  await collected();
  await prefer(engine, person, { types: { approval_request: { cadence: 'immediate' } } });
  expect(await ended('hourly')).toEqual({ sent: 1, empty: 0 });
  expect(person.mails()).toHaveLength(1);

  await prefer(engine, person, { types: { approval_request: { cadence: 'hourly' } } });
  const run = await collected();
  await prefer(engine, person, { types: { approval_request: { email: false } } });
  await engine.skip(HOUR_MS);
  expect(await ended('hourly')).toEqual({ sent: 0, empty: 1 });
  expect(person.mails()).toHaveLength(1);
  expect((await run.view()).timeline).toContainEqual(
    expect.objectContaining({ event: 'left_digest', detail: 'turned_off_by_person' }),
  );
});

it('tells of each item that its address was stopped while it was collected', async () => {
  await prefer(engine, person, { types: { approval_request: { cadence: 'hourly', in_app: false } } });
  const run = await collected();
  const stopped = await engine.api('POST', '/v1/suppressions', { channel: 'email', address: person.email });
  expect(stopped.status).toBe(201);
  await engine.skip(HOUR_MS);
  expect(await ended('hourly')).toEqual({ sent: 0, empty: 1 });
  expect(person.mails()).toHaveLength(0);
  expect((await run.view()).timeline).toContainEqual(
    expect.objectContaining({ event: 'left_digest', detail: 'suppressed_address' }),
  );
});

it('goes on as a new run after so many windows, and loses nothing of what came as one closed', async () => {
  const window = { digestKey: 'long', digest: { period: 'PT1H' } };
  const first = await collected({ ...window, data: { contract: { title: 'First' } } });
  const place = { tenantId: 'acme', recipientId: person.id, digestKey: 'long' };
  const handle = engine.client.workflow.getHandle(digestWorkflowId(place));
  const opened: DigestNews = await handle.query('window');
  await handle.terminate('begun anew with one window a run');
  const begun = await engine.client.workflow.start('digest', {
    taskQueue: engine.taskQueue,
    workflowId: digestWorkflowId(place),
    args: [{ ...place, window: opened, windowsPerRun: 1 }],
  });
  engine.smtp.behave({ at: 'message', do: { delayMs: 1_500 }, times: 1 });
  await begun.signal('expedite');
  await eventually('the mail is under way', digests, (open) => open.length === 0);
  const second = await collected({ ...window, data: { contract: { title: 'Second' } } });
  await first.untilStatus('sent');
  await engine.skip(HOUR_MS);
  expect(await handle.result()).toEqual({ sent: 1, empty: 0 });
  await second.untilStatus('sent');
  expect(person.mails().map(({ parsed }) => parsed.text?.match(/First|Second/g)?.[0])).toEqual([
    'First',
    'Second',
  ]);
  const { status } = await engine.client.workflow
    .getHandle(digestWorkflowId(place), begun.firstExecutionRunId)
    .describe();
  expect(status.name).toBe('CONTINUED_AS_NEW');
});

it('takes words that an operator types by hand', async () => {
  await collected({ digestKey: 'hand', digest: { period: 'P1D' } });
  const place = { tenantId: 'acme', recipientId: person.id, digestKey: 'hand' };
  const handle = engine.client.workflow.getHandle(digestWorkflowId(place));
  await handle.signal('addItem');
  await handle.signal('addItem', 'nonsense');
  await handle.signal('recheck', { by: 'hand' });
  await handle.signal('expedite', 7);
  expect(await handle.result()).toEqual({ sent: 1, empty: 0 });
  expect(person.mails()).toHaveLength(1);
});

it('is asked and told by hand: which window it waits for, and that an item is to leave', async () => {
  const window = { digestKey: 'asked', digest: { period: 'PT1H' } };
  const leaves = await collected({ ...window, data: { contract: { title: 'Leaves' } } });
  await collected({ ...window, data: { contract: { title: 'Stays' } } });
  const place = { tenantId: 'acme', recipientId: person.id, digestKey: 'asked' };
  const handle = engine.client.workflow.getHandle(digestWorkflowId(place));
  expect(await handle.query('window')).toMatchObject({ digestId: (await digests())[0]?.id });
  await handle.signal('removeItem');
  await handle.signal('removeItem', { id: 7 });
  await handle.signal('removeItem', { id: leaves.id, by: 'ops' });
  expect((await leaves.untilStatus('cancelled')).timeline).toContainEqual(
    expect.objectContaining({ event: 'cancelled', detail: 'ops' }),
  );
  await engine.skip(HOUR_MS);
  expect(await handle.result()).toEqual({ sent: 1, empty: 0 });
  expect(person.mails()[0]?.parsed.text).not.toContain('Leaves');
});

it.each([
  ['a key that is a cadence', { digestKey: 'daily' }, 400, 'digestKey'],
  ['a window without a key', { digest: { period: 'PT1H' } }, 400, 'digest'],
  ['a period of no length', { digestKey: 'k', digest: { period: 'PT0S' } }, 400, 'digest.period'],
  ['a type that only the engine sends', { type: 'digest' }, 422, 'type'],
])('refuses %s', async (_what, changes, status, path) => {
  const answer = await engine.api('POST', '/v1/notifications', {
    type: 'approval_request',
    to: { recipient: person.id },
    ...changes,
  });
  expect(answer).toMatchObject({ status, body: { errors: [{ path }] } });
});
