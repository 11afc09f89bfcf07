import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { apiCaller, startEngine, type Engine } from '../support/engine.js';
import {
  addPeople,
  addressOf,
  Broadcast,
  broadcastTo,
  ids,
  mailedTo,
  smallPages,
  sumOf,
  type BroadcastAnswer,
} from '../support/broadcasts.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallPages,
  });
});
afterAll(() => engine.stop());

/** Sends a broadcast and answers it once it is over. */
async function sent(request: object): Promise<BroadcastAnswer> {
  return (await broadcastTo(engine, request)).over();
}

function subjects(prefix: string): Record<string, string | undefined> {
  const mails = engine.smtp.mails.filter(({ envelope }) => envelope.to[0]?.startsWith(prefix));
  return Object.fromEntries(mails.map(({ envelope, parsed }) => [envelope.to[0], parsed.subject]));
}

async function inboxOf(id: string): Promise<{ title: string }[]> {
  const { body } = await engine.api('POST', `/v1/subscribers/${id}/token`, {});
  const answer = await engine.api('GET', '/v1/me/inbox', undefined, { token: body.token as string });
  return (answer.body as { items: { title: string }[] }).items;
}

describe('a broadcast', () => {
  it('reaches everybody on several pages once by mail', async () => {
    const people = ids('page', 25);
    await addPeople(engine, people);
    const done = await sent({ to: { recipients: people } });
    expect(done).toMatchObject({ status: 'completed', total: 25, processed: 25, counts: { sent: 25 } });
    expect(sumOf(done.counts)).toBe(25);
    expect(mailedTo(engine, 'page')).toEqual(people.map(addressOf));
  });

  it('stands in the inbox of everybody once', async () => {
    const people = ids('inbox', 11);
    await addPeople(engine, people);
    await sent({ to: { recipients: people }, channels: ['in_app'] });
    const titles = await Promise.all(people.map(async (id) => (await inboxOf(id)).map(({ title }) => title)));
    expect(titles).toEqual(people.map(() => ['News for all']));
  });

  it('goes once to whoever is in a role, a topic and the list of it', async () => {
    const people = ids('union', 14);
    await addPeople(engine, people.slice(0, 8), { roles: ['union-role'] });
    await addPeople(engine, people.slice(8));
    await engine.api('PUT', '/v1/topics/union-topic/members', { add: people.slice(4, 11) });
    const done = await sent({
      to: { role: 'union-role', topic: 'union-topic', recipients: people.slice(6) },
    });
    expect(done).toMatchObject({ total: 14, counts: { sent: 14 } });
    expect(mailedTo(engine, 'union')).toEqual(people.map(addressOf));
  });

  it('says to each what stands in their own data, and to the rest what stands in its own', async () => {
    await addPeople(engine, ['data-a', 'data-b', 'data-c']);
    await sent({
      audience: { recipients: [{ id: 'data-a', data: { name: 'Ann' } }, { id: 'data-b' }, 'data-c'] },
    });
    expect(subjects('data-')).toEqual({
      'data-a@example.com': 'News for Ann',
      'data-b@example.com': 'News for all',
      'data-c@example.com': 'News for all',
    });
  });

  it('reaches IDs whose byte order is not that of their UTF-16 units', async () => {
    const people = ['😀', '\u{10ffff}', '￮', 'é', 'Z/z', 'a'].map((id) => `odd-${id}`).concat('\u{10ffff}');
    await addPeople(
      {
        api: (method, path, body) =>
          engine.api(method, path, { ...(body as object), email: 'odd@example.com' }),
      },
      people,
    );
    expect(await sent({ to: { recipients: people } })).toMatchObject({ total: 7, counts: { sent: 7 } });
  });

  it('goes to those of a role who fulfil its filter', async () => {
    await addPeople(engine, ids('french', 3), { roles: ['readers'], locale: 'fr', attributes: { seats: 5 } });
    await addPeople(engine, ids('small', 3), { roles: ['readers'], locale: 'fr', attributes: { seats: 1 } });
    await addPeople(engine, ids('english', 3), {
      roles: ['readers'],
      locale: 'en',
      attributes: { seats: 5 },
    });
    const done = await sent({
      audience: { roles: ['readers'], filter: { locale: 'fr', 'attributes.seats': { gte: 3 } } },
    });
    expect(done).toMatchObject({ total: 3, counts: { sent: 3 } });
    expect(mailedTo(engine, 'french')).toHaveLength(3);
  });

  it('asks its filter of those on its list too', async () => {
    await addPeople(engine, ids('listed-fr', 5), { locale: 'fr' });
    await addPeople(engine, ids('listed-en', 7), { locale: 'en' });
    const recipients = [...ids('listed-fr', 5), ...ids('listed-en', 7)];
    expect(await sent({ audience: { recipients, filter: { locale: 'en' } } })).toMatchObject({
      status: 'completed',
      total: 7,
      counts: { sent: 7 },
    });
  });

  it('goes to everyone of its tenant and to nobody of another', async () => {
    const api = apiCaller(engine.url, engine.bootstrapKey, 'small');
    await api('POST', '/v1/tenants', { id: 'small', name: 'Small' });
    await addPeople({ api }, ids('everyone', 12));
    const broadcast = await broadcastTo({ api, client: engine.client }, { to: { everyone: true } }, 'small');
    expect(await broadcast.over()).toMatchObject({ total: 12, counts: { sent: 12 } });
    expect(mailedTo(engine, 'everyone')).toHaveLength(12);
  });

  it('waits, scheduled, until it is due', async () => {
    await addPeople(engine, ['due-1']);
    const sendAt = new Date(Date.now() + 3_000).toISOString();
    const broadcast = await broadcastTo(engine, { to: { recipients: ['due-1'] }, sendAt });
    expect(await broadcast.view()).toMatchObject({ status: 'scheduled', total: null, sendAt });
    const done = await broadcast.over();
    expect(Date.parse(done.startedAt as string)).toBeGreaterThanOrEqual(Date.parse(sendAt));
    expect(done.counts.sent).toBe(1);
  });
});

describe('a trigger for many', () => {
  const trigger = (to: object) => engine.api('POST', '/v1/notifications', { ...requestOf(), to });
  const requestOf = () => ({
    type: 'system',
    content: { in_app: { title: 'Hi', message: 'Hi' }, email: { subject: 'Hi', text: 'Hi' } },
  });

  it('reaches IDs, people brought along and bare addresses', async () => {
    await addPeople(engine, ['many-known']);
    const { status, body } = await trigger({
      recipients: [
        'many-known',
        { id: 'many-new', email: 'many-new@example.com', locale: 'fr' },
        { email: 'many-bare@example.com' },
      ],
    });
    expect(status).toBe(202);
    expect(body).toEqual({
      broadcastId: expect.stringMatching(/^brd_/) as string,
      workflowId: expect.stringMatching(/^broadcast\/acme\/brd_/) as string,
      status: 'accepted',
      duplicate: false,
    });
    const done = await new Broadcast(engine, 'acme', body.broadcastId as string).over();
    expect(done).toMatchObject({ name: 'system', total: 3, counts: { sent: 3 } });
    expect(mailedTo(engine, 'many-')).toEqual([
      'many-bare@example.com',
      'many-known@example.com',
      'many-new@example.com',
    ]);
    expect((await engine.api('GET', '/v1/subscribers/many-new')).body).toMatchObject({ locale: 'fr' });
  });
});
