import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../api/route.js';
import { routes } from '../../api/routes/routes.js';
import type { ApiCaller } from '../support/engine.js';
import {
  approval,
  asPerson,
  expectDeclared,
  run,
  startChecked,
  tokenOf,
  type Answer,
  type CheckedEngine,
  type Item,
  type Refusal,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
let token: string;
let notification: string;
beforeAll(async () => {
  engine = await startChecked();
  notification = (await run(engine, approval('u-1'))).id;
  token = await tokenOf(engine, 'u-1');
});
afterAll(() => engine.stop());

type Options = NonNullable<Parameters<ApiCaller>[3]>;
const nameOf = (route: Route) => `${route.method.toUpperCase()} ${route.path}`;

/** A path with IDs and names that are there. */
function filled(path: string, id: string): string {
  const values: Record<string, string> = {
    id,
    name: 'mention',
    type: 'mention',
    channel: 'email',
    locale: 'en',
  };
  return path.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}

/** Calls a route as somebody who may, with IDs that are there. */
function callRoute(route: Route, query: string, body: unknown, options: Options = {}) {
  const id = route.path.includes('/subscribers/')
    ? 'u-1'
    : route.path.includes('/deliveries/')
      ? `${notification}-email`
      : notification;
  const who = route.access === 'person' ? { token } : {};
  const method = route.method.toUpperCase() as Parameters<ApiCaller>[0];
  return engine.call(method, filled(route.path, id) + query, body, {
    ...who,
    ...options,
  });
}

const trigger = (body: unknown, options?: Options) => engine.call('POST', '/v1/notifications', body, options);
const raw = (text: string, headers?: Record<string, string>) => trigger(undefined, { raw: text, headers });
const pathsOf = (answer: Answer<Refusal>) => answer.body.errors?.map(({ path }) => path);

/** What one route takes of what all take in turns: it is refused in the same place for all. */
const inTurn = <T>(route: Route, all: readonly T[]) => all[routes.indexOf(route) % all.length] as T;

describe('every route with a body', () => {
  const withBody = routes.filter(({ body }) => body).map((route) => [nameOf(route), route] as const);

  it.each(withBody)('%s answers 400 to a body that is no object of its kind', async (_name, route) => {
    for (const body of [
      null,
      'text',
      42,
      true,
      { $gt: '' },
      { __proto__: null, unknown: { $ne: null } },
      [[]],
    ]) {
      const answer = await callRoute(route, '', body);
      // A batch is answered item by item.
      const expected = route.path.endsWith('/batch') && Array.isArray(body) ? 202 : 400;
      expect(answer.status, JSON.stringify(body)).toBe(expected);
    }
  });

  it.each(withBody)('%s answers 400 to what is not JSON', async (_name, route) => {
    const text = inTurn(route, ['{', '{"type":', '{"a":1}{', "{'a':1}", 'NaN', '\u0000', '<xml/>']);
    const answer = await callRoute(route, '', undefined, { raw: text });
    expect([answer.status, answer.body.detail], text).toEqual([400, 'body: is not valid JSON']);
  });

  it.each(withBody)('%s answers 400 to fifty thousand brackets', async (_name, route) => {
    const raw = inTurn(route, [
      '['.repeat(50_000) + ']'.repeat(50_000),
      '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000),
    ]);
    const answer = await callRoute(route, '', undefined, { raw });
    expect([answer.status, answer.body.detail]).toEqual([400, 'body: is nested deeper than 32 levels']);
  });

  it.each(withBody)('%s answers 413 to more than a mebibyte', async (_name, route) => {
    const answer = await callRoute(route, '', { data: 'x'.repeat(1024 * 1024) });
    expect([answer.status, answer.body.code]).toEqual([413, 'payload_too_large']);
  });

  it.each(withBody.filter(([, route]) => !route.bodyOptional))(
    '%s answers 400 to no body at all',
    async (_name, route) => {
      const answer = await callRoute(route, '', undefined);
      expect([answer.status, answer.body.detail]).toEqual([400, 'body: is missing: send JSON']);
    },
  );
});

describe('every route', () => {
  // Mail programs and scanners add parameters of their own to a mail's link, providers to their callbacks: which must work
  // all the same.
  const all = routes
    .filter(({ path }) => !/^\/(u|t|hooks)\//.test(path))
    .map((route) => [nameOf(route), route] as const);

  it.each(all)('%s answers 400 to a query parameter that it does not know', async (_name, route) => {
    const query = inTurn(route, ['?unknown=1', '?limit[$gt]=1', '?__proto__=1', '?constructor=1']);
    const body = route.body && !route.bodyOptional ? {} : undefined;
    const answer = await callRoute(route, query, body);
    expect(answer.status, query).toBe(400);
  });

  it.each(all.filter(([, { path }]) => path.includes('{id}')))(
    '%s answers 4xx to an ID that nobody can have',
    async (_name, route) => {
      const who = route.access === 'person' ? { token } : {};
      const ids = [
        '%00',
        '%0d%0a',
        '%20',
        'x'.repeat(201),
        '%E0%A4%A',
        '%',
        '{"$gt":""}',
        '..%2f..%2fetc',
        '💥',
      ];
      for (const id of ids) {
        const method = route.method.toUpperCase() as Parameters<ApiCaller>[0];
        const path = route.path.replace('{id}', id);
        // What is read is safe, and what is made under an odd ID is the caller's own.
        const answer = await engine.call(method, path, route.body && { limit: 1 }, who);
        expect([400, 404], `${method} ${path} → ${answer.status}`).toContain(answer.status);
      }
    },
  );
});

describe('every list', () => {
  const lists = routes
    .filter(({ query }) => query && 'cursor' in query.shape && 'limit' in query.shape)
    .map((route) => [nameOf(route), route] as const);
  const encoded = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');

  // The cursor of these two is an ID.
  const byId = ['GET /v1/tenants', 'GET /v1/api-keys'];
  it.each(lists.filter(([name]) => !byId.includes(name)))(
    '%s answers 400 to a cursor that it did not make',
    async (_name, route) => {
      const cursors = [
        '',
        'x',
        '%00',
        'ew',
        ...[
          [],
          {},
          null,
          'x',
          [1],
          [1, 2],
          [-1, 'x'],
          [1.5, 'x'],
          [8.64e15 + 1, 'x'],
          [Number.MAX_SAFE_INTEGER, 'x'],
          [1e300, 'x'],
          [1, { $gt: '' }],
          [1, ''],
          [1, 'x'.repeat(401)],
          [1, 'x', 'y'],
        ].map(encoded),
      ];
      for (const cursor of cursors) {
        const answer = await callRoute(route, `?cursor=${cursor}`, undefined);
        expect([answer.status, pathsOf(answer)], cursor).toEqual([400, ['cursor']]);
      }
    },
  );

  it.each(lists)('%s answers 400 to a parameter given twice, or as an operator', async (_name, route) => {
    for (const query of [
      'limit=1&limit=2',
      'limit={"$gt":""}',
      'limit=1e9',
      'limit=-1',
      'limit=Infinity',
      'limit=',
    ]) {
      const answer = await callRoute(route, `?${query}`, undefined);
      expect([answer.status, pathsOf(answer)], query).toEqual([400, ['limit']]);
    }
    expect((await callRoute(route, '?cursor=a&cursor=b', undefined)).status).toBe(400);
  });

  it.each(lists)('%s takes an operator as a text, if at all', async (_name, route) => {
    const names = Object.keys(route.query?.shape ?? {});
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const answer = await callRoute(route, `?${name}=${encodeURIComponent('{"$ne":null}')}`, undefined);
      if (answer.status === 200) expect((answer.body as unknown as { items: unknown[] }).items).toEqual([]);
      // Of what is not there nothing is listed.
      else expect(route.path.includes('{id}') ? [400, 404] : [400], name).toContain(answer.status);
    }
  });
});

describe('a trigger', () => {
  it.each([
    ['an operator as recipient', { to: { recipient: { $gt: '' } } }, 'to.recipient'],
    ['an operator as type', { type: { $ne: null } }, 'type'],
    ['a control character in an ID', { to: { recipient: 'u\u00001' } }, 'to.recipient'],
    [
      'a control character in an address',
      { to: { recipient: { email: 'a\u0000@example.com' } } },
      'to.recipient.email',
    ],
    [
      'a line break in an address',
      { to: { recipient: { email: 'a@example.com\r\nBcc: b@example.com' } } },
      'to.recipient.email',
    ],
    [
      'two addresses in one',
      { to: { recipient: { email: 'a@example.com,b@example.com' } } },
      'to.recipient.email',
    ],
    [
      'a control character in a subject',
      { content: { email: { subject: 'a\u0007', text: 'x' } } },
      'content.email.subject',
    ],
    ['a line separator in a thread key', { threadKey: 'a\u2028b' }, 'threadKey'],
    ['half a surrogate pair in an ID', { to: { recipient: 'u-\ud800' } }, 'to.recipient'],
    ['half a surrogate pair in a key', { idempotencyKey: '\udc00' }, 'idempotencyKey'],
    ['blanks around an ID', { to: { recipient: ' u-1 ' } }, 'to.recipient'],
    ['65 KiB of data', { data: { text: 'x'.repeat(65 * 1024) } }, 'data'],
    ['65 KiB of data in two-byte letters', { data: { text: 'é'.repeat(33 * 1024) } }, 'data'],
    ['a year of five digits', { sendAt: '+012026-01-01T00:00:00Z' }, 'sendAt'],
    ['a day that is none', { sendAt: '2027-02-30T00:00:00Z' }, 'sendAt'],
  ])('answers 400 to %s', async (_what, change, path) => {
    const answer = await trigger(approval('u-bad', change));
    expect([answer.status, pathsOf(answer)]).toEqual([400, [path]]);
  });

  it('names every field that is wrong', async () => {
    const answer = await trigger({ type: 'X', to: {}, data: 1, priority: 0, surprise: true });
    expect(pathsOf(answer)?.sort()).toEqual(['data', 'priority', 'surprise', 'to', 'type']);
  });

  it('takes 64 KiB of data', async () => {
    const data = { requester: 'Ann', filler: 'x'.repeat(64 * 1024 - 40) };
    expect((await run(engine, approval('u-64', { data }))).data).toEqual(data);
  });

  it('keeps keys with dollars, dots and odd names in data as they are', async () => {
    const data = {
      $where: 'x',
      'a.b': 1,
      '': 2,
      constructor: 'c',
      toString: 't',
      'nul\u0000': 3,
      nested: { $gt: { 'x.y': [] } },
      requester: 'Ann',
    };
    expect((await run(engine, approval('u-keys', { data }))).data).toEqual(data);
  });

  it('lets __proto__ in data change nothing', async () => {
    const { type, to } = approval('u-proto');
    const text = `{"type":"${String(type)}","to":${JSON.stringify(to)},"data":{"__proto__":{"requester":"Evil","admin":true},"contract":{"__proto__":{"title":"Evil"}}}}`;
    const answer = await raw(text);
    expect(answer.status).toBe(202);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    const { id } = answer.body as unknown as { id: string };
    const me = asPerson(engine, await tokenOf(engine, 'u-proto'));
    const listed = await me<{ items: Item[] }>('GET', '/v1/me/inbox');
    expect(id).toMatch(/^ntf_/);
    expect(JSON.stringify(listed.body)).not.toContain('Evil asks');
  });

  it('takes emoji and half surrogate pairs in data', async () => {
    const data = { requester: 'Zoë 🎉 \ud83d', contract: { title: '契約 👩‍👩‍👧' } };
    const done = await run(engine, approval('u-emoji', { data }));
    expect(done).toMatchObject({ status: 'sent', data, title: 'Zoë 🎉 \ufffd asks for your approval' });
  });

  it('shows HTML as text in the inbox and escapes it in the mail', async () => {
    const data = { contract: { title: '<script>alert("x")</script>' }, requester: '<b>Ann</b>' };
    const done = await run(engine, approval('u-html', { data }));
    expect(done.title).toBe('<b>Ann</b> asks for your approval');
    const mail = engine.smtp.mails.find(({ envelope }) => envelope.to.includes('u-html@example.com'));
    const html = String(mail?.parsed.html);
    expect(html).toContain('&lt;b&gt;Ann&lt;/b&gt;');
    expect(html).not.toMatch(/<script|<b>Ann/);
    expect(mail?.parsed.subject).toBe('Approval requested: <script>alert("x")</script>');
  });

  it('lets a line break in data add no header to the mail', async () => {
    const data = { contract: { title: 'NDA\r\nBcc: evil@example.com\r\n\r\nHello' } };
    await run(engine, approval('u-crlf', { data }));
    const mail = engine.smtp.mails.find(({ envelope }) => envelope.to.includes('u-crlf@example.com'));
    expect(mail?.envelope.to).toEqual(['u-crlf@example.com']);
    expect(mail?.parsed.bcc).toBeUndefined();
    expect(mail?.parsed.subject).toContain('NDA Bcc: evil@example.com Hello');
  });
});

describe('how a body comes', () => {
  const text = () => JSON.stringify(approval('u-how'));

  it.each([
    ['application/json; charset=utf-8'],
    ['application/vnd.api+json'],
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
  ])('is read as JSON whatever it is called: %s', async (type) => {
    expect((await raw(text(), { 'content-type': type })).status).toBe(202);
  });

  it.each([
    ['in another charset', { 'content-type': 'application/json; charset=iso-8859-1' }, 'must be UTF-8'],
    [
      'packed in an unknown way',
      { 'content-encoding': 'rot13' },
      'must be sent plain, or with gzip, deflate or br',
    ],
    ['said to be packed', { 'content-encoding': 'gzip' }, 'cannot be read'],
  ])('is refused %s', async (_what, headers, message) => {
    const answer = await raw(text(), headers);
    expect([answer.status, answer.body.errors]).toEqual([400, [{ path: 'body', message }]]);
  });

  it('counts unpacked: a small gzip of more than a mebibyte is too large', async () => {
    const packed = gzipSync(JSON.stringify({ data: 'x'.repeat(4 * 1024 * 1024) }));
    const response = await fetch(`${engine.url}/v1/notifications`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${engine.bootstrapKey}`,
        'x-tenant-id': engine.tenantId,
        'content-encoding': 'gzip',
      },
      body: packed,
    });
    const answer = { status: response.status, body: await response.json(), headers: response.headers };
    expectDeclared('POST', '/v1/notifications', answer);
    expect(answer.status).toBe(413);
  });

  it('is not read before the caller is known', async () => {
    const answer = await trigger(undefined, { raw: 'x'.repeat(2_000_000), token: 'nobody' });
    expect(answer.status).toBe(401);
  });

  it('may hold nothing but {} where nothing is needed', async () => {
    for (const body of [undefined, {}]) {
      const answer = await engine.call('POST', '/v1/subscribers/u-1/token', body);
      expect(answer.status).toBe(201);
    }
  });
});

describe('what no route takes', () => {
  it.each([
    ['GET', '/v1/nothing'],
    ['PATCH', '/v1/notifications'],
    ['DELETE', '/health/live'],
    ['GET', '/V1/notifications'],
    ['GET', '/v1//notifications'],
  ] as const)('answers 404 to %s %s', async (method, path) => {
    const answer = await engine.call(method, path, method === 'GET' || method === 'DELETE' ? undefined : {});
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  });

  it('says so where the path cannot be decoded', async () => {
    const answer = await engine.call('GET', '/v1/notifications/%E0%A4%A');
    expect(answer.body).toEqual({
      detail: 'path: is not valid percent-encoding',
      code: 'validation_failed',
      errors: [{ path: 'path', message: 'is not valid percent-encoding' }],
    });
  });

  it('takes up a plain X-Request-Id, and makes its own of another', async () => {
    const asked = async (id: string) =>
      (await engine.call('GET', '/v1/tenant', undefined, { headers: { 'x-request-id': id } })).headers.get(
        'x-request-id',
      );
    expect(await asked('req-1.a_B')).toBe('req-1.a_B');
    expect(await asked('two words')).toMatch(/^[0-9A-Z]{26}$/);
    expect(await asked('x'.repeat(101))).toMatch(/^[0-9A-Z]{26}$/);
  });
});
