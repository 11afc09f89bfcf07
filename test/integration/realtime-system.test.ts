import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ring, type Bell } from '../support/bells.js';
import { eventually } from '../support/engine.js';
import { startSecondApi, type SecondApi } from '../support/live-inbox.js';
import { keyOf, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
/** Another process. */
let other: SecondApi;
let keys: Record<'admin' | 'manager' | 'sender', string>;
const bells: Bell[] = [];
beforeAll(async () => {
  engine = await startChecked({ worker: false });
  other = await startSecondApi(engine);
  const keyFor = async (role: 'admin' | 'manager' | 'sender') => (await keyOf(engine, [role])).key;
  keys = { admin: await keyFor('admin'), manager: await keyFor('manager'), sender: await keyFor('sender') };
});
afterAll(async () => {
  for (const bell of bells) bell.close();
  await other.stop();
  await engine.stop();
});

async function connected(id: string, { url = engine.url, since }: { url?: string; since?: string } = {}) {
  const bell = ring(url, { token: await tokenOf(engine, id), ...(since === undefined ? {} : { since }) });
  bells.push(bell);
  await bell.next('ready');
  return bell;
}

const say = (to: object, message: string, more: object = {}, token = keys.admin) =>
  engine.call<{ id: string }>('POST', '/v1/system/messages', { to, message, ...more }, { token });
const join = (topic: string, change: object) => engine.call('PUT', `/v1/topics/${topic}/members`, change);

describe('a system message', () => {
  it('reaches a person, a role, a topic or everyone, at every process, and nobody else', async () => {
    await engine.call('PUT', '/v1/subscribers/u-role', { roles: ['approver'] });
    await engine.call('PUT', '/v1/subscribers/u-topic', {});
    await join('c-1', { add: ['u-topic'] });
    const role = await connected('u-role');
    const topic = await connected('u-topic', { url: other.url });
    await say({ recipient: 'u-role' }, 'To a person');
    expect(await role.next('system')).toMatchObject({ message: 'To a person', severity: 'info' });
    await say({ role: 'approver' }, 'To a role', { severity: 'warning' });
    expect(await role.next('system')).toMatchObject({ message: 'To a role', severity: 'warning' });
    await say({ topics: ['c-1'] }, 'To a topic');
    expect(await topic.next('system')).toMatchObject({ message: 'To a topic' });
    await say({ everyone: true }, 'To everyone');
    for (const bell of [role, topic])
      expect(await bell.next('system')).toMatchObject({ message: 'To everyone' });
    expect(topic.heard.filter(({ event }) => event === 'system')).toHaveLength(2);
    expect(role.heard.filter(({ event }) => event === 'system')).toHaveLength(3);
  });

  it('reaches a person once, whatever they are named by', async () => {
    await engine.call('PUT', '/v1/subscribers/u-twice', { roles: ['one', 'two'] });
    const bell = await connected('u-twice');
    await say({ recipients: ['u-twice'], roles: ['one', 'two'] }, 'Once');
    await say({ recipient: 'u-twice' }, 'Last');
    await bell.next('system', ({ message }) => message.includes('Last'));
    const said = bell.heard.flatMap(({ value }) => ('message' in value ? value.message.split('\n') : []));
    expect(said).toEqual(['Once', 'Last']);
  });

  it('arrives as one with those of the same 100 ms, as grave as the gravest', async () => {
    const bell = await connected('u-burst');
    const { systemMessages } = engine.models;
    const add = (text: string, level: 'info' | 'error' | 'success') =>
      systemMessages.insert(engine.tenantId, { audiences: ['person/u-burst'], text, level });
    await add('First', 'info');
    await add('Second', 'error');
    await add('Third', 'success');
    expect(await bell.next('system')).toMatchObject({ message: 'First\nSecond\nThird', severity: 'error' });
  });

  it('is heard by who comes back, once, and not by who comes for the first time', async () => {
    const before = await connected('u-away');
    await say({ recipient: 'u-away' }, 'Heard');
    await before.next('system');
    before.close();
    await say({ recipient: 'u-away' }, 'Missed');
    await say({ everyone: true }, 'Missed by all');
    const back = await connected('u-away', { since: before.cursor() });
    expect(await back.next('system')).toMatchObject({ message: 'Missed\nMissed by all' });
    const first = await connected('u-away');
    await say({ recipient: 'u-away' }, 'Now');
    expect(await first.next('system')).toMatchObject({ message: 'Now' });
    expect(await back.next('system')).toMatchObject({ message: 'Now' });
  });

  it('follows who joins or leaves a topic, or changes role, while connected', async () => {
    const bell = await connected('u-moves');
    const heard = async (to: object) => {
      await say(to, JSON.stringify(to));
      await say({ recipient: 'u-moves' }, `after ${JSON.stringify(to)}`);
      await bell.next('system', ({ message }) => message.includes(`after ${JSON.stringify(to)}`));
      return bell.heard.some(
        ({ value }) => 'message' in value && value.message.startsWith(JSON.stringify(to)),
      );
    };
    expect(await heard({ topic: 'c-2' })).toBe(false);
    await join('c-2', { add: ['u-moves'] });
    await engine.call('PATCH', '/v1/subscribers/u-moves', { roles: ['mover'] });
    await rooms('topic/c-2', 'role/mover');
    expect(await heard({ topics: ['c-2'] })).toBe(true);
    expect(await heard({ role: 'mover' })).toBe(true);
    await join('c-2', { remove: ['u-moves'] });
    await rooms('role/mover');
    expect(await heard({ topics: ['c-2', 'c-3'] })).toBe(false);
  });

  it.each<[string, 'manager' | 'sender', object, number]>([
    ['a sender says something to people', 'sender', { recipients: ['u-1', 'u-2'] }, 202],
    ['a sender may not to a role', 'sender', { role: 'approver' }, 403],
    ['a sender may not to a topic', 'sender', { recipient: 'u-1', topic: 'c-1' }, 403],
    ['a manager says something to roles and topics', 'manager', { role: 'approver', topics: ['c-1'] }, 202],
    ['a manager may not to everyone', 'manager', { everyone: true }, 403],
  ])('%s', async (_what, role, to, status) => {
    expect((await say(to, 'Hello', {}, keys[role])).status).toBe(status);
  });

  it.each<[string, unknown]>([
    ['to nobody', { to: {}, message: 'x' }],
    ['without words', { to: { everyone: true }, message: '' }],
    ['too long', { to: { everyone: true }, message: 'x'.repeat(2001) }],
    ['as grave as nothing is', { to: { everyone: true }, message: 'x', severity: 'fatal' }],
  ])('is refused %s', async (_what, body) => {
    const answer = await engine.call('POST', '/v1/system/messages', body);
    expect(answer.status).toBe(400);
  });

  it('leaves a trail that names whom it was for and not what it said', async () => {
    const { body } = await say({ everyone: true }, 'Between us');
    const trail = await engine.call<object>('GET', `/v1/audit?subject=${body.id}`);
    expect(trail.body).toMatchObject({
      items: [{ action: 'system.message_sent', after: { everyone: true, severity: 'info' } }],
    });
    expect(JSON.stringify(trail.body)).not.toContain('Between us');
  });
});

/** Once the person's rooms are these, beside their own and everyone's. */
async function rooms(...audiences: string[]): Promise<void> {
  await eventually(
    audiences.join(),
    () =>
      Promise.resolve(engine.live.presence.find(engine.tenantId, 'u-moves')?.audiences.slice(1, -1).sort()),
    (now) => JSON.stringify(now) === JSON.stringify([...audiences].sort()),
  );
}
