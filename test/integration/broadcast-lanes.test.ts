import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { eventually, startEngine, type Engine } from '../support/engine.js';
import {
  addPeople,
  addressOf,
  broadcastTo,
  gate,
  ids,
  mailedTo,
  smallLanes,
  sumOf,
  type Broadcast,
} from '../support/broadcasts.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: { ...smallLanes, CARILLON_BULK_PAGES: '3' },
  });
});
afterAll(() => engine.stop());

let runs = 0;
let people: string[];
beforeEach(() => {
  people = ids(`lanes-${(runs += 1)}`, 60);
});

/** To 60 people, whose mails wait until `open` is called; the first of each third has come as far as that. */
async function underWay(): Promise<{ broadcast: Broadcast; open: () => void }> {
  const { opened, open } = gate();
  engine.smtp.behave({ at: 'message', do: { after: opened } });
  await addPeople(engine, people);
  const broadcast = await broadcastTo(engine, { to: { recipients: people } });
  const firsts = [0, 20, 40].map((at) => people[at]);
  await eventually(
    'the first of each range',
    () => engine.models.notificationBulk.ofBroadcast('acme', broadcast.id, { limit: 100 }),
    (rows) => firsts.every((first) => rows.some(({ recipientId }) => recipientId === first)),
  );
  return { broadcast, open };
}

it('sends pages of different ranges of its audience side by side', async () => {
  const { broadcast, open } = await underWay();
  open();
  expect(await broadcast.over()).toMatchObject({ total: 60, processed: 60, counts: { sent: 60 } });
  expect(mailedTo(engine, `lanes-${runs}-`)).toEqual(people.map(addressOf));
});

it('is paused when the pages of all ranges have stopped, and tells the rest when it is resumed', async () => {
  const { broadcast, open } = await underWay();
  await broadcast.tell('pause');
  open();
  const paused = await broadcast.untilStatus('paused');
  await broadcast.untilIdle();
  expect(mailedTo(engine, `lanes-${runs}-`)).toHaveLength(paused.processed);
  await broadcast.tell('resume');
  expect((await broadcast.over()).counts.sent).toBe(60);
  expect(mailedTo(engine, `lanes-${runs}-`)).toEqual(people.map(addressOf));
});

it('tells nobody more, in any range, when it was cancelled', async () => {
  const { broadcast, open } = await underWay();
  await broadcast.tell('cancel');
  open();
  const { processed } = await broadcast.handle.result();
  const { counts } = await broadcast.untilStatus('cancelled');
  expect({ sum: sumOf(counts), mails: mailedTo(engine, `lanes-${runs}-`).length }).toEqual({
    sum: processed,
    mails: counts.sent,
  });
  expect(processed).toBeLessThan(60);
});

it('has one page for each part of its range in the Web UI', async () => {
  await addPeople(engine, people);
  const broadcast = await broadcastTo(engine, { to: { recipients: people } });
  await broadcast.over();
  const { events } = await broadcast.handle.fetchHistory();
  const sealed = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: page, userMetadata }) =>
    page?.activityType?.name === 'sendPage' && userMetadata?.summary ? [userMetadata.summary] : [],
  );
  const { payloadCodecs, payloadConverter } = engine.client.options.loadedDataConverter;
  const payloads = (await payloadCodecs[0]?.decode(sealed)) ?? [];
  const summaries = payloads.map((payload) => payloadConverter.fromPayload<string>(payload));
  const ranges = ['1–10', '11–20', '21–30', '31–40', '41–50', '51–60'];
  expect(new Set(summaries)).toEqual(new Set(ranges.map((range) => `recipients ${range}`)));
  expect(summaries).toHaveLength(ranges.length);
});
