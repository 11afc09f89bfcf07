import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byBytes } from '../../policy/audience-page.js';
import {
  allPages,
  asPerson,
  keyOf,
  startChecked,
  tokenOf,
  type CheckedCaller,
  type CheckedEngine,
  type Page,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ worker: false });
});
afterAll(() => engine.stop());

interface Member {
  recipient: string;
  addedAt: string;
}
interface Topic {
  topic: string;
  members: number;
  capped: boolean;
}
const at = (topic: string, rest = '/members') => `/v1/topics/${encodeURIComponent(topic)}${rest}`;
const change = (topic: string, body: object) =>
  engine.call<{ added: number; removed: number }>('PUT', at(topic), body);
const membersOf = async (topic: string) =>
  (await engine.call<Page<Member>>('GET', at(topic))).body.items.map(({ recipient }) => recipient);

describe('a topic', () => {
  it('takes members in and lets them go, as often as it is told', async () => {
    expect((await change('deals', { add: ['u-2', 'u-1', 'u-1'] })).body).toEqual({ added: 2, removed: 0 });
    expect((await change('deals', { add: ['u-2', 'u-3'] })).body).toEqual({ added: 1, removed: 0 });
    expect((await change('deals', { add: ['u-4'], remove: ['u-2', 'u-9'] })).body).toEqual({
      added: 1,
      removed: 1,
    });
    expect((await change('deals', { remove: ['u-2'] })).body).toEqual({ added: 0, removed: 0 });
    expect((await change('deals', {})).body).toEqual({ added: 0, removed: 0 });
    expect(await membersOf('deals')).toEqual(['u-1', 'u-3', 'u-4']);
  });

  it('keeps the time at which somebody came', async () => {
    await change('times', { add: ['u-1'] });
    const first = (await engine.call<Page<Member>>('GET', at('times'))).body.items[0]?.addedAt;
    await change('times', { add: ['u-1'] });
    expect((await engine.call<Page<Member>>('GET', at('times'))).body.items[0]?.addedAt).toBe(first);
  });

  it('refuses the same person for both', async () => {
    const answer = await engine.call('PUT', at('both'), { add: ['u-1'], remove: ['u-2', 'u-1'] });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ path: 'remove.1', message: 'is to be added too' }] },
    });
    expect(await membersOf('both')).toEqual([]);
  });

  it('takes a thousand at once and no more', async () => {
    const many = Array.from({ length: 1001 }, (_each, index) => `u-${index}`);
    const answer = await engine.call('PUT', at('many'), { add: many });
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([400, 'add']);
    expect((await change('many', { add: many.slice(1) })).body).toEqual({ added: 1000, removed: 0 });
  });

  it('lists its members in byte order, in pages without gaps or repeats', async () => {
    const ids = ['u-2', 'u-10', 'u-1', 'Zoë', 'a/b', 'a', '\uffee', '💥', '~'];
    await change('pages', { add: ids });
    const pages = await allPages<Member>(engine.call, `${at('pages')}?limit=4`);
    expect(pages.map(({ length }) => length)).toEqual([4, 4, 1]);
    expect(pages.flat().map(({ recipient }) => recipient)).toEqual(ids.sort(byBytes));
  });

  it('may be called anything, and shares no member with one of nearly its name', async () => {
    const topics = ['x', 'x/y', 'x%2Fy', 'x0', 'x!', 'équipe 💥', 'x y'];
    for (const topic of topics) await change(topic, { add: [`member of ${topic}`] });
    for (const topic of topics) expect(await membersOf(topic)).toEqual([`member of ${topic}`]);
    expect((await engine.call('DELETE', at('x', ''))).status).toBe(204);
    for (const topic of topics.slice(1)) expect(await membersOf(topic)).toEqual([`member of ${topic}`]);
  });

  it('gives a broadcast those who were there when it began', async () => {
    await change('began', { add: ['u-1', 'u-3'] });
    const began = new Date();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await change('began', { add: ['u-2', 'u-1'] });
    const ids = (afterId?: string) =>
      engine.models.topicMembers.idsAfter(engine.tenantId, 'began', afterId, 10, began);
    expect(await ids()).toEqual(['u-1', 'u-3']);
    expect(await ids('u-1')).toEqual(['u-3']);
    expect(await ids('u-3')).toEqual([]);
  });
});

describe('topics', () => {
  it('are listed with their members counted, and end with their last member', async () => {
    const tenant = `${engine.tenantId}-list`;
    await engine.call('POST', '/v1/tenants', { id: tenant, name: 'List' });
    const call: CheckedCaller = (method, path, body) => engine.call(method, path, body, { tenant });
    const names = ['b', 'a', 'a b', 'c/d', 'é'];
    for (const topic of names) await call('PUT', at(topic), { add: ['u-1', 'u-2'] });
    for (const page of [0, 1]) {
      const add = Array.from({ length: 1000 }, (_each, index) => `m-${page}-${index}`);
      await call('PUT', at('large'), { add });
    }
    const pages = await allPages<Topic>(call, '/v1/topics?limit=4');
    expect(pages.map(({ length }) => length)).toEqual([4, 2]);
    const found = new Map(pages.flat().map((topic) => [topic.topic, topic]));
    expect([...found.keys()].sort()).toEqual([...names, 'large'].sort());
    expect(found.get('c/d')).toEqual({ topic: 'c/d', members: 2, capped: false });
    expect(found.get('large')).toEqual({ topic: 'large', members: 1000, capped: true });

    expect((await call('DELETE', at('large', ''))).status).toBe(204);
    expect((await call('DELETE', at('large', ''))).body.code).toBe('not_found');
    await call('PUT', at('a b'), { remove: ['u-1', 'u-2'] });
    const left = (await call<Page<Topic>>('GET', '/v1/topics')).body.items.map(({ topic }) => topic);
    expect(left.sort()).toEqual(['a', 'b', 'c/d', 'é']);
  });

  it('are each tenant’s own', async () => {
    const tenant = `${engine.tenantId}-b`;
    await engine.call('POST', '/v1/tenants', { id: tenant, name: 'Other' });
    await change('ours', { add: ['u-1'] });
    const theirs = { tenant };
    expect((await engine.call<Page<Member>>('GET', at('ours'), undefined, theirs)).body.items).toEqual([]);
    expect((await engine.call<Page<Topic>>('GET', '/v1/topics', undefined, theirs)).body.items).toEqual([]);
    expect((await engine.call('DELETE', at('ours', ''), undefined, theirs)).status).toBe(404);
    expect(await membersOf('ours')).toEqual(['u-1']);
  });

  it('are listed for a person who is in them, in pages, and nobody else’s', async () => {
    const names = ['a', 'b/c', 'é', 'zoo'];
    for (const topic of names) await change(topic, { add: ['u-in', 'u-other'] });
    await change('elsewhere', { add: ['u-other'] });
    const me = asPerson(engine, await tokenOf(engine, 'u-in'));
    const pages = await allPages<{ topic: string; addedAt: string }>(me, '/v1/me/topics?limit=3');
    expect(pages.map((items) => items.map(({ topic }) => topic))).toEqual([['a', 'b/c', 'zoo'], ['é']]);
    expect(pages.flat()[0]?.addedAt).toMatch(/^\d{4}-/);
  });

  it('lose a person who is deleted', async () => {
    await engine.call('PUT', '/v1/subscribers/u-gone', {});
    for (const topic of ['one', 'two']) await change(topic, { add: ['u-gone', 'u-stays'] });
    const topicsOf = () => engine.models.topicMembers.topicsOf(engine.tenantId, 'u-gone');
    expect(await topicsOf()).toEqual(['one', 'two']);
    expect((await engine.call('DELETE', '/v1/subscribers/u-gone')).status).toBe(204);
    expect(await topicsOf()).toEqual([]);
    expect(await membersOf('one')).toEqual(['u-stays']);
  });

  it('are changed by a sender and deleted by a manager, which is written down', async () => {
    const sender = { token: (await keyOf(engine, ['sender'])).key };
    const manager = { token: (await keyOf(engine, ['manager'])).key };
    expect((await engine.call('PUT', at('roles'), { add: ['u-1'] }, sender)).status).toBe(200);
    expect((await engine.call('GET', at('roles'), undefined, sender)).status).toBe(200);
    expect((await engine.call('DELETE', at('roles', ''), undefined, sender)).status).toBe(403);
    expect((await engine.call('DELETE', at('roles', ''), undefined, manager)).status).toBe(204);
    const audited = await engine.mongo
      .collection('audit')
      .findOne({ tenantId: engine.tenantId, action: 'topic.deleted', subject: 'roles' });
    expect(audited?.before).toBe('{"members":1}');
  });
});
