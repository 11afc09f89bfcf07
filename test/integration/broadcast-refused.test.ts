import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.js';
import { addPeople, Broadcast, create, ids, mailedTo, news, smallPages } from '../support/broadcasts.js';

let engine: Engine;
let keys: Record<'sender' | 'manager' | 'admin', string>;

beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallPages,
  });
  keys = { sender: await keyOf('sender'), manager: await keyOf('manager'), admin: await keyOf('admin') };
  await addPeople(engine, ids('staff', 3), { roles: ['staff'], locale: 'fr' });
  await engine.api('PUT', '/v1/topics/releases/members', { add: ids('staff', 3) });
});
afterAll(() => engine.stop());

async function keyOf(role: string): Promise<string> {
  const { body } = await engine.api('POST', '/v1/api-keys', { name: role, roles: [role] });
  return body.key as string;
}

/** Never due in a test: what the roles may do is not to reach the people of other tests. */
const sendAt = new Date(Date.now() + 3_600_000).toISOString();

/** What the API says to a role that broadcasts. */
const asked = async (role: keyof typeof keys, request: object) =>
  (await create(engine.api, { ...request, sendAt }, { token: keys[role] })).status;
/** What it says to a role that triggers for many. */
const triggered = async (role: keyof typeof keys, to: object) =>
  (await engine.api('POST', '/v1/notifications', { ...news, to, sendAt }, { token: keys[role] })).status;

describe('a key with the role sender', () => {
  it('makes no broadcast', async () => {
    expect(await asked('sender', { to: { recipients: ['staff-001'] } })).toBe(403);
  });

  it('triggers for people by name', async () => {
    expect(await triggered('sender', { recipients: ['staff-001'] })).toBe(202);
  });

  it.each([{ role: 'staff' }, { topic: 'releases' }, { everyone: true }])(
    'does not trigger for %o',
    async (to) => {
      expect(await triggered('sender', to)).toBe(403);
    },
  );
});

describe('a key with the role manager', () => {
  it.each([{ roles: ['staff'] }, { topics: ['releases'] }, { recipients: ['staff-001'] }])(
    'makes a broadcast to %o',
    async (audience) => {
      expect(await asked('manager', { audience })).toBe(202);
    },
  );

  it('narrows a role by a filter', async () => {
    expect(await asked('manager', { audience: { role: 'staff', filter: { locale: 'fr' } } })).toBe(202);
  });

  it.each([{ everyone: true }, { filter: { locale: 'fr' } }, { role: 'staff', everyone: true }])(
    'makes none to %o',
    async (audience) => {
      expect(await asked('manager', { audience })).toBe(403);
    },
  );
});

describe('a key with the role admin', () => {
  it.each([{ everyone: true }, { filter: { locale: 'fr' } }])('makes a broadcast to %o', async (audience) => {
    expect(await asked('admin', { audience })).toBe(202);
  });
});

describe('a broadcast', () => {
  it.each([{ role: 'nobodys' }, { topics: ['nobodys'] }, { roles: ['nobodys'], topic: 'nobodys' }])(
    'is refused for an audience of nobody: %o',
    async (to) => {
      expect(await create(engine.api, { to })).toMatchObject({
        status: 422,
        body: { code: 'unprocessable', errors: [{ path: 'audience' }] },
      });
    },
  );

  it('leaves nothing behind when its audience is nobody', async () => {
    await create(engine.api, { to: { role: 'nobodys' } });
    const { body } = await engine.api('GET', '/v1/broadcasts?status=draft');
    expect(body.items).toEqual([]);
  });

  it('may wait for a role that somebody has until it is due', async () => {
    const { status, body } = await create(engine.api, { to: { role: 'nobodys' }, sendAt });
    expect(status).toBe(202);
    await new Broadcast(engine, 'acme', body.id as string).tell('cancel');
  });

  it('is refused for a filter on an attribute that nobody carries', async () => {
    const filter = { 'attributes.seets': { gte: 3 } };
    expect(await create(engine.api, { audience: { role: 'staff', filter } })).toMatchObject({
      status: 422,
      body: { code: 'unprocessable', errors: [{ path: 'audience.filter.attributes.seets' }] },
    });
  });

  it('is refused for a filter on what people cannot be filtered by', async () => {
    const filter = { email: 'ann@example.com' };
    expect(await create(engine.api, { audience: { role: 'staff', filter } })).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ path: 'audience.filter.email' }] },
    });
  });

  it('is refused for a type that there is not', async () => {
    expect(await create(engine.api, { type: 'sistem', to: { role: 'staff' } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'type' }] },
    });
  });

  it('is refused for 1,001 recipients', async () => {
    expect(await create(engine.api, { to: { recipients: ids('r', 1_001) } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'to.recipients' }] },
    });
  });

  it('is not waited for: nobody can decide for many', async () => {
    const answer = await engine.api('POST', '/v1/notifications?wait=decision', {
      ...news,
      to: { role: 'staff' },
    });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'wait' }] } });
  });
});

describe('an idempotency key', () => {
  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

  it('makes one broadcast of the same request, however often it comes', async () => {
    await addPeople(engine, ids('keyed', 12));
    const request = { to: { recipients: ids('keyed', 12) } };
    const first = await create(engine.api, request, keyed('k-1'));
    expect(first).toMatchObject({ status: 202, body: { duplicate: false } });
    const again = await create(engine.api, request, keyed('k-1'));
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id as string, duplicate: true } });

    const broadcast = new Broadcast(engine, 'acme', first.body.id as string);
    await broadcast.over();
    await broadcast.handle.result();
    expect((await create(engine.api, request, keyed('k-1'))).status).toBe(200);
    expect(mailedTo(engine, 'keyed')).toHaveLength(12);
  });

  it('makes one broadcast of requests at the same time', async () => {
    await addPeople(engine, ids('raced', 5));
    const request = { to: { recipients: ids('raced', 5) } };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => create(engine.api, request, keyed('k-race'))),
    );
    expect(new Set(answers.map(({ body }) => body.id as string)).size).toBe(1);
    expect(answers.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
    await new Broadcast(engine, 'acme', answers[0]?.body.id as string).over();
    expect(mailedTo(engine, 'raced')).toHaveLength(5);
  });

  it.each([
    ['another list', { to: { recipients: ids('keyed', 11) } }],
    ['another text', { to: { recipients: ['staff-001'] }, data: { name: 'you' } }],
  ])('is refused with %s', async (what, request) => {
    const key = keyed(`k of ${what}`);
    await create(engine.api, { to: { recipients: ['staff-001'] } }, key);
    expect(await create(engine.api, request, key)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('makes one broadcast of a trigger for many', async () => {
    const trigger = () =>
      engine.api('POST', '/v1/notifications', { ...news, to: { role: 'staff' }, idempotencyKey: 'k-many' });
    const first = await trigger();
    expect(first).toMatchObject({ status: 202, body: { duplicate: false } });
    expect(await trigger()).toMatchObject({
      status: 200,
      body: { broadcastId: first.body.broadcastId as string, duplicate: true },
    });
  });
});
