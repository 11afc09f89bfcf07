import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
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
import { apiCaller, eventually, startEngine, type Engine } from '../support/engine.js';
import { quietNow } from '../unit/api-checked.js';

const MAIL = { channels: ['email'] };

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    // Room for the pages of all tests at once.
    env: { ...smallLanes, CARILLON_BULK_PAGES: '20' },
  });
});
afterAll(() => engine.stop());

/** The engine as a tenant of the test's own calls it: with connections of its own to the mail server, too. */
async function newTenant(): Promise<Engine & { tenantId: string }> {
  const tenantId = `t-${randomBytes(5).toString('hex')}`;
  const api = apiCaller(engine.url, engine.bootstrapKey, tenantId);
  await api('POST', '/v1/tenants', { id: tenantId, name: 'Acme' });
  return { ...engine, api, tenantId };
}
type Tenant = Awaited<ReturnType<typeof newTenant>>;

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

/** Resolves when it is past that. */
async function past(instant: string): Promise<void> {
  await eventually(
    instant,
    () => Promise.resolve(Date.now()),
    (nowMs) => nowMs > Date.parse(instant),
  );
}

async function addSleepers({ api }: Tenant, people: string[]): Promise<void> {
  await addPeople({ api }, people);
  for (const id of people)
    await api('PATCH', `/v1/subscribers/${id}/preferences`, { quietHours: quietNow() });
}

interface Listed {
  recipient: string;
  notificationId: string;
  channels: unknown;
}

/** Who stands in the list of each count, as `GET …/recipients?status=` has them. */
async function listsOf({ api }: Tenant, { id }: Broadcast): Promise<Map<string, Listed[]>> {
  const lists = new Map<string, Listed[]>();
  for (const status of broadcastCounts) {
    const { body } = await api('GET', `/v1/broadcasts/${id}/recipients?status=${status}&limit=100`);
    lists.set(status, body.items as Listed[]);
  }
  return lists;
}

interface Logged {
  recipient: string;
  status: string;
  attempts: { at: string }[];
}

/** The tenant's mails in the log. */
async function logOf({ api }: Tenant): Promise<Logged[]> {
  const { body } = await api('GET', '/v1/deliveries?channel=email&limit=100');
  return body.items as Logged[];
}

/** What has happened to a notification, in words. */
async function eventsOf({ api }: Tenant, notificationId: string): Promise<string[]> {
  const { body } = await api('GET', `/v1/notifications/${notificationId}`);
  return (body.timeline as { event: string }[]).map(({ event }) => event);
}

/**
 * Holds when the counts add up to all, the lists hold as many as they say, and all who got no mail are `expired`, and
 * in the log without an attempt.
 */
async function expectRestExpired(tenant: Tenant, broadcast: Broadcast, people: string[]): Promise<void> {
  const { total, counts } = await broadcast.view();
  expect({ total, sum: sumOf(counts) }).toEqual({ total: people.length, sum: people.length });
  const lists = await listsOf(tenant, broadcast);
  expect(Object.fromEntries([...lists].map(([status, rows]) => [status, rows.length]))).toEqual(counts);
  const mailed = engine.smtp.mails.flatMap(({ envelope }) => envelope.to);
  const rest = people.filter((id) => !mailed.includes(`${id}@example.com`));
  const expired = lists.get('expired') ?? [];
  expect(expired.map(({ recipient }) => recipient).sort()).toEqual(rest);
  for (const { channels } of expired)
    expect(channels).toMatchObject({ email: { action: 'skip', reason: 'expired' } });
  const unattempted = (await logOf(tenant)).filter(
    ({ status, attempts }) => status === 'expired' && attempts.length === 0,
  );
  expect(unattempted.map(({ recipient }) => recipient).sort()).toEqual(rest);
}

const send = (tenant: Tenant, recipients: string[], more: object): Promise<Broadcast> =>
  broadcastTo(tenant, { to: { recipients }, ...more }, tenant.tenantId);

/** A broadcast to `prefix-…` that expires in twelve seconds, whose first mails wait until `open` is called. */
async function underWay(tenant: Tenant, prefix: string) {
  // More than the first pages of its lanes hold.
  const people = ids(prefix, 45);
  await addPeople(tenant, people);
  const { opened, open } = gate();
  const { met } = engine.smtp.behaveToo({
    at: 'message',
    do: { after: opened },
    to: new RegExp(`^${prefix}-`),
  });
  const expiresAt = inSeconds(12);
  const broadcast = await send(tenant, people, { ...MAIL, expiresAt });
  await met;
  return { broadcast, people, expiresAt, open };
}

it.concurrent('counts as expired those whose quiet hours outlast it, and as sent the others', async () => {
  const tenant = await newTenant();
  const [asleep, awake] = [ids('night-asleep', 12), ids('night-awake', 8)];
  await addSleepers(tenant, asleep);
  await addPeople(tenant, awake);
  const expiresAt = inSeconds(12);
  const broadcast = await send(tenant, [...asleep, ...awake], { ...MAIL, expiresAt });
  expect((await broadcast.over()).counts).toMatchObject({ held: 12, sent: 8 });
  const { counts } = await broadcast.until('their expiry', (view) => view.counts.held === 0);
  expect(counts).toMatchObject({ expired: 12, sent: 8 });
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  await expectRestExpired(tenant, broadcast, [...asleep, ...awake]);
});

it.concurrent('counts as partial those who have it in their inbox when their mail expires', async () => {
  const tenant = await newTenant();
  const people = ids('inbox', 5);
  await addSleepers(tenant, people);
  const broadcast = await send(tenant, people, { expiresAt: inSeconds(6) });
  await broadcast.over();
  const { counts } = await broadcast.until('their expiry', (view) => view.counts.held === 0);
  expect({ partial: counts.partial, sum: sumOf(counts) }).toEqual({ partial: 5, sum: 5 });
});

it.concurrent(
  'counts as expired those whom it had not come to when it was paused until after its expiry',
  async () => {
    const tenant = await newTenant();
    const { broadcast, people, expiresAt, open } = await underWay(tenant, 'paused');
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
    await expectRestExpired(tenant, broadcast, people);
  },
);

it.concurrent(
  'counts everybody as expired when it was scheduled, and paused until after its expiry',
  async () => {
    const tenant = await newTenant();
    const people = ids('scheduled', 15);
    await addPeople(tenant, people);
    const expiresAt = inSeconds(5);
    const broadcast = await send(tenant, people, { ...MAIL, sendAt: inSeconds(3), expiresAt });
    await broadcast.tell('pause');
    await past(expiresAt);
    await broadcast.tell('resume');
    expect(await broadcast.over()).toMatchObject({ status: 'completed', counts: { expired: 15, sent: 0 } });
    expect(mailedTo(engine, 'scheduled')).toEqual([]);
    await expectRestExpired(tenant, broadcast, people);
  },
);

it.concurrent('begins no mail after its expiry to those whom it had decided about before', async () => {
  const tenant = await newTenant();
  const { broadcast, people, expiresAt, open } = await underWay(tenant, 'decided');
  await past(expiresAt);
  open();
  await broadcast.over();
  const late = (await logOf(tenant)).filter(({ attempts }) => attempts.some(({ at }) => at > expiresAt));
  expect(late).toEqual([]);
  await expectRestExpired(tenant, broadcast, people);
  const expired = (await listsOf(tenant, broadcast)).get('expired') ?? [];
  const stories = await Promise.all(expired.map(({ notificationId }) => eventsOf(tenant, notificationId)));
  expect(stories).toContainEqual(['accepted', 'planned', 'expired']);
});
