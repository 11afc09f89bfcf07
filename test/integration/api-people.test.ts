import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/engine.js';
import {
  allPages,
  approval,
  asPerson,
  ended,
  inSeconds,
  keyOf,
  plan,
  quietNow,
  reached,
  run,
  startChecked,
  tokenOf,
  type CheckedCaller,
  type CheckedEngine,
  type Full,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

interface Person {
  id: string;
  email: string | null;
  createdAt: string;
}
const person = (id: string, rest = '') => `/v1/subscribers/${encodeURIComponent(id)}${rest}`;

const whole = {
  email: 'ann@example.com',
  phone: '+33612345678',
  locale: 'fr-CA',
  timezone: 'America/Toronto',
  roles: ['legal', 'manager'],
  attributes: { plan: 'pro', seats: 3, trial: false, tags: ['a', 'b'] },
  slackUserId: 'U123',
  teamsUserId: 'T123',
  webhookUrl: 'https://ann.example/in',
  pushTokens: ['token-1'],
};
const nothing = {
  email: null,
  phone: null,
  locale: null,
  timezone: null,
  roles: [],
  attributes: {},
  slackUserId: null,
  teamsUserId: null,
  webhookUrl: null,
  pushTokens: [],
};

describe('subscribers', () => {
  it('are created with POST, once', async () => {
    const made = await engine.call<Person>('POST', '/v1/subscribers', { id: 'u-post', ...whole });
    expect(made).toMatchObject({ status: 201, body: { id: 'u-post', ...whole } });
    const again = await engine.call('POST', '/v1/subscribers', { id: 'u-post' });
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await engine.call<Person>('GET', person('u-post'))).body).toEqual(made.body);
  });

  it('are created or replaced with PUT: what is left out is gone', async () => {
    const made = await engine.call<Person>('PUT', person('u-put'), whole);
    expect(made).toMatchObject({ status: 201, body: whole });
    const replaced = await engine.call<Person>('PUT', person('u-put'), { id: 'u-put', locale: 'en' });
    expect(replaced).toMatchObject({ status: 200, body: { ...nothing, locale: 'en' } });
    expect(replaced.body.createdAt).toBe(made.body.createdAt);
  });

  it('are changed with PATCH: what is left out stays, null removes', async () => {
    await engine.call('PUT', person('u-patch'), whole);
    const { body } = await engine.call('PATCH', person('u-patch'), { email: null, locale: 'de', roles: [] });
    expect(body).toMatchObject({ ...whole, email: null, locale: 'de', roles: [] });
    expect((await engine.call('PATCH', person('u-nobody'), {})).status).toBe(404);
  });

  it('may have IDs of any script, with slashes and blanks inside', async () => {
    const id = 'équipe/ann 🎉?#%';
    expect((await engine.call('PUT', person(id), { email: 'emoji@example.com' })).status).toBe(201);
    const { body } = await engine.call<Person>('GET', person(id));
    expect(body).toMatchObject({ id, email: 'emoji@example.com' });
    const done = await run(engine, approval('', { to: { recipient: id } }));
    expect(done).toMatchObject({ status: 'sent', recipient: id });
  });

  it('are found by e-mail address, whatever its case', async () => {
    await engine.call('PUT', person('u-by-mail'), { email: 'Find.Me@example.com' });
    const { body } = await engine.call<{ items: Person[] }>(
      'GET',
      '/v1/subscribers?email=find.me@example.com',
    );
    expect(body.items.map(({ id }) => id)).toEqual(['u-by-mail']);
  });

  it('are listed newest first, in pages without gaps or repeats', async () => {
    const tenant = `${engine.tenantId}-list`;
    await engine.call('POST', '/v1/tenants', { id: tenant, name: 'List' });
    const ids = Array.from({ length: 7 }, (_, index) => `u-${index}`);
    for (const id of ids) await engine.call('PUT', person(id), {}, { tenant });
    const call: CheckedCaller = (method, path) => engine.call(method, path, undefined, { tenant });
    const pages = await allPages<Person>(call, '/v1/subscribers?limit=3');
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat().map(({ id }) => id)).toEqual(ids.reverse());
  });

  it('are deleted with their preferences', async () => {
    await engine.call('PUT', person('u-delete'), {});
    await engine.call('PATCH', person('u-delete', '/preferences'), { channels: { email: false } });
    expect((await engine.call('DELETE', person('u-delete'))).status).toBe(204);
    expect((await engine.call('GET', person('u-delete'))).status).toBe(404);
    expect((await engine.call('DELETE', person('u-delete'))).status).toBe(404);
    await engine.call('PUT', person('u-delete'), {});
    const { body } = await engine.call<object>('GET', person('u-delete', '/preferences'));
    expect(body).toMatchObject({ channels: {} });
  });

  it('have their addresses sealed in the database', async () => {
    await engine.call('PUT', person('u-sealed'), { email: 'sealed@example.com', phone: '+33699999999' });
    const row = await engine.mongo
      .collection<{ _id: string }>('subscribers')
      .findOne({ _id: `${engine.tenantId}/u-sealed` });
    expect(row).toMatchObject({ id: 'u-sealed' });
    expect(JSON.stringify(row)).not.toMatch(/sealed@|33699999999/);
  });

  it.each([
    ['an address that is none', { email: 'ann@' }, 'email'],
    ['a zone that is none', { timezone: '+02:00' }, 'timezone'],
    ['a language that is none', { locale: 'french please' }, 'locale'],
    ['a phone number with letters', { phone: '+33 6 PARIS' }, 'phone'],
    ['an attribute whose name has a dot', { attributes: { 'a.b': 1 } }, 'attributes.a.b'],
    ['an attribute that is an object', { attributes: { address: {} } }, 'attributes.address'],
    ['another ID than the path’s', { id: 'u-2' }, 'id'],
    ['an unknown field', { name: 'Ann' }, 'name'],
  ])('refuse %s', async (_what, body, path) => {
    const answer = await engine.call('PUT', person('u-bad'), body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  it.each(['PT0S', 'P2D', '1 hour', 'P1Y'])('make no token for %s', async (ttl) => {
    await engine.call('PUT', person('u-ttl'), {});
    const answer = await engine.call('POST', person('u-ttl', '/token'), { ttl });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'ttl' }] } });
  });

  it('make tokens for an hour, or as long as asked', async () => {
    await engine.call('PUT', person('u-ttl'), {});
    const expiry = async (body?: object) => {
      const made = await engine.call<{ expiresAt: string }>('POST', person('u-ttl', '/token'), body);
      expect(made.status).toBe(201);
      return Math.round((Date.parse(made.body.expiresAt) - Date.now()) / 60_000);
    };
    expect([await expiry(), await expiry({ ttl: 'PT5M' })]).toEqual([60, 5]);
    expect((await engine.call('POST', person('u-nobody', '/token'))).status).toBe(404);
  });
});

describe('preferences', () => {
  const none = {
    channels: {},
    categories: {},
    types: {},
    cadences: {},
    mutedTopics: [],
    quietHours: null,
    digestAt: null,
    digestOn: null,
    mutedUntil: null,
    insights: true,
    tracking: true,
  };
  const chosen = {
    channels: { email: true, sms: false },
    categories: { contracts: { email: false }, system: false },
    types: {
      contract_updated: { email: false, in_app: true, cadence: 'daily' },
      mention: { cadence: { email: 'weekly' } },
    },
    quietHours: {
      timezone: 'Europe/Paris',
      windows: [{ days: ['mon', 'fri'], start: '22:00', end: '07:00' }],
    },
    cadences: { email: 'daily' },
    mutedTopics: ['w-1'],
    digestAt: '09:00',
    digestOn: 'fri',
    mutedUntil: '2026-01-01T00:00:00Z',
    insights: false,
    tracking: false,
  };
  const saidOf = async (call: CheckedCaller, path: string) => {
    const { effective: _effective, ...said } = (await call<{ effective: object }>('GET', path)).body;
    return said;
  };

  // The server's own, and the person's: the same behind both.
  for (const who of ['the server', 'the person'] as const) {
    describe(`as ${who}`, () => {
      const id = who === 'the server' ? 'u-prefs' : 'u-own-prefs';
      let call: CheckedCaller;
      let path: string;
      beforeAll(async () => {
        const token = await tokenOf(engine, id);
        call = who === 'the server' ? engine.call : asPerson(engine, token);
        path = who === 'the server' ? person(id, '/preferences') : '/v1/me/preferences';
      });

      it('are empty at first', async () => {
        expect(await call<object>('GET', path)).toMatchObject({ status: 200, body: none });
      });

      it('are replaced with PUT', async () => {
        expect(await call('PUT', path, chosen)).toMatchObject({ status: 200, body: chosen });
        expect(await saidOf(call, path)).toEqual(chosen);
        const less = { channels: { email: false } };
        expect((await call<object>('PUT', path, less)).body).toEqual({ ...none, ...less });
      });

      it('are changed with PATCH: what is left out stays, null removes a rule', async () => {
        await call('PUT', path, chosen);
        const change = {
          channels: { sms: null, push: true },
          categories: { system: null },
          types: { contract_updated: { sms: true }, mention: null, direct: { email: false } },
          quietHours: null,
        };
        expect((await call<object>('PATCH', path, change)).body).toEqual({
          ...chosen,
          channels: { email: true, push: true },
          categories: { contracts: { email: false } },
          types: {
            contract_updated: { email: false, in_app: true, cadence: 'daily', sms: true },
            direct: { email: false },
          },
          quietHours: null,
        });
      });

      it('go back to nothing with reset', async () => {
        await call('PUT', path, { ...chosen, insights: true, tracking: true });
        expect(await call<object>('POST', `${path}/reset`)).toMatchObject({ status: 200, body: none });
        expect(await saidOf(call, path)).toEqual(none);
      });

      it.each([
        ['a channel that there is not', { channels: { pigeon: true } }],
        ['a switch that is no switch', { channels: { email: 'yes' } }],
        ['a cadence that there is not', { types: { mention: { cadence: 'yearly' } } }],
        ['a zone that is none', { quietHours: { timezone: 'Mars', windows: [] } }],
        [
          'a time that is none',
          { quietHours: { windows: [{ days: ['mon'], start: '24:00', end: '07:00' }] } },
        ],
        [
          'a day that is none',
          { quietHours: { windows: [{ days: ['monday'], start: '22:00', end: '07:00' }] } },
        ],
        ['a digest time that is none', { digestAt: '9am' }],
        ['a mute without a zone', { mutedUntil: '2026-01-01' }],
        ['an unknown field', { quiet_hours: null }],
      ])('refuse %s, and stay as they are', async (_what, body) => {
        await call('PUT', path, chosen);
        expect(await call('PATCH', path, body)).toMatchObject({ status: 400 });
        expect(await call('PUT', path, body)).toMatchObject({ status: 400 });
        expect(await saidOf(call, path)).toEqual(chosen);
      });

      it('refuse quiet hours in which nothing could ever be sent', async () => {
        const windows = [{ start: '08:00', end: '08:00' }];
        const answer = await call('PATCH', path, { quietHours: { windows } });
        expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'quietHours.windows' }] } });
      });
    });
  }

  it('set by the server are those that the person sees', async () => {
    const me = asPerson(engine, await tokenOf(engine, 'u-both'));
    await engine.call('PATCH', person('u-both', '/preferences'), { digestAt: '07:30' });
    expect((await me<object>('GET', '/v1/me/preferences')).body).toMatchObject({ digestAt: '07:30' });
  });

  it('lose nothing when many change at once', async () => {
    await engine.call('PUT', person('u-many'), {});
    const types = Array.from({ length: 10 }, (_, index) => `type_${index}`);
    await Promise.all(
      types.map((type) =>
        engine.call('PATCH', person('u-many', '/preferences'), { types: { [type]: { email: false } } }),
      ),
    );
    const { body } = await engine.call<{ types: object }>('GET', person('u-many', '/preferences'));
    expect(Object.keys(body.types).sort()).toEqual(types);
  });

  it('answer 404 for somebody who is not there', async () => {
    for (const method of ['GET', 'PUT', 'PATCH'] as const) {
      const body = method === 'GET' ? undefined : {};
      expect((await engine.call(method, person('u-nobody', '/preferences'), body)).status).toBe(404);
    }
    expect((await engine.call('POST', person('u-nobody', '/preferences/reset'))).status).toBe(404);
  });
});

describe('a change of a person reaches the runs that wait for them', () => {
  const mailsTo = (address: string) =>
    engine.smtp.mails.filter(({ envelope }) => envelope.to.includes(address));
  const planOf = (id: string, until: (plan: Full['plan']) => boolean) =>
    eventually(
      'planned again',
      () => engine.call<Full>('GET', `/v1/notifications/${id}`),
      ({ body }) => until(body.plan),
    );

  it('leaves out the channel that the person turned off', async () => {
    const id = await plan(engine, approval('u-off', { sendAt: inSeconds(3600) }));
    const me = asPerson(engine, await tokenOf(engine, 'u-off'));
    await me('PATCH', '/v1/me/preferences', { channels: { email: false } });
    const { body } = await planOf(id, ({ channels }) => channels.email?.action === 'skip');
    expect(body).toMatchObject({
      status: 'held',
      plan: { channels: { email: { reason: 'turned_off_by_person' }, in_app: { action: 'hold' } } },
    });
  });

  it('sends what quiet hours held when they are taken away', async () => {
    await engine.call('PUT', person('u-awake'), { email: 'awake@example.com' });
    await engine.call('PUT', person('u-awake', '/preferences'), { quietHours: quietNow() });
    const id = await plan(engine, approval('', { to: { recipient: 'u-awake' } }));
    expect((await reached(engine, id, 'held')).plan.channels.email).toMatchObject({ reason: 'quiet_hours' });
    await engine.call('POST', person('u-awake', '/preferences/reset'));
    expect((await ended(engine, id)).status).toBe('sent');
    expect(mailsTo('awake@example.com')).toHaveLength(1);
  });

  it('holds what was scheduled into quiet hours that begin to apply', async () => {
    const sendAt = inSeconds(2);
    const id = await plan(engine, approval('u-asleep', { sendAt, channels: ['email'] }));
    await engine.call('PATCH', person('u-asleep', '/preferences'), { quietHours: quietNow() });
    await planOf(id, ({ channels }) => JSON.stringify(channels.email).includes('quiet_hours'));
    expect(mailsTo('u-asleep@example.com')).toHaveLength(0);
  });

  it.each(['server', 'person'] as const)('sends to the new address that the %s gave', async (who) => {
    const name = `u-moved-${who}`;
    const id = await plan(engine, approval(name, { sendAt: inSeconds(3600) }));
    const email = `${name}-new@example.com`;
    if (who === 'server') await engine.call('PATCH', person(name), { email });
    else await asPerson(engine, await tokenOf(engine, name))('PATCH', '/v1/me', { email });
    await planOf(id, ({ sequence }) => sequence === 2);
    await engine.call('POST', `/v1/notifications/${id}/expedite`);
    await ended(engine, id);
    expect([mailsTo(email).length, mailsTo(`${name}@example.com`).length]).toEqual([1, 0]);
  });

  it('suppresses what waits for somebody who was deleted', async () => {
    const id = await plan(engine, approval('u-gone', { sendAt: inSeconds(3600) }));
    await engine.call('DELETE', person('u-gone'));
    const done = await ended(engine, id);
    expect(done).toMatchObject({
      status: 'suppressed',
      plan: { channels: { email: { reason: 'recipient_unknown' } } },
    });
  });
});

describe('/v1/me', () => {
  it('shows and changes the own contact, language and zone', async () => {
    await engine.call('PUT', person('u-me'), whole);
    const me = asPerson(engine, await tokenOf(engine, 'u-me'));
    const { email, phone, locale, timezone, roles } = whole;
    expect((await me<object>('GET', '/v1/me')).body).toEqual({
      id: 'u-me',
      email,
      phone,
      locale,
      timezone,
      roles,
    });
    const change = { email: 'new@example.com', phone: null, locale: 'en', timezone: 'Asia/Kolkata' };
    expect((await me('PATCH', '/v1/me', change)).body).toMatchObject({ id: 'u-me', ...change });
    expect((await engine.call('GET', person('u-me'))).body).toMatchObject({ ...whole, ...change });
  });

  it.each(['roles', 'attributes', 'pushTokens', 'id'])('does not let a person set %s', async (field) => {
    const me = asPerson(engine, await tokenOf(engine, 'u-me'));
    const answer = await me('PATCH', '/v1/me', { [field]: [] });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: field }] } });
  });
});

describe('tenants', () => {
  it('are created once, with defaults', async () => {
    const id = `${engine.tenantId}-new`;
    const made = await engine.call('POST', '/v1/tenants', { id, name: 'New' });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id,
        name: 'New',
        timezone: 'UTC',
        locale: 'en',
        channelDefaults: {},
        quietHours: null,
        disabledTypes: [],
        retention: { readDays: 30, unreadDays: 365, deliveryDays: 90 },
      },
    });
    expect((await engine.call('POST', '/v1/tenants', { id, name: 'New' })).status).toBe(409);
    expect((await engine.call<object>('GET', `/v1/tenants/${id}`)).body).toEqual(made.body);
    const own = await engine.call<object>('GET', '/v1/tenant', undefined, { tenant: id });
    expect(own.body).toEqual(made.body);
  });

  it('are listed by ID, in pages', async () => {
    for (const name of ['x', 'y', 'z']) {
      await engine.call('POST', '/v1/tenants', { id: `${engine.tenantId}-${name}`, name });
    }
    const pages = await allPages<{ id: string }>(engine.call, '/v1/tenants?limit=2');
    const ids = pages.flat().map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toEqual(expect.arrayContaining(['x', 'y', 'z'].map((name) => `${engine.tenantId}-${name}`)));
  });

  it('change their settings: what is left out stays, inside retention too', async () => {
    const tenant = `${engine.tenantId}-settings`;
    await engine.call('POST', '/v1/tenants', { id: tenant, name: 'Settings', timezone: 'Europe/Paris' });
    const patch = (body: object) => engine.call('PATCH', '/v1/tenant', body, { tenant });
    await patch({ retention: { readDays: 7 }, disabledTypes: ['mention'], channelDefaults: { sms: true } });
    const quietHours = { windows: [{ days: ['sun'], start: '00:00', end: '00:00' }] };
    expect(await patch({ locale: 'fr', quietHours, retention: { deliveryDays: 14 } })).toMatchObject({
      status: 200,
      body: {
        name: 'Settings',
        timezone: 'Europe/Paris',
        locale: 'fr',
        disabledTypes: ['mention'],
        channelDefaults: { sms: true },
        quietHours,
        retention: { readDays: 7, unreadDays: 365, deliveryDays: 14 },
      },
    });
    expect((await patch({ quietHours: null })).body).toMatchObject({ quietHours: null });
  });

  it('limit sends by channel: what is left out stays, null removes', async () => {
    const tenant = `${engine.tenantId}-limits`;
    const made = await engine.call('POST', '/v1/tenants', { id: tenant, name: 'Limits' });
    expect(made.body).toMatchObject({ limits: { sendsPerSecond: {} } });
    const patch = (sendsPerSecond: object) =>
      engine.call('PATCH', '/v1/tenant', { limits: { sendsPerSecond } }, { tenant });
    await patch({ email: 5, sms: 0.5 });
    expect((await patch({ push: 20, sms: null })).body).toMatchObject({
      limits: { sendsPerSecond: { email: 5, push: 20 } },
    });
    const shown = await engine.call<{ limits: object }>('GET', '/v1/tenant', undefined, { tenant });
    expect(shown.body.limits).toEqual({ sendsPerSecond: { email: 5, push: 20 } });
    for (const wrong of [0, 0.009, 10_001, '5', true])
      expect((await patch({ email: wrong })).status).toBe(400);
    expect((await patch({ in_app: 5 })).status).toBe(400);
    expect((await patch({ fax: 5 })).status).toBe(400);
  });

  it('turn a type off for everybody', async () => {
    const tenant = `${engine.tenantId}-disabled`;
    await engine.call('POST', '/v1/tenants', { id: tenant, name: 'Disabled' });
    await engine.call('PATCH', '/v1/tenant', { disabledTypes: ['approval_request'] }, { tenant });
    const answer = await engine.call<{ decision: object }>(
      'POST',
      '/v1/notifications?wait=decision',
      approval('u-1'),
      { tenant },
    );
    expect(answer.body.decision).toMatchObject({
      channels: { email: { action: 'skip', reason: 'type_disabled' } },
    });
  });

  it.each([
    ['an ID with a slash', { id: 'a/b', name: 'x' }, 'id'],
    ['an ID of 64 characters', { id: 'a'.repeat(64), name: 'x' }, 'id'],
    ['no name', { id: 'nameless' }, 'name'],
    ['a name with a line break', { id: 'lines', name: 'a\r\nb' }, 'name'],
    ['a zone that is none', { id: 'mars', name: 'x', timezone: 'Mars/Olympus' }, 'timezone'],
  ])('refuse %s', async (_what, body, path) => {
    const answer = await engine.call('POST', '/v1/tenants', body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  it('refuse quiet hours in which nothing could ever be sent', async () => {
    const quietHours = { windows: [{ start: '00:00', end: '00:00' }] };
    expect((await engine.call('PATCH', '/v1/tenant', { quietHours })).status).toBe(422);
  });
});

describe('API keys', () => {
  it('are shown once, listed without their text, and audited', async () => {
    const { id, key } = await keyOf(engine, ['manager', 'sender']);
    expect(key).toMatch(/^ck_[\w-]{43}$/);
    const { body } = await engine.call<{ items: { id: string }[] }>('GET', '/v1/api-keys');
    expect(body.items.find((item) => item.id === id)).toMatchObject({
      name: 'manager and sender',
      roles: ['manager', 'sender'],
    });
    const trail = await engine.mongo.collection('audit').findOne({ subject: id });
    expect(trail).toMatchObject({ action: 'api_key.created', actor: 'platform' });
    expect(JSON.stringify(trail)).not.toContain(key);
  });

  it('are listed oldest first, in pages without gaps or repeats', async () => {
    const tenant = `${engine.tenantId}-keys`;
    await engine.call('POST', '/v1/tenants', { id: tenant, name: 'Keys' });
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) ids.push((await keyOf(engine, ['sender'], tenant)).id);
    const call: CheckedCaller = (method, path) => engine.call(method, path, undefined, { tenant });
    const pages = await allPages<{ id: string }>(call, '/v1/api-keys?limit=2');
    expect(pages.map((page) => page.map(({ id }) => id))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4),
    ]);
  });

  it.each([
    ['no role', { name: 'x', roles: [] }, 'roles'],
    ['the role platform', { name: 'x', roles: ['platform'] }, 'roles.0'],
    ['no name', { roles: ['sender'] }, 'name'],
  ])('are refused with %s', async (_what, body, path) => {
    const answer = await engine.call('POST', '/v1/api-keys', body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });
});
