import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PersonTokens } from '../../api/person-tokens.js';
import { eventually } from '../support/engine.js';
import { refusalOf, ring, type Bell } from '../support/bells.js';
import { inbox, startSecondApi, type SecondApi } from '../support/live-inbox.js';
import { keyOf, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

const page = 'https://app.example';
let engine: CheckedEngine;
/** Another process, with small limits. */
let small: SecondApi;
let otherTenant: string;
const bells: Bell[] = [];
beforeAll(async () => {
  engine = await startChecked({ worker: false });
  otherTenant = `${engine.tenantId}-b`;
  await engine.call('POST', '/v1/tenants', { id: otherTenant, name: 'Other' });
  await engine.call('PUT', '/v1/tenant/auth', { allowedOrigins: [page] });
  await engine.call(
    'PUT',
    '/v1/tenant/auth',
    { allowedOrigins: ['https://other.example'] },
    { tenant: otherTenant },
  );
  small = await startSecondApi(engine, {
    env: { CARILLON_SOCKETS_PER_PERSON: '2', CARILLON_SOCKETS_PER_TENANT: '3' },
    realtime: { maxBufferedBytes: 3_000_000, slowMs: 200, maxAtOnce: 10_000, connectTimeoutMs: 300 },
  });
});
afterAll(async () => {
  for (const bell of bells) bell.close();
  await small.stop();
  await engine.stop();
});

function open(auth: Record<string, unknown>, options = {}, url = engine.url): Bell {
  const bell = ring(url, auth, options);
  bells.push(bell);
  return bell;
}

async function connected(token: string, url = engine.url): Promise<Bell> {
  const bell = open({ token }, {}, url);
  await bell.next('ready');
  return bell;
}

interface Connections {
  sockets: number;
  websocket: number;
  polling: number;
  persons: number;
  refused: Record<string, number>;
  processes: { id: string; name: string | null; sockets: number }[];
}
const figures = async (options = {}) =>
  (await engine.call<Connections>('GET', '/v1/system/connections', undefined, options)).body;

describe('a client is not let in', () => {
  it.each<[string, () => Promise<Record<string, unknown>> | Record<string, unknown>]>([
    ['without a token', () => ({})],
    ['with a token that is none', () => ({ token: 'x' })],
    ['with a token of another kind', () => ({ token: 42 })],
    ['with an API key', async () => ({ token: (await keyOf(engine, ['admin'])).key })],
    [
      'with an expired token',
      async () => ({
        token: (
          await new PersonTokens(engine.models).issue(engine.tenantId, 'u-1', 1000, Date.now() - 60_000)
        ).token,
      }),
    ],
    [
      'with a token of another tenant than it names',
      async () => ({ token: await tokenOf(engine, 'u-1'), tenantId: otherTenant }),
    ],
  ])('%s', async (_what, auth) => {
    expect(await refusalOf(open(await auth()))).toMatchObject({ code: 'unauthenticated' });
  });

  it('with the token in the URL', async () => {
    const token = await tokenOf(engine, 'u-1');
    expect(await refusalOf(open({}, { query: { token } }))).toMatchObject({ code: 'unauthenticated' });
  });

  it('from a page of an origin that another tenant lists', async () => {
    const token = await tokenOf(engine, 'u-1');
    const from = (origin: string) => open({ token }, { extraHeaders: { origin } });
    expect(await refusalOf(from('https://other.example'))).toMatchObject({ code: 'forbidden' });
    expect(await refusalOf(from('null'))).toMatchObject({ code: 'forbidden' });
    await from(page).next('ready');
    await from(engine.url).next('ready');
  });

  it('to the default namespace', async () => {
    const nobody = ring(engine.url, {}).socket.io.socket('/');
    nobody.connect();
    const [error] = (await once(nobody as never, 'connect_error')) as [Error];
    expect(error.message).toContain('/inbox');
  });

  it('and left hanging: who does not say who they are is sent away', async () => {
    const ask = async (sid = '') =>
      (await fetch(`${small.url}/socket.io/?EIO=4&transport=polling${sid}`)).text();
    const { sid } = JSON.parse((await ask()).slice(1)) as { sid: string };
    // Answered when the server ends it.
    await ask(`&sid=${sid}`);
    expect(await ask(`&sid=${sid}`)).toContain('Session ID unknown');
  });
});

describe('polling from a page', () => {
  const ask = (origin: string) =>
    fetch(`${engine.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } });

  it('is shown to origins that a tenant lists, and to no other', async () => {
    const listed = await ask(page);
    expect(listed.headers.get('access-control-allow-origin')).toBe(page);
    expect(listed.headers.get('access-control-allow-credentials')).toBeNull();
    expect(listed.headers.get('cache-control')).toBe('no-store');
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('another tenant’s person of the same ID', () => {
  it('hears nothing of this one', async () => {
    await engine.call('PUT', '/v1/subscribers/u-same', {}, { tenant: otherTenant });
    const { token } = await new PersonTokens(engine.models).issue(otherTenant, 'u-same', 60_000);
    const theirs = await connected(token);
    const ours = await connected(await tokenOf(engine, 'u-same'));
    await inbox(engine, 'u-same')('Ours');
    await ours.next('counts');
    await inbox({ ...engine, tenantId: otherTenant }, 'u-same')('Theirs');
    expect((await theirs.next('created')).item.title).toBe('Theirs');
    expect(JSON.stringify(theirs.heard)).not.toContain('Ours');
  });
});

describe('a connection ends', () => {
  it('when its token expires', async () => {
    await tokenOf(engine, 'u-short');
    const { token } = await new PersonTokens(engine.models).issue(engine.tenantId, 'u-short', 1000);
    const bell = open({ token });
    await bell.next('ready');
    expect(await bell.gone(3000)).toBe('io server disconnect');
  });

  it('at every process when the person’s tokens are revoked, but not with a token made since', async () => {
    const token = await tokenOf(engine, 'u-revoked');
    const old = [await connected(token), await connected(token, small.url)];
    await engine.call('POST', '/v1/subscribers/u-revoked/tokens/revoke');
    for (const bell of old) expect(await bell.gone()).toBe('io server disconnect');
    const fresh = await connected(await tokenOf(engine, 'u-revoked'));
    await engine.call('PATCH', '/v1/subscribers/u-revoked', { locale: 'fr' });
    await inbox(engine, 'u-revoked')('Still here');
    await fresh.next('created');
  });

  it('when the person is deleted', async () => {
    const bell = await connected(await tokenOf(engine, 'u-deleted'));
    await engine.call('DELETE', '/v1/subscribers/u-deleted');
    expect(await bell.gone()).toBe('io server disconnect');
  });

  it('when the client floods, whatever it sends', async () => {
    const bell = await connected(await tokenOf(engine, 'u-flood'));
    for (let count = 0; count < 30; count += 1) bell.socket.emit('noise', count);
    expect(await bell.gone()).toBe('transport close');
    expect((await figures({ tenant: null })).refused.flood).toBe(1);
  });

  it('when a message is larger than a token can be', async () => {
    const bell = await connected(await tokenOf(engine, 'u-large'));
    bell.socket.emit('noise', 'x'.repeat(20_000));
    expect(await bell.gone()).toBe('transport close');
  });

  it('when the client is too slow for what there is to tell, which it is told when it is back', async () => {
    const token = await tokenOf(engine, 'u-slow');
    const bell = await connected(token, small.url);
    const wire = bell.socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } };
    wire.ws.pause();
    const add = inbox(engine, 'u-slow');
    // Until neither side's buffers of the operating system take more.
    await eventually(
      'cut off',
      async () => {
        await add(...Array.from({ length: 60 }, () => 'x'.repeat(60_000)));
        return small.live.figures().find(({ tenantId }) => tenantId === engine.tenantId);
      },
      (seen) => seen?.refused.slow === 1,
    );
    wire.ws.resume();
    await bell.gone();
    expect(bell.heard.length).toBeLessThan(200);
    const back = open({ token, since: bell.cursor() }, {}, small.url);
    // More than goes out in one go.
    await back.next('ready', ({ reload }) => reload === true);
    back.close();
  });
});

describe('an unknown event', () => {
  it('is answered with an error where an answer is awaited, and changes nothing', async () => {
    const bell = await connected(await tokenOf(engine, 'u-asks'));
    const answer: unknown = await bell.socket.timeout(2000).emitWithAck('delete everything', { now: true });
    expect(answer).toEqual({ error: { code: 'not_found', detail: 'there is no event "delete everything"' } });
    bell.socket.emit('ready', {});
    await inbox(engine, 'u-asks')('Still told');
    await bell.next('created');
  });
});

describe('limits', () => {
  it('refuse one connection too many of a person, and of a tenant, until one is given back', async () => {
    const [one, other] = [await tokenOf(engine, 'u-many'), await tokenOf(engine, 'u-few')];
    await eventually(
      'nobody there',
      () => Promise.resolve(small.live.presence.isEmpty),
      (isEmpty) => isEmpty,
    );
    const first = await connected(one, small.url);
    const second = await connected(one, small.url);
    const tooMany = await refusalOf(open({ token: one }, {}, small.url));
    expect(tooMany).toMatchObject({ code: 'rate_limited', detail: 'this person has too many connections' });
    const third = await connected(other, small.url);
    expect(await refusalOf(open({ token: other }, {}, small.url))).toMatchObject({
      code: 'rate_limited',
      detail: 'the tenant has too many connections',
    });
    second.close();
    await eventually(
      'a place',
      async () => {
        const bell = ring(small.url, { token: other });
        bells.push(bell);
        return bell.next('ready', undefined, 500).then(
          () => bell,
          () => undefined,
        );
      },
      (bell) => bell !== undefined,
    );
    first.close();
    third.close();
  });
});

describe('the figures', () => {
  it('tell an admin of the tenant’s own sockets at all processes, and an operator of all', async () => {
    await connected(await tokenOf(engine, 'u-counted'));
    open({ token: await tokenOf(engine, 'u-counted') }, { transports: ['polling'] });
    const { token } = await new PersonTokens(engine.models).issue(otherTenant, 'u-same', 60_000);
    await connected(token);
    const admin = { token: (await keyOf(engine, ['admin'])).key };
    const own = await eventually(
      'polling',
      () => figures(admin),
      ({ polling }) => polling === 1,
    );
    expect(own.sockets).toBe(own.websocket + own.polling);
    expect(own.processes.every(({ name }) => name === null)).toBe(true);
    const theirs = await figures({ tenant: otherTenant });
    expect(theirs).toMatchObject({ polling: 0, persons: 1, refused: {} });
    const all = await figures({ tenant: null });
    expect(all.sockets).toBe(own.sockets + theirs.sockets);
    expect(all.refused.unauthenticated).toBeGreaterThan(5);
    expect(all.processes[0]?.name).toContain(String(process.pid));
  });
});
