import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPages, keyOf, startChecked, type CheckedEngine, type Page } from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ worker: false });
});
afterAll(() => engine.stop());

interface Shown {
  id: string;
  channel: string;
  address: string;
  reason: string;
  category: string | null;
  actor: string | null;
}
const add = (body: object) => engine.call<Shown>('POST', '/v1/suppressions', body);
const list = async (query = '') =>
  (await engine.call<Page<Shown>>('GET', `/v1/suppressions?limit=100${query}`)).body.items;
const audited = () =>
  engine.mongo
    .collection('audit')
    .find({ action: /^suppression/ })
    .toArray();

describe('a suppression by hand', () => {
  it('is stored once, listed with its address, and audited without it', async () => {
    const body = { channel: 'email', address: 'ann@example.com', reason: 'manual' };
    const made = await add(body);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...body, category: null, actor: 'platform' });
    expect(await add(body)).toMatchObject({ status: 200, body: made.body });
    expect(await list()).toContainEqual(made.body);
    const entries = await audited();
    expect(entries).toMatchObject([{ action: 'suppression.added', subject: made.body.id }]);
    expect(JSON.stringify(entries)).not.toContain('ann@example.com');
  });

  it('is removed once, and audited', async () => {
    const { body } = await add({ channel: 'sms', address: '+33612345678', category: 'contracts' });
    expect(body).toMatchObject({ reason: 'manual', category: 'contracts' });
    expect((await engine.call('DELETE', `/v1/suppressions/${body.id}`)).status).toBe(204);
    expect((await engine.call('DELETE', `/v1/suppressions/${body.id}`)).status).toBe(404);
    expect((await audited()).filter(({ action }) => action === 'suppression.removed')).toHaveLength(1);
    expect(await list()).not.toContainEqual(body);
  });

  it('of a number as it is dialled in the tenant’s region is of its E.164 form, by which it is found', async () => {
    await engine.call('PATCH', '/v1/tenant', { region: 'FR' });
    const made = await add({ channel: 'sms', address: '06 98 76 54 32' });
    expect(made).toMatchObject({ status: 201, body: { address: '+33698765432' } });
    expect(await list('&channel=sms&address=0698765432')).toEqual([made.body]);
    await engine.call('PATCH', '/v1/tenant', { region: null });
  });

  it.each<[string, object, string]>([
    ['no e-mail address', { channel: 'email', address: 'ann' }, 'address'],
    ['no phone number', { channel: 'sms', address: '0612345678' }, 'address'],
    ['an e-mail address as a phone number', { channel: 'whatsapp', address: 'ann@example.com' }, 'address'],
    ['an empty address', { channel: 'slack', address: '' }, 'address'],
    ['no address', { channel: 'email' }, 'address'],
    ['the inbox', { channel: 'in_app', address: 'u-1' }, 'channel'],
    ['a device', { channel: 'push', address: 'token' }, 'channel'],
    ['an unknown channel', { channel: 'fax', address: '1' }, 'channel'],
    ['a reason of providers', { channel: 'email', address: 'a@example.com', reason: 'bounced' }, 'reason'],
    ['a category that is none', { channel: 'email', address: 'a@example.com', category: 'A b' }, 'category'],
    ['an unknown field', { channel: 'email', address: 'a@example.com', until: 'ever' }, 'until'],
  ])('of %s is refused', async (_what, body, path) => {
    const answer = await engine.call('POST', '/v1/suppressions', body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });
});

describe('the list', () => {
  it('is filtered, and pages without gaps or repeats', async () => {
    const addresses = Array.from({ length: 5 }, (_each, at) => `page-${at}@example.com`);
    for (const address of addresses) await add({ channel: 'email', address });
    await engine.models.suppressions.add(engine.tenantId, [
      { channel: 'sms', reason: 'opted_out', address: '+33600000001' },
    ]);
    const pages = await allPages<Shown>(engine.call, '/v1/suppressions?channel=email&limit=2');
    expect(pages.flat().map(({ address }) => address)).toEqual(expect.arrayContaining(addresses));
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(pages.flat().length);
    expect((await list('&reason=opted_out')).map(({ address }) => address)).toEqual(['+33600000001']);
    expect(await list(`&address=${encodeURIComponent('PAGE-3@example.com')}`)).toMatchObject([
      { address: 'page-3@example.com' },
    ]);
  });

  it.each(['channel=fax', 'reason=tired', 'limit=0', 'cursor=x', 'q=1'])('refuses ?%s', async (query) => {
    expect((await engine.call('GET', `/v1/suppressions?${query}`)).status).toBe(400);
  });

  it('is read by managers, and changed by admins alone', async () => {
    const { key } = await keyOf(engine, ['manager']);
    const { key: sender } = await keyOf(engine, ['sender']);
    const get = (token: string) => engine.call('GET', '/v1/suppressions', undefined, { token });
    expect([(await get(key)).status, (await get(sender)).status]).toEqual([200, 403]);
    const body = { channel: 'email', address: 'ann@example.com' };
    expect((await engine.call('POST', '/v1/suppressions', body, { token: key })).status).toBe(403);
  });
});
