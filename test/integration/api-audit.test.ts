import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { masked } from '../../contracts/tenant-channels.js';
import {
  accept,
  allPages,
  approval,
  inSeconds,
  keyOf,
  startChecked,
  type CheckedEngine,
  type Page,
} from '../unit/api-checked.js';

interface Entry {
  id: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

const secret = `pw-${randomBytes(9).toString('hex')}`;
let engine: CheckedEngine;
let admin: { id: string; key: string };

beforeAll(async () => {
  engine = await startChecked();
  admin = await keyOf(engine, ['admin']);
});
afterAll(() => engine.stop());

const trail = async (query = '') => (await engine.call<Page<Entry>>('GET', `/v1/audit?${query}`)).body.items;
const latest = async () => (await trail('limit=1'))[0];
const asAdmin = () => ({ token: admin.key });

describe('the trail', () => {
  it('tells of a setting what it was and became, and by whose key', async () => {
    await engine.call('PATCH', '/v1/tenant', { locale: 'fr' }, asAdmin());
    expect(await latest()).toMatchObject({
      actor: `key:${admin.id}`,
      action: 'tenant.changed',
      subject: engine.tenantId,
      before: { locale: 'en' },
      after: { locale: 'fr' },
    });
  });

  it('tells of credentials that they changed, and no secret', async () => {
    const credentials = { host: 'mail.example', user: 'acme', pass: secret };
    await engine.call('PUT', '/v1/tenant/channels/email/providers/smtp', { credentials }, asAdmin());
    await engine.call('DELETE', '/v1/tenant/channels/email/providers/smtp', undefined, asAdmin());
    expect(await latest()).toMatchObject({
      action: 'credentials.removed',
      subject: 'email/smtp',
      before: { host: 'mail.example', pass: masked },
      after: null,
    });
    const rows = await engine.mongo.collection('audit').find().toArray();
    expect(JSON.stringify([await trail('limit=100'), rows])).not.toContain(secret);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    [
      'a key that was made',
      'api_key.created',
      () => engine.call('POST', '/v1/api-keys', { name: 'k', roles: ['sender'] }),
    ],
    [
      'a key that was revoked',
      'api_key.revoked',
      async () => engine.call('DELETE', `/v1/api-keys/${(await keyOf(engine, ['sender'])).id}`),
    ],
    [
      'a person who was deleted',
      'subscriber.deleted',
      async () => {
        await engine.call('PUT', '/v1/subscribers/u-gone', {});
        await engine.call('DELETE', '/v1/subscribers/u-gone');
      },
    ],
    [
      'tokens that were revoked',
      'subscriber.tokens_revoked',
      async () => {
        await engine.call('PUT', '/v1/subscribers/u-1', {});
        await engine.call('POST', '/v1/subscribers/u-1/tokens/revoke');
      },
    ],
    [
      'a notification that an operator stopped',
      'notification.cancelled',
      async () => {
        const id = await accept(engine, approval('u-2', { sendAt: inSeconds(3600) }));
        await engine.call('POST', `/v1/notifications/${id}/cancel`, { reason: 'a mistake' });
      },
    ],
    [
      'a draft of a broadcast',
      'broadcast.created',
      () =>
        engine.call('POST', '/v1/broadcasts', {
          name: 'News',
          type: 'system',
          data: { title: 'a', message: 'b' },
        }),
    ],
  ])('tells of %s', async (_what, action, act) => {
    const { length } = await trail(`action=${action}&limit=100`);
    await act();
    expect(await trail(`action=${action}&limit=100`)).toHaveLength(length + 1);
    expect(await latest()).toMatchObject({ action });
  });

  it('says nothing of what was refused, or repeated', async () => {
    const before = await trail('limit=100');
    await engine.call('PATCH', '/v1/tenant', { locale: 'no locale' });
    await engine.call('DELETE', '/v1/api-keys/key_nothing');
    expect(await trail('limit=100')).toEqual(before);
  });
});

describe('the list', () => {
  it('is filtered by actor, action, subject and time', async () => {
    await engine.call('PATCH', '/v1/tenant', { locale: 'en' }, asAdmin());
    const all = await trail('limit=100');
    const [newest] = all;
    expect(await trail(`actor=key:${admin.id}&limit=100`)).toEqual(
      all.filter(({ actor }) => actor === `key:${admin.id}`),
    );
    expect(await trail(`subject=${engine.tenantId}&action=tenant.changed&limit=100`)).toEqual(
      all.filter(({ action }) => action === 'tenant.changed'),
    );
    expect(await trail(`from=${newest?.at}`)).toEqual([newest]);
    expect(await trail(`to=${newest?.at}&limit=100`)).toEqual(all.slice(1));
  });

  it('goes on by its cursor, without a gap or a repetition', async () => {
    const pages = await allPages<Entry>(engine.call, '/v1/audit?limit=2');
    expect(pages.flat()).toEqual(await trail('limit=100'));
  });

  it('is an administrator’s, of their own tenant', async () => {
    const { key } = await keyOf(engine, ['manager']);
    expect((await engine.call('GET', '/v1/audit', undefined, { token: key })).status).toBe(403);
    const other = `${engine.tenantId}-other`;
    await engine.call('POST', '/v1/tenants', { id: other, name: 'Other' });
    const { body } = await engine.call<Page<Entry>>('GET', '/v1/audit', undefined, { tenant: other });
    expect(body.items).toMatchObject([{ action: 'tenant.created', subject: other, actor: 'platform' }]);
  });

  it('goes after the tenant’s auditDays', async () => {
    await engine.call('PATCH', '/v1/tenant', { retention: { auditDays: 10 } });
    const row = await engine.mongo.collection('audit').find().sort({ at: -1 }).limit(1).next();
    expect((row?.purgeAt.getTime() - row?.at.getTime()) / 86_400_000).toBe(10);
  });
});
