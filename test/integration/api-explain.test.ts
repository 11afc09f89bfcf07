import { randomBytes } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AuditRow } from '../../models/audit.js';
import { writeCursor } from '../../models/cursor.js';
import type { DeliveryRow } from '../../models/delivery-schema.js';
import { buildIndexes, createModels, type Models } from '../../models/models.js';
import { dayOf, SLOT_MS, slotOf } from '../../models/rollup-slots.js';
import { RECENT_DELIVERIES } from '../../models/recent-attempts.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { explainer, type Explained } from '../support/explained.js';
import { withDatabase } from '../support/servers.js';

// The queries as the models send them, explained by the real MongoDB over a few thousand rows of three tenants.
const ROWS = 1500;
const TENANTS = ['a', 'b', 'c'];
const PEOPLE = 10;
const PER_PERSON = ROWS / PEOPLE;
const now = new Date('2026-12-01T12:00:00Z');
const purgeAt = new Date('2099-01-01T00:00:00Z');

let mongo: Connection;
let models: Models;
let explain: (query: (models: Models) => Promise<unknown>) => Promise<Explained[]>;

beforeAll(async () => {
  const uri = withDatabase(inject('mongodbUri'), `explain_${randomBytes(4).toString('hex')}`);
  mongo = mongoose.createConnection(uri, { monitorCommands: true, autoIndex: false, autoCreate: false });
  await mongo.asPromise();
  models = createModels(mongo, undefined);
  await buildIndexes(mongo);
  for (const tenant of TENANTS) {
    await models.notifications.model.collection.insertMany(notifications(tenant) as never[]);
    await mongo.collection('deliveries').insertMany(deliveries(tenant) as never[]);
    await mongo.collection('audit').insertMany(trail(tenant) as never[]);
    await models.subscribers.create(tenant, 'u-1', { email: 'u-1@example.com' });
    await models.apiKeys.create(tenant, 'key', ['admin']);
    await models.tenants.create({ id: tenant, name: tenant, timezone: 'UTC', locale: 'en' });
  }
  const explained = explainer(mongo);
  explain = (query) => explained(() => query(models));
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const ago = (index: number) => new Date(now.getTime() - index * 60_000);

function notifications(tenant: string): NotificationRow[] {
  return Array.from({ length: ROWS }, (_, index) => {
    const isOpen = index % 50 === 0;
    return {
      _id: `${tenant}/n${index}`,
      tenantId: tenant,
      id: `n${index}`,
      recipientId: `u-${index % PEOPLE}`,
      type: pick(['mention', 'approval_request', 'direct'], index),
      category: pick(['contracts', 'legal'], index),
      severity: pick(['info', 'error'] as const, index),
      icon: 'bell',
      color: '#000000',
      priority: 'normal' as const,
      status: isOpen ? ('held' as const) : pick(['sent', 'failed', 'suppressed'] as const, index),
      ...(isOpen ? { waiting: true as const } : {}),
      createdAt: ago(index),
      updatedAt: ago(index),
      requestHash: 'x',
      trigger: 'x',
      // Nine in ten of the items are in one of a person's seven threads.
      ...(index % 100 < 90 ? { threadKey: `t-${index % 7}` } : {}),
      ...(index % 7 === 0 ? { related: `contract:${index % 70}` } : {}),
      plan: { sequence: 1, decidedAt: ago(index), channels: {} },
      outcomes: index % 3 === 0 ? { email: 'sent' as const } : { in_app: 'sent' as const },
      timeline: [],
      title: `Title ${index}`,
      message: 'Message',
      box: pick(['inbox', 'inbox', 'archive', 'deleted'] as const, index),
      ...(index % 4 === 0 ? { unread: true as const, unseen: true as const } : {}),
      inboxAt: ago(index),
      purgeAt,
    };
  });
}

function deliveries(tenant: string): DeliveryRow[] {
  return Array.from({ length: ROWS }, (_, index) => ({
    _id: `${tenant}/n${index}-email`,
    tenantId: tenant,
    id: `n${index}-email`,
    notificationId: `n${index}`,
    recipientId: `u-${index % PEOPLE}`,
    type: pick(['mention', 'approval_request', 'direct'], index),
    channel: pick(['email', 'in_app'] as const, index),
    targetHash: 'x',
    target: 'x',
    status: pick(['sent', 'failed', 'pending'] as const, index),
    provider: pick(['smtp', 'inbox'], index),
    retryCount: 0,
    ...(index % 3 === 1 ? { failureReason: 'network_error' as const } : {}),
    attempts: [],
    createdAt: ago(index),
    updatedAt: ago(index),
    purgeAt,
  }));
}

function trail(tenant: string): AuditRow[] {
  return Array.from({ length: ROWS }, (_, index) => ({
    _id: `${tenant}/${String(ROWS - index).padStart(6, '0')}`,
    tenantId: tenant,
    at: ago(index),
    actor: pick(['platform', 'key:1', 'key:2'], index),
    action: pick(['tenant.changed', 'api_key.created'], index),
    subject: `s-${index % 30}`,
    purgeAt,
  }));
}

const limit = 20;
const id = (row: { id: string }) => row.id;
const cursor = (tenant: string, index: number) => writeCursor({ at: ago(index), id: `${tenant}/n${index}` });

/** A page comes in the index's order, and looks at no more rows than `most`. */
async function expectPage(query: (models: Models) => Promise<unknown>, most: number): Promise<void> {
  for (const { stages, keys, docs } of await explain(query)) {
    expect(stages).toContain('IXSCAN');
    expect(stages).not.toContain('COLLSCAN');
    expect(stages).not.toContain('SORT');
    expect(Math.max(keys, docs)).toBeLessThanOrEqual(most);
    expect(keys).toBeGreaterThan(0);
  }
}

describe('the person’s inbox', () => {
  const list = (more: object) => (at: Models) =>
    at.inbox.list('a', 'u-4', { filter: 'all', limit, ...more }, now, id);

  it.each<[string, object, number]>([
    ['whole', {}, limit + 2],
    ['what is unread', { filter: 'unread' }, limit + 2],
    ['the archive', { filter: 'archived' }, limit + 2],
    ['after a cursor', { cursor: cursor('a', 104) }, limit + 3],
    ['from a time to another', { from: ago(300), to: ago(100) }, limit + 2],
    // These look through the person's own items at most.
    ['by category', { category: 'legal' }, PER_PERSON],
    ['by type', { type: 'mention' }, PER_PERSON],
    ['by severity', { severity: 'error' }, PER_PERSON],
    ['by a text', { q: 'title 4' }, PER_PERSON],
    ['one thread', { threadKey: 't-4' }, limit + 2],
    ['one thread after a cursor', { threadKey: 't-4', cursor: cursor('a', 104) }, limit + 3],
  ])('pages %s along an index', async (_what, query, most) => {
    await expectPage(list(query), most);
  });

  it.each<[string, object]>([
    ['whole', {}],
    ['what is unread', { filter: 'unread' }],
    ['the archive', { filter: 'archived' }],
    ['after a cursor', { cursor: cursor('a', 104) }],
    ['by a text', { q: 'title 4' }],
    ['from a time to another', { from: ago(300), to: ago(100) }],
  ])('groups %s by threads along an index, without sorting', async (_what, query) => {
    await expectPage(
      (at) => at.inboxThreads.list('a', 'u-4', { filter: 'all', limit, ...query }, now, id),
      PER_PERSON + 2,
    );
  });

  it('looks at no rows to know which threads there are, and their counts', async () => {
    const sent = await explain((at) => at.inboxThreads.list('a', 'u-4', { filter: 'all', limit }, now, id));
    // The items in their order, their threads, and the rows that are shown.
    expect(sent.map(({ docs }) => docs > 0)).toEqual([false, false, true]);
    expect(sent[2]?.docs).toBeLessThanOrEqual(limit + 1);
  });

  it('counts from the indexes alone', async () => {
    const counted = await explain((at) => at.inbox.counts('a', 'u-4', now));
    expect(counted).toHaveLength(1);
    for (const { stages, keys, docs } of counted) {
      expect(stages).toContain('IXSCAN');
      expect(stages).not.toContain('COLLSCAN');
      expect(docs).toBe(0);
      expect(keys).toBeLessThanOrEqual(PER_PERSON + 1);
      expect(keys).toBeGreaterThan(0);
    }
  });

  it.each<[string, (at: Models) => Promise<unknown>]>([
    ['groups', (at) => at.inbox.stats('a', 'u-4', now)],
    ['finds what to read', (at) => at.inbox.findUnread('a', 'u-4', {}, 500)],
    ['finds what to read by ID', (at) => at.inbox.findUnread('a', 'u-4', { ids: ['n4', 'n44'] }, 500)],
    ['finds what to read of a thread', (at) => at.inbox.findUnread('a', 'u-4', { threadKey: 't-4' }, 500)],
    ['puts a thread away', (at) => at.inboxThreads.archive('b', 'u-5', 't-4', now)],
    ['takes a thread back', (at) => at.inboxThreads.unarchive('b', 'u-5', 't-4', now)],
    ['deletes a thread', (at) => at.inboxThreads.remove('b', 'u-5', 't-4', now, purgeAt)],
    ['finds one', (at) => at.inbox.find('a', 'u-4', 'n4')],
    ['marks as seen', (at) => at.inbox.markAllSeen('b', 'u-4', now)],
    ['reads many', (at) => at.inbox.markManyRead('b', 'u-4', ['n4'], now, purgeAt)],
    ['clears', (at) => at.inbox.removeMany('b', 'u-4', 'read', now, purgeAt)],
    ['finds runs that wait', (at) => at.notifications.findWaiting('a', 'u-0', undefined, 20)],
    ['finds more runs that wait', (at) => at.notifications.findWaiting('a', 'u-0', 'n100', 20)],
  ])('%s without looking at other people’s', async (_what, query) => {
    for (const { stages, keys, docs } of await explain(query)) {
      expect(stages).not.toContain('COLLSCAN');
      expect(Math.max(keys, docs)).toBeLessThanOrEqual(PER_PERSON + 2);
    }
  });
});

describe('an open inbox', () => {
  beforeAll(async () => {
    await models.notifications.model.updateMany(
      { tenantId: 'a', box: 'inbox', severity: 'info' },
      { $set: { snoozedUntil: ago(100) } },
    );
    for (let index = 0; index < 100; index += 1) {
      const audiences = [`person/u-${index % 10}`, `role/r-${index}`];
      await models.systemMessages.insert('a', { audiences, text: 'x', level: 'info' }, ago(index));
    }
  });

  it.each<[string, (at: Models) => Promise<unknown>]>([
    ['hears what changed', (at) => at.inboxLive.changedSince('a', 'u-4', ago(200), limit)],
    ['finds what is put off', (at) => at.inboxLive.snoozedAfter('a', 'u-4', ago(200), limit)],
    ['finds what ends its time', (at) => at.inboxLive.ending(ago(10), new Date('2100-01-01'), limit)],
  ])('%s along an index', async (_what, query) => {
    // Items that are put away, and are passed over, lie between the others.
    await expectPage(query, 2 * limit + 2);
  });

  it('hears what was said meanwhile without looking at what others were told', async () => {
    const rooms = ['person/u-4', 'everyone'];
    const last = { at: ago(50), id: 'x' };
    for (const { stages, keys, docs } of await explain((at) =>
      at.systemMessages.missed('a', rooms, last, limit, now),
    )) {
      expect(stages).toContain('IXSCAN');
      expect(docs).toBe(5);
      expect(keys).toBeLessThanOrEqual(8);
    }
  });
});

describe('the list of notifications', () => {
  const list = (more: object) => (at: Models) => at.notifications.list('a', { limit, ...more }, id);

  it.each<[string, object, number]>([
    ['whole', {}, limit + 2],
    ['after a cursor', { cursor: cursor('a', 700) }, limit + 3],
    ['by recipient', { recipient: 'u-4' }, limit + 2],
    ['by recipient after a cursor', { recipient: 'u-4', cursor: cursor('a', 104) }, limit + 3],
    ['by type', { type: 'mention' }, limit + 2],
    ['by status', { status: 'failed' }, limit + 2],
    ['by what it is about', { related: 'contract:7' }, limit + 2],
    ['by time', { from: ago(300), to: ago(100) }, limit + 2],
    // No index of its own: it looks through the tenant's newest until the page is full.
    ['by channel', { channel: 'email' }, ROWS],
    ['by several', { recipient: 'u-4', type: 'mention', status: 'sent', channel: 'email' }, ROWS],
  ])('pages %s along an index', async (_what, query, most) => {
    await expectPage(list(query), most);
  });
});

describe('the delivery log', () => {
  const list = (more: object) => (at: Models) => at.deliveries.list('a', { limit, ...more }, id);

  it.each<[string, object, number]>([
    ['whole', {}, limit + 2],
    ['after a cursor', { cursor: cursor('a', 700) }, limit + 3],
    ['by recipient', { recipient: 'u-4' }, limit + 2],
    ['by status', { status: 'failed' }, limit + 2],
    ['by channel', { channel: 'email' }, limit + 2],
    ['by failure reason', { failureReason: 'network_error' }, limit + 2],
    ['by time', { from: ago(300), to: ago(100) }, limit + 2],
    ['by type', { type: 'mention' }, limit + 2],
    ['by provider', { provider: 'smtp' }, limit + 2],
    // One of them is found by its index, the others are looked for among those.
    ['by several', { channel: 'email', status: 'failed', provider: 'smtp', type: 'mention' }, ROWS],
  ])('pages %s along an index', async (_what, query, most) => {
    await expectPage(list(query), most);
  });

  it.each<[string, (at: Models) => Promise<unknown>]>([
    ['lists', (at) => at.deliveries.list('a', { limit, notification: 'n4' }, id)],
    ['finds', (at) => at.deliveries.ofNotification('a', 'n4')],
    ['ends', (at) => at.deliveries.endOpen('c', 'n4', 'cancelled', 'cancelled')],
  ])('%s one notification’s by its ID', async (_what, query) => {
    for (const { stages, docs } of await explain(query)) {
      expect(stages).not.toContain('COLLSCAN');
      expect(docs).toBeLessThanOrEqual(2);
    }
  });
});

describe('how providers do', () => {
  it('is read off the newest deliveries of their channel', async () => {
    await expectPage((at) => at.recentAttempts.ofChannel('a', 'email'), RECENT_DELIVERIES + 2);
  });

  it('counts what waits for them without looking at what does not', async () => {
    const waiting = Array.from({ length: 30 }, (_, index) => `b/n${index * 2}-email`);
    await models.deliveries.model.updateMany(
      { _id: { $in: waiting } },
      { $set: { parked: { provider: 'email/smtp', priority: 3, at: now } } },
    );
    for (const { stages, docs } of await explain((at) =>
      at.deliveryParking.countsOf('b', ['email/smtp', 'email/ses']),
    )) {
      expect(stages).toContain('IXSCAN');
      expect(docs).toBeLessThanOrEqual(waiting.length + 2);
    }
    expect(await models.deliveryParking.countsOf('b', ['email/smtp', 'email/ses'])).toEqual(
      new Map([['email/smtp', 30]]),
    );
  });

  it('finds those in trouble by the primary index', async () => {
    const failure = { deliveryId: 'n1-email', reason: 'network_error' } as const;
    for (const tenantId of TENANTS) {
      await models.providerHealth.foundDown({ tenantId, channel: 'email', provider: 'smtp' }, failure);
    }
    for (const { stages } of await explain((at) => at.providerHealth.troubled('a'))) {
      expect(stages).toContain('IXSCAN');
    }
  });
});

describe('analytics', () => {
  const from = ago(400);
  const to = ago(100);

  it('finds what changed without looking at a row', async () => {
    for (const query of [
      (at: Models) => at.deliveryChanges.firstFrom('a', from),
      (at: Models) => at.deliveryChanges.slotsBetween('a', from, to),
      (at: Models) => at.deliveryChanges.answeredBetween('a', from, to, from),
    ]) {
      for (const { stages, keys, docs } of await explain(query)) {
        expect(stages).toContain('IXSCAN');
        expect(docs).toBe(0);
        expect(keys).toBeLessThanOrEqual(302);
      }
    }
  });

  it('counts a quarter of an hour from its own deliveries', async () => {
    const at = slotOf(ago(100).getTime());
    for (const { stages, keys, docs } of await explain((of) => of.rollups.countNow('a', at, at + SLOT_MS))) {
      expect(stages).toContain('IXSCAN');
      expect(Math.max(keys, docs)).toBeLessThanOrEqual(17);
    }
  });

  it('finds what was read since a time', async () => {
    await models.inbox.markManyRead('c', 'u-1', ['n1'], now, purgeAt);
    const read = async (at: Models) => {
      for await (const _reads of at.inboxReads.since('c', now, 10));
    };
    for (const { stages, docs } of await explain(read)) {
      expect(stages).toContain('IXSCAN');
      expect(stages).not.toContain('SORT');
      expect(docs).toBeLessThanOrEqual(1);
    }
  });

  it('reads roll-ups along their indexes', async () => {
    const slotMs = slotOf(ago(100).getTime());
    await models.rollups.recount('a', [slotMs]);
    await models.rollups.markStale('a', [slotMs], now);
    const days = [dayOf(slotMs)];
    for (const query of [
      (at: Models) => at.rollups.stale('a', 10, now),
      (at: Models) => at.rollups.staleSince('a'),
      (at: Models) => at.rollups.lastBusy('a', slotMs, slotMs + SLOT_MS, 10),
      ...['', { $gt: '' }].map(
        (role) => (at: Models) =>
          at.rollups.snapshot((session) =>
            at.rollups.daysOf('a', { days, kind: 'one', role, cells: {}, withSeries: true }, session),
          ),
      ),
    ]) {
      for (const { stages } of await explain(query)) {
        expect(stages).not.toContain('COLLSCAN');
        expect(stages).not.toContain('SORT');
      }
    }
  });
});

describe('a redrive', () => {
  const FAILED = ROWS / TENANTS.length;
  const place = { tenantId: 'c', redriveId: 'r' };
  const queue = (at: Models, filter: object) =>
    at.deliveryRedrives.queue(place, filter, ['q'], { position: undefined, limit });

  it.each<[string, object, number]>([
    // Every other one is the inbox's.
    ['all', {}, 2 * limit],
    ['by channel', { channel: 'email' }, FAILED],
    ['by provider', { provider: 'smtp' }, FAILED],
    ['by failure reason', { failureReason: 'network_error' }, FAILED],
    ['by type', { type: 'approval_request' }, FAILED],
    ['by time', { from: ago(60).toISOString(), to: ago(1).toISOString() }, FAILED],
    ['by recipient', { recipient: 'u-4' }, PER_PERSON],
  ])('finds what it matches, %s, among what has failed', async (_what, filter, most) => {
    const [found] = await explain((at) => queue(at, filter));
    expect(found?.stages).toContain('IXSCAN');
    expect(found?.stages).not.toContain('COLLSCAN');
    expect(found?.stages).not.toContain('SORT');
    expect(Math.max(found?.keys ?? 0, found?.docs ?? 0)).toBeLessThanOrEqual(most + 2);
    for (const { stages, keys } of await explain((at) => at.deliveryRedrives.count('c', filter, ['q']))) {
      expect(stages).toContain('IXSCAN');
      expect(keys).toBeLessThanOrEqual(FAILED + 2);
    }
  });

  it.each<[string, (at: Models) => Promise<unknown>]>([
    ['next ones', (at) => at.deliveryRedrives.next('c', 'r', limit)],
    ['counts', (at) => at.deliveryRedrives.tally('c', 'r')],
    ['rest', (at) => at.deliveryRedrives.skipQueued('c', 'r')],
  ])('finds its %s without looking at other deliveries', async (_what, query) => {
    const { matched } = await models.deliveryRedrives.tally('c', 'r');
    for (const { stages, keys, docs } of await explain(query)) {
      expect(stages).toContain('IXSCAN');
      expect(stages).not.toContain('SORT');
      expect(Math.max(keys, docs)).toBeLessThanOrEqual(matched + 2);
    }
  });

  it('counts from the index alone', async () => {
    for (const { docs } of await explain((at) => at.deliveryRedrives.tally('c', 'r'))) expect(docs).toBe(0);
  });

  it('lists redrives along an index', async () => {
    for (const more of [{}, { status: 'running' as const }]) {
      for (const { stages } of await explain((at) => at.redrives.list('a', { limit, ...more }))) {
        expect(stages).toContain('IXSCAN');
        expect(stages).not.toContain('SORT');
      }
    }
  });
});

describe('the audit trail', () => {
  it.each<[string, object, number]>([
    ['whole', {}, limit + 2],
    ['after a cursor', { cursor: writeCursor({ at: ago(700), id: 'a/000800' }) }, limit + 3],
    ['by actor', { actor: 'key:1' }, limit + 2],
    ['by action', { action: 'tenant.changed' }, limit + 2],
    ['by subject', { subject: 's-4' }, limit + 2],
    ['by time', { from: ago(300), to: ago(100) }, limit + 2],
    ['by actor and time', { actor: 'key:2', from: ago(900), to: ago(100) }, limit + 2],
  ])('pages %s along an index', async (_what, more, most) => {
    await expectPage((at) => at.audit.list('a', { limit, ...more }, ({ _id }) => _id), most);
  });

  it('finds a tenant’s credentials by the primary index', async () => {
    await models.credentials.put('a', 'sms', 'twilio', {});
    for (const { stages } of await explain((at) => at.credentials.list('a', 'sms'))) {
      expect(stages).not.toContain('COLLSCAN');
    }
  });
});

describe('people and keys', () => {
  it.each<[string, (at: Models) => Promise<unknown>]>([
    ['people', (at) => at.subscribers.list('a', { limit })],
    ['people by address', (at) => at.subscribers.list('a', { limit, email: 'u-1@example.com' })],
    ['API keys', (at) => at.apiKeys.list('a', limit, 'key_0')],
    ['tenants', (at) => at.tenants.list(20, 'a')],
  ])('lists %s along an index', async (_what, query) => {
    for (const { stages } of await explain(query)) {
      expect(stages).not.toContain('COLLSCAN');
      expect(stages).not.toContain('SORT');
    }
  });
});
