import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { broadcastCounts } from '../../contracts/broadcasts.js';
import {
  addPeople,
  broadcastTo,
  gate,
  ids,
  mailedTo,
  smallLanes,
  sumOf,
  type Broadcast,
} from '../support/broadcasts.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';
import { quietNow } from '../unit/api-checked.js';

const MAIL = { channels: ['email'] };

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallLanes,
  });
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.smtp.behave();
});

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

/** Resolves when it is past that. */
async function past(instant: string): Promise<void> {
  await eventually(
    instant,
    () => Promise.resolve(Date.now()),
    (nowMs) => nowMs > Date.parse(instant),
  );
}

async function addSleepers(people: string[]): Promise<void> {
  await addPeople(engine, people);
  for (const id of people)
    await engine.api('PATCH', `/v1/subscribers/${id}/preferences`, { quietHours: quietNow() });
}

interface Listed {
  recipient: string;
  notificationId: string;
  channels: unknown;
}

/** Who stands in the list of each count, as `GET …/recipients?status=` has them. */
async function listsOf({ id }: Broadcast): Promise<Map<string, Listed[]>> {
  const lists = new Map<string, Listed[]>();
  for (const status of broadcastCounts) {
    const { body } = await engine.api('GET', `/v1/broadcasts/${id}/recipients?status=${status}&limit=100`);
    lists.set(status, body.items as Listed[]);
  }
  return lists;
}

interface Logged {
  recipient: string;
  status: string;
  attempts: { at: string }[];
}

/** Their mails in the log. */
async function logOf(people: string[]): Promise<Logged[]> {
  const { body } = await engine.api('GET', '/v1/deliveries?channel=email&limit=100');
  return (body.items as Logged[]).filter(({ recipient }) => people.includes(recipient));
}

/** What has happened to a notification, in words. */
async function eventsOf(notificationId: string): Promise<string[]> {
  const { body } = await engine.api('GET', `/v1/notifications/${notificationId}`);
  return (body.timeline as { event: string }[]).map(({ event }) => event);
}

/**
 * Holds when the counts add up to all, the lists hold as many as they say, and all who got no mail are `expired`, and
 * in the log without an attempt.
 */
async function expectRestExpired(broadcast: Broadcast, people: string[]): Promise<void> {
  const { total, counts } = await broadcast.view();
  expect({ total, sum: sumOf(counts) }).toEqual({ total: people.length, sum: people.length });
  const lists = await listsOf(broadcast);
  expect(Object.fromEntries([...lists].map(([status, rows]) => [status, rows.length]))).toEqual(counts);
  const mailed = engine.smtp.mails.flatMap(({ envelope }) => envelope.to);
  const rest = people.filter((id) => !mailed.includes(`${id}@example.com`));
  const expired = lists.get('expired') ?? [];
  expect(expired.map(({ recipient }) => recipient).sort()).toEqual(rest);
  for (const { channels } of expired)
    expect(channels).toMatchObject({ email: { action: 'skip', reason: 'expired' } });
  const unattempted = (await logOf(people)).filter(
    ({ status, attempts }) => status === 'expired' && attempts.length === 0,
  );
  expect(unattempted.map(({ recipient }) => recipient).sort()).toEqual(rest);
}

/** A broadcast that expires at `expiresAt`, whose first mails wait until `open` is called. */
async function underWay(people: string[], expiresAt: string) {
  const { opened, open } = gate();
  const { met } = engine.smtp.behave({ at: 'message', do: { after: opened } });
  const broadcast = await broadcastTo(engine, { to: { recipients: people }, ...MAIL, expiresAt });
  await met;
  return { broadcast, open };
}

it('counts as expired those whose quiet hours outlast it, and as sent the others', async () => {
  const [asleep, awake] = [ids('night-asleep', 12), ids('night-awake', 8)];
  await addSleepers(asleep);
  await addPeople(engine, awake);
  const expiresAt = inSeconds(8);
  const broadcast = await broadcastTo(engine, {
    to: { recipients: [...asleep, ...awake] },
    ...MAIL,
    expiresAt,
  });
  expect((await broadcast.over()).counts).toMatchObject({ held: 12, sent: 8 });
  const { counts } = await broadcast.until('their expiry', (view) => view.counts.held === 0);
  expect(counts).toMatchObject({ expired: 12, sent: 8 });
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  await expectRestExpired(broadcast, [...asleep, ...awake]);
});

it('counts as partial those who have it in their inbox when their mail expires', async () => {
  const people = ids('inbox', 5);
  await addSleepers(people);
  const broadcast = await broadcastTo(engine, { to: { recipients: people }, expiresAt: inSeconds(6) });
  await broadcast.over();
  const { counts } = await broadcast.until('their expiry', (view) => view.counts.held === 0);
  expect({ partial: counts.partial, sum: sumOf(counts) }).toEqual({ partial: 5, sum: 5 });
});

it('counts as expired those whom it had not come to when it was paused until after its expiry', async () => {
  const people = ids('paused', 25);
  await addPeople(engine, people);
  const expiresAt = inSeconds(6);
  const { broadcast, open } = await underWay(people, expiresAt);
  await broadcast.tell('pause');
  open();
  await broadcast.untilStatus('paused');
  await broadcast.untilIdle();
  const before = mailedTo(engine, 'paused');
  await past(expiresAt);
  await broadcast.tell('resume');
  const { status, counts } = await broadcast.over();
  expect({ status, sent: counts.sent, expired: counts.expired }).toEqual({
    status: 'completed',
    sent: before.length,
    expired: people.length - before.length,
  });
  expect(mailedTo(engine, 'paused')).toEqual(before);
  expect(before.length).toBeLessThan(people.length);
  await expectRestExpired(broadcast, people);
});

it('counts everybody as expired when it was scheduled, and paused until after its expiry', async () => {
  const people = ids('scheduled', 15);
  await addPeople(engine, people);
  const expiresAt = inSeconds(5);
  const broadcast = await broadcastTo(engine, {
    to: { recipients: people },
    ...MAIL,
    sendAt: inSeconds(3),
    expiresAt,
  });
  await broadcast.tell('pause');
  await past(expiresAt);
  await broadcast.tell('resume');
  expect(await broadcast.over()).toMatchObject({ status: 'completed', counts: { expired: 15, sent: 0 } });
  expect(mailedTo(engine, 'scheduled')).toEqual([]);
  await expectRestExpired(broadcast, people);
});

it('begins no mail after its expiry to those whom it had decided about before', async () => {
  const people = ids('decided', 25);
  await addPeople(engine, people);
  const expiresAt = inSeconds(6);
  const { broadcast, open } = await underWay(people, expiresAt);
  await past(expiresAt);
  open();
  await broadcast.over();
  const late = (await logOf(people)).filter(({ attempts }) => attempts.some(({ at }) => at > expiresAt));
  expect(late).toEqual([]);
  await expectRestExpired(broadcast, people);
  const expired = (await listsOf(broadcast)).get('expired') ?? [];
  const stories = await Promise.all(expired.map(({ notificationId }) => eventsOf(notificationId)));
  expect(stories).toContainEqual(['accepted', 'planned', 'expired']);
});
