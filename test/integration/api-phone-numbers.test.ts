import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startChecked, type Accepted, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;

beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await engine.call('PATCH', '/v1/tenant', { region: 'FR' });
});

const inNoRegion = () => engine.call('PATCH', '/v1/tenant', { region: null });
const phoneOf = async (id: string) =>
  (await engine.call<{ phone: string }>('GET', `/v1/subscribers/${id}`)).body.phone;

describe('a tenant’s region', () => {
  it('is nowhere at first, and is kept', async () => {
    const id = `${engine.tenantId}-region`;
    const created = await engine.call<object>('POST', '/v1/tenants', { id, name: 'Region' });
    expect(created.body).toMatchObject({ region: null });
    const changed = await engine.call<object>('PATCH', '/v1/tenant', { region: 'DE' }, { tenant: id });
    expect(changed.body).toMatchObject({ region: 'DE' });
  });

  it.each(['fr', 'FRA', 'XX', 'AQ', '', 33])('is not %s', async (region) => {
    const answer = await engine.call('PATCH', '/v1/tenant', { region });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'region' }] } });
  });
});

describe('a phone number as it is dialled in the tenant’s region', () => {
  it('is kept in E.164 however a person is written', async () => {
    const phone = '06 12 34 56 78';
    await engine.call('POST', '/v1/subscribers', { id: 'u-1', phone });
    expect(await phoneOf('u-1')).toBe('+33612345678');
    await engine.call('PUT', '/v1/subscribers/u-1', { phone: '07 12 34 56 78' });
    expect(await phoneOf('u-1')).toBe('+33712345678');
    await engine.call('PATCH', '/v1/subscribers/u-1', { phone });
    expect(await phoneOf('u-1')).toBe('+33612345678');
    const { body } = await engine.call<{ token: string }>('POST', '/v1/subscribers/u-1/token');
    const own = await engine.call<object>('PATCH', '/v1/me', { phone: '0712345679' }, { token: body.token });
    expect(own.body).toMatchObject({ phone: '+33712345679' });
    await engine.call('PATCH', '/v1/subscribers/u-1', { phone: null });
    expect(await phoneOf('u-1')).toBeNull();
  });

  it('is kept in E.164 from a file, whose bad rows are left out', async () => {
    const rows = [
      { id: 'f-1', phone: '0612345671' },
      { id: 'f-2', phone: '061' },
      { id: 'f-3', phone: '+44 20 7946 0958' },
    ];
    const raw = rows.map((row) => JSON.stringify(row)).join('\n');
    const answer = await engine.call<object>('POST', '/v1/subscribers/import', undefined, {
      raw,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(answer.body).toMatchObject({
      imported: 2,
      rejected: 1,
      errors: [{ line: 2, path: 'phone' }],
    });
    expect([await phoneOf('f-1'), await phoneOf('f-3')]).toEqual(['+33612345671', '+442079460958']);
  });

  it('brought with a trigger is the same person and the same address as in E.164', async () => {
    const trigger = (recipient: object) => ({
      type: 'direct',
      to: { recipient },
      content: { in_app: { title: 'Hello', message: 'Hello' } },
      channels: ['in_app'],
    });
    await engine.call('POST', '/v1/notifications?wait=decision', trigger({ id: 'i-1', phone: '0612345672' }));
    expect(await phoneOf('i-1')).toBe('+33612345672');
    const accept = async (phone: string) => {
      const key = { 'idempotency-key': 'the same number' };
      const body = trigger({ phone });
      return engine.call<Accepted>('POST', '/v1/notifications', body, { headers: key });
    };
    const first = await accept('0612345673');
    const again = await accept('+33 6 12 34 56 73');
    expect([first.status, again.status, again.body.duplicate]).toEqual([202, 200, true]);
    expect(again.body.id).toBe(first.body.id);
  });

  it.each([
    ['PUT', '/v1/subscribers/u-bad', { phone: '061' }, 'phone'],
    ['POST', '/v1/subscribers', { id: 'u-bad', phone: '+33612' }, 'phone'],
    ['POST', '/v1/notifications', { to: { recipient: { phone: '061' } } }, 'to.recipient.phone'],
    [
      'POST',
      '/v1/notifications',
      { to: { recipients: ['u-1', { phone: '0612345678' }, { id: 'u-2', phone: '061' }] } },
      'to.recipients.2.phone',
    ],
    [
      'POST',
      '/v1/broadcasts',
      { name: 'News', to: { recipients: [{ id: 'u-2', phone: '061' }] } },
      'to.recipients.0.phone',
    ],
  ] as const)('is refused by %s %s where it is not possible (%#)', async (method, path, body, place) => {
    const message = path.startsWith('/v1/subscribers')
      ? {}
      : { type: 'direct', content: { sms: { text: 'Hello' } } };
    const answer = await engine.call(method, path, { ...message, ...body });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ path: place }] },
    });
    expect(answer.body.detail).toContain('+33612345678');
  });

  it('is refused in a batch at its own place', async () => {
    const one = (phone: string) => ({
      type: 'direct',
      to: { recipient: { phone } },
      content: { sms: { text: 'Hello' } },
    });
    const answer = await engine.call<{ items: object[] }>('POST', '/v1/notifications/batch', [
      one('0612345678'),
      one('061'),
    ]);
    expect(answer.body.items).toMatchObject([
      { statusCode: 202 },
      { statusCode: 400, errors: [{ path: 'to.recipient.phone' }] },
    ]);
  });

  it('needs its country’s code where the tenant has no region', async () => {
    await inNoRegion();
    const answer = await engine.call('PUT', '/v1/subscribers/u-1', { phone: '0612345678' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'phone' }] } });
    expect(answer.body.detail).toContain('+33612345678');
    await engine.call('PUT', '/v1/subscribers/u-1', { phone: '+33 6 12 34 56 78' });
    expect(await phoneOf('u-1')).toBe('+33612345678');
  });
});
