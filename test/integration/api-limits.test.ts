import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestLimits } from '../../api/request-limits.js';
import { keyOf, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;

beforeAll(async () => {
  engine = await startChecked({
    worker: false,
    env: {
      CARILLON_REQUESTS_PER_SECOND_PER_KEY: '20',
      CARILLON_REQUESTS_PER_SECOND_PER_PERSON: '5',
      CARILLON_REQUESTS_PER_SECOND_PER_TENANT: '30',
      CARILLON_FAILED_CALLS_PER_MINUTE: '10',
      CARILLON_TRUSTED_PROXIES: '1',
    },
  });
});
afterAll(() => engine.stop());

const caller = (id: string, tenantId = 'acme') => ({
  kind: 'tenant' as const,
  actor: `key:${id}`,
  tenantId,
  roles: ['sender' as const],
});
const person = (id: string) => ({
  kind: 'person' as const,
  actor: `person:${id}`,
  tenantId: 'acme',
  recipientId: id,
  roles: [],
});

/** How many of so many calls at once are taken. */
async function taken(count: number, call: () => Promise<void>): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, call));
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

describe('the request limits', () => {
  /** With a window of a minute, which no test outlasts. */
  const limits = () => new RequestLimits(engine.config, engine.models, 60);

  it('hold for each key and each person on their own', async () => {
    const own = limits();
    expect(await taken(25, () => own.take(caller('one'), 'ck_1'))).toBe(20);
    expect(await taken(9, () => own.take(person('u-1'), 'a.b.c'))).toBe(5);
    expect(await taken(3, () => own.take(person('u-2'), 'd.e.f'))).toBe(3);
  });

  it('hold for all of a tenant together, and for no other tenant', async () => {
    const own = limits();
    const calls = await Promise.all([
      taken(20, () => own.take(caller('one'), 'ck_1')),
      taken(20, () => own.take(caller('two'), 'ck_2')),
    ]);
    expect(calls.reduce((sum, count) => sum + count)).toBe(30);
    expect(await taken(20, () => own.take(caller('three', 'other'), 'ck_3'))).toBe(20);
  });

  it('spare a platform operator', async () => {
    const own = limits();
    const operator = { kind: 'platform' as const, actor: 'platform' };
    expect(await taken(200, () => own.take(operator, 'ck_0'))).toBe(200);
  });

  it('are lowered by the tenant, not raised', async () => {
    const tenant = { token: (await keyOf(engine, ['admin'])).key };
    const lowered = await engine.call<{ limits: object }>(
      'PATCH',
      '/v1/tenant',
      { limits: { requestsPerSecond: 2 } },
      tenant,
    );
    expect(lowered.body.limits).toEqual({ sendsPerSecond: {}, requestsPerSecond: 2 });
    const own = limits();
    expect(await taken(9, () => own.take(caller('one', engine.tenantId), 'ck_1'))).toBe(2);
    await engine.call('PATCH', '/v1/tenant', { limits: { requestsPerSecond: 1000 } });
    const raised = limits();
    const calls = ['one', 'two'].map((id) =>
      taken(20, () => raised.take(caller(id, engine.tenantId), `ck_${id}`)),
    );
    expect((await Promise.all(calls)).reduce((sum, count) => sum + count)).toBe(30);
    const reset = await engine.call<{ limits: object }>('PATCH', '/v1/tenant', {
      limits: { requestsPerSecond: null },
    });
    expect(reset.body.limits).toEqual({ sendsPerSecond: {} });
  });
});

describe('calls above a limit', () => {
  it('are answered 429 with the seconds to wait', async () => {
    const token = await tokenOf(engine, 'u-42');
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => engine.call('GET', '/v1/me', undefined, { token })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ body: { code: 'rate_limited' } });
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
  });
});

describe('wrong credentials', () => {
  const wrong = () => `ck_${randomBytes(32).toString('base64url')}`;
  const from = (address: string, token: string) =>
    engine.call('GET', '/v1/tenant', undefined, { token, headers: { 'x-forwarded-for': address } });

  it('are taken so often from one address, then not even looked at', async () => {
    const { key } = await keyOf(engine, ['sender']);
    for (let count = 0; count < 10; count += 1) expect((await from('8.8.8.8', wrong())).status).toBe(401);
    expect(await from('8.8.8.8', wrong())).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect((await from('8.8.8.8', key)).status).toBe(429);
    expect((await from('9.9.9.9', wrong())).status).toBe(401);
  });

  it('do not lock out a key that was right lately', async () => {
    const { key } = await keyOf(engine, ['sender']);
    expect((await from('7.7.7.7', key)).status).toBe(200);
    for (let count = 0; count < 10; count += 1) await from('7.7.7.7', wrong());
    expect((await from('7.7.7.7', wrong())).status).toBe(429);
    expect((await from('7.7.7.7', key)).status).toBe(200);
  });

  it('are forged callbacks, too, and do not lock out a provider that was right lately', async () => {
    const made = await engine.call<{ secret: string }>('POST', '/v1/tenant/hooks/smtp/secret');
    const callFrom = (address: string, secret: string) =>
      fetch(`${engine.url}/hooks/${engine.tenantId}/smtp`, {
        method: 'POST',
        body: 'Subject: none',
        headers: {
          'content-type': 'message/rfc822',
          authorization: `Bearer ${secret}`,
          'x-forwarded-for': address,
        },
      });
    expect((await callFrom('6.6.6.6', made.body.secret)).status).toBe(200);
    for (const address of ['5.5.5.5', '6.6.6.6'])
      for (let count = 0; count < 10; count += 1)
        expect((await callFrom(address, 'hs_forged')).status).toBe(403);
    expect((await callFrom('5.5.5.5', 'hs_forged')).status).toBe(429);
    expect((await callFrom('5.5.5.5', made.body.secret)).status).toBe(429);
    expect((await callFrom('6.6.6.6', made.body.secret)).status).toBe(200);
  });

  it('are counted by the 64 bits of an IPv6 line', async () => {
    for (let count = 0; count < 10; count += 1) await from(`2606:4700:1:2::${count + 1}`, wrong());
    expect((await from('2606:4700:1:2:ffff::1', wrong())).status).toBe(429);
    expect((await from('2606:4700:1:3::1', wrong())).status).toBe(401);
  });
});
