import { request as askOver } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInTypes } from '../../templates/built-in-types.js';
import { eventually } from '../support/engine.js';
import { startChecked, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
let without: CheckedEngine;

beforeAll(async () => {
  const tenant = { id: 'demo-of-test', timezone: 'Europe/Paris' };
  [engine, without] = await Promise.all([
    startChecked({ tenant, env: { CARILLON_DEMO_TENANT: tenant.id } }),
    startChecked({ worker: false }),
  ]);
});
afterAll(() => Promise.all([engine.stop(), without.stop()]));

interface Answered {
  status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
  headers: NodeJS.Dict<string | string[]>;
}

/** As a browser on this machine, which `fetch` would not let itself be taken for: it sets the host itself. */
function ask(
  method: 'GET' | 'POST',
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; url?: string } = {},
): Promise<Answered> {
  const { body, headers = {}, url = engine.url } = options;
  const { promise, resolve, reject } = withResolvers<Answered>();
  const own = {
    ...(method === 'POST' ? { origin: url, 'content-type': 'application/json' } : {}),
    ...headers,
  };
  askOver(`${url}${path}`, { method, headers: own }, (response) => {
    text(response).then((said) => {
      const isJson = String(response.headers['content-type']).includes('json');
      const parsed = isJson ? (JSON.parse(said) as unknown) : said;
      resolve({ status: response.statusCode ?? 0, body: parsed, headers: response.headers });
    }, reject);
  })
    .on('error', reject)
    .end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((done, failed) => ([resolve, reject] = [done, failed]));
  return { promise, resolve, reject };
}

const press = (body: unknown, headers?: Record<string, string>) =>
  ask('POST', '/demo/trigger', { body, headers });

describe('the demo page', () => {
  it('is not there unless the deployment names a tenant for it', async () => {
    for (const [method, path] of [
      ['GET', '/demo'],
      ['GET', '/demo/base.css'],
      ['GET', '/demo/notifications'],
      ['POST', '/demo/session'],
      ['POST', '/demo/trigger'],
    ] as const)
      expect((await ask(method, path, { url: without.url })).status, path).toBe(404);
  });

  it('allows nothing inline and nothing from elsewhere', async () => {
    const { status, body, headers } = await ask('GET', '/demo');
    expect(status).toBe(200);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(body).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=|https?:\/\//);
  });

  it.each<{ why: string; headers: Record<string, string> }>([
    { why: 'a name that was pointed here', headers: { host: 'evil.example' } },
    { why: 'a proxy', headers: { 'x-forwarded-for': '203.0.113.7' } },
  ])('refuses $why', async ({ headers }) => {
    for (const path of ['/demo', '/demo/notifications'])
      expect((await ask('GET', path, { headers })).status).toBe(403);
    expect((await ask('POST', '/demo/session', { headers })).status).toBe(403);
  });

  it.each(['https://evil.example', 'http://127.0.0.1:1', 'null'])('refuses a page of %s', async (origin) => {
    expect((await ask('POST', '/demo/session', { headers: { origin } })).status).toBe(403);
    expect((await press({ type: 'welcome', to: 'ann' }, { origin })).status).toBe(403);
  });
});

describe('a session of the demo', () => {
  it('gives each of the two a token of their own, and no key', async () => {
    const { status, body } = await ask('POST', '/demo/session');
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain('ck_');
    for (const { id, token } of body.people) {
      const me = await engine.call<{ id: string }>('GET', '/v1/me', undefined, { token });
      expect(me.body.id).toBe(id);
      expect((await engine.call('GET', '/v1/notifications', undefined, { token })).status).toBe(403);
    }
  });

  it('has a button for every built-in type but the summary, which the engine makes', async () => {
    const { body } = await ask('POST', '/demo/session');
    const names = builtInTypes.map(({ name }) => name).filter((name) => name !== 'digest');
    expect(body.types.map((type: { name: string }) => type.name)).toEqual(names);
  });
});

describe('a press of a button', () => {
  it('tells one of the two what the other did, and the story tells why it went where', async () => {
    await ask('POST', '/demo/session');
    const { status, body } = await press({ type: 'mention', to: 'ben', also: ['sms'], contract: 'c-2' });
    expect(status).toBe(202);
    const story = await eventually(
      'sent',
      async () => (await ask('GET', `/demo/notifications/${body.id}`)).body,
      (seen) => seen.status === 'sent',
    );
    expect(story).toMatchObject({ recipient: 'ben', actor: 'ann', related: { type: 'contract', id: 'c-2' } });
    expect(story.title).toContain('Ann Marlow');
    expect(story.plan.channels.sms).toEqual({ action: 'skip', reason: 'channel_not_configured' });
    const { items } = (await ask('GET', '/demo/notifications')).body;
    expect(items[0]).toMatchObject({ id: body.id, deliveries: story.deliveries });
  });

  it('collects what is to be collected, until somebody wants it now', async () => {
    await ask('POST', '/demo/session');
    const { body } = await press({ type: 'contract_updated', to: 'ann', also: ['digest'] });
    const status = async () => String((await ask('GET', `/demo/notifications/${body.id}`)).body.status);
    await eventually('collected', status, (seen) => seen === 'digesting');
    const expedited = async () =>
      (await ask('POST', `/demo/notifications/${body.id}/expedite`, { body: {} })).status;
    await eventually('expedited', expedited, (answered) => answered === 202);
    await eventually('sent', status, (seen) => seen === 'sent');
  });

  it.each([
    ['a type that there is not', { type: 'nothing_such', to: 'ann' }, 422],
    ['the summary', { type: 'digest', to: 'ann' }, 422],
    ['somebody else', { type: 'welcome', to: 'carla' }, 400],
    ['words of one’s own', { type: 'direct', to: 'ann', content: {} }, 400],
    ['another channel', { type: 'welcome', to: 'ann', also: ['slack'] }, 400],
    ['nothing', undefined, 400],
  ])('is refused for %s', async (_what, body, status) => {
    expect((await press(body)).status).toBe(status);
  });
});

it('presses at most 120 times in ten seconds, and says when to go on', async () => {
  const answers = await Promise.all(
    Array.from({ length: 130 }, () => press({ type: 'nothing_such', to: 'ann' })),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
});
