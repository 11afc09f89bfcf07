import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/engine.js';
import { startFakeTwilio, type FakeTwilio } from '../support/fake-twilio.js';
import {
  allPages,
  ended,
  inSeconds,
  keyOf,
  reached,
  startChecked,
  tokenOf,
  type CheckedEngine,
  type Full,
  type Item,
  type Page,
} from '../unit/api-checked.js';

interface EventView {
  id: string;
  status: string;
  duplicate: boolean;
  source: string;
  repeats: number;
  replayOf: string | null;
  steps: {
    rule: string;
    do: string;
    status: string;
    notificationId?: string;
    broadcastId?: string;
    count?: number;
    error?: { code: string; errors?: { path: string }[] };
  }[];
}
interface RuleView {
  id: string;
  builtIn: boolean;
  name: string;
  enabled: boolean;
}
interface Tried {
  status: string;
  rules: {
    id: string;
    name: string;
    matched: boolean;
    because: string | null;
    steps: {
      do: string;
      wouldDo: Record<string, unknown> | null;
      errors: { path: string; message: string }[];
    }[];
  }[];
}

let engine: CheckedEngine;
let twilio: FakeTwilio;
let sender: string;

beforeAll(async () => {
  twilio = await startFakeTwilio();
  engine = await startChecked({ env: { CARILLON_PROVIDER_ENDPOINTS: `sms/twilio=${twilio.url}` } });
  sender = (await keyOf(engine, ['sender'])).key;
  await engine.call('PUT', '/v1/tenant/channels/sms/providers/twilio', {
    credentials: {
      accountSid: twilio.account.sid,
      authToken: twilio.account.authToken,
      from: twilio.account.numbers[0],
    },
  });
});
afterAll(async () => {
  await engine.stop();
  await twilio.close();
});

const send = (source: string, event: object, headers: Record<string, string> = {}) =>
  engine.call<EventView>('POST', `/v1/events/${source}`, event, { token: sender, headers });

/** Without a key of ours, to the source's own address. */
const sendSigned = (source: string, raw: string, headers: Record<string, string>) =>
  engine.call<EventView>('POST', `/v1/events/${engine.tenantId}.${source}`, undefined, {
    raw,
    tenant: null,
    headers: { authorization: '', 'content-type': 'application/json', ...headers },
  });

async function rule(source: string, given: object): Promise<RuleView> {
  const made = await engine.call<RuleView>('POST', '/v1/event-rules', {
    name: source,
    sources: [source],
    ...given,
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
}
const notifying = (notification: object = {}) => ({
  do: 'trigger',
  notification: {
    type: 'system',
    to: { recipient: { id: '{{ user }}' } },
    content: { in_app: { title: 'It happened', message: '{{ what }}' } },
    data: { what: '{{ what }}' },
    ...notification,
  },
});

describe('an event that an application sends', () => {
  it('sends an employee’s reward by SMS out of the box, until the tenant switches that off', async () => {
    const event = {
      event_type: 'reward_issued',
      tenant_id: engine.tenantId,
      employee_details: { phone: '+33612345678', name: 'Carla Nunes' },
      value: 50,
    };
    const { body, status } = await send('hr-events', event);
    expect([status, body.status]).toEqual([202, 'accepted']);
    await ended(engine, body.steps[0]?.notificationId ?? '');
    expect(twilio.messages).toHaveLength(1);
    expect(twilio.messages[0]).toMatchObject({ To: '+33612345678' });
    expect(twilio.messages[0]?.Body).toContain('Carla Nunes');
    expect(twilio.messages[0]?.Body).toContain('50');

    const path = '/v1/event-rules/builtin_reward_issued';
    const off = await engine.call<RuleView>('PATCH', path, { enabled: false });
    expect(off.body).toMatchObject({ builtIn: true, enabled: false });
    expect((await send('hr-events', event)).body.status).toBe('unmatched');
    expect((await engine.call('PATCH', path, { enabled: true })).status).toBe(200);
    expect((await engine.call('PATCH', path, { name: 'Mine' })).status).toBe(400);
    expect((await engine.call('DELETE', path)).status).toBe(409);
  });

  it('leads to nothing more under the same key or ID, and says what it led to', async () => {
    await rule('once', { then: notifying() });
    const first = await send('once', { user: 'u-once', what: 'a' }, { 'idempotency-key': 'k-1' });
    const again = await send('once', { user: 'u-once', what: 'a' }, { 'idempotency-key': 'k-1' });
    expect([first.status, again.status]).toEqual([202, 200]);
    expect(again.body).toMatchObject({
      id: first.body.id,
      duplicate: true,
      repeats: 1,
      steps: first.body.steps,
    });
    const byId = { event_id: 'e-1', user: 'u-once', what: 'b' };
    expect((await send('once', byId)).body.duplicate).toBe(false);
    expect((await send('once', byId)).body.duplicate).toBe(true);
    expect((await send('once', { user: 'u-once', what: 'a' })).body.duplicate).toBe(false);
  });

  it('reaches roles and topics, and several things follow in a chain, each at its time', async () => {
    await engine.call('PUT', '/v1/subscribers/u-legal', { roles: ['legal'] });
    const then = {
      do: 'chain',
      steps: [
        notifying({ to: { role: '{{ role }}' } }),
        { ...notifying({ idempotencyKey: 'tip-{{ user }}' }), delay: 'PT1H' },
      ],
    };
    await rule('chained', { then });
    const { body } = await send('chained', { role: 'legal', user: 'u-chained', what: 'x' });
    expect(body.steps).toMatchObject([
      { status: 'accepted', broadcastId: expect.stringMatching(/^brd_/) as string },
      { status: 'accepted' },
    ]);
    const tip = await reached(engine, body.steps[1]?.notificationId ?? '', 'held');
    expect(Date.parse(tip.sendAt ?? '') - Date.now()).toBeGreaterThan(3_500_000);

    await rule('stopping', { then: { do: 'cancel', key: 'tip-{{ user }}' } });
    const stopped = await send('stopping', { user: 'u-chained' });
    expect(stopped.body.steps).toMatchObject([{ do: 'cancel', status: 'done', count: 1 }]);
    await reached(engine, tip.id, 'cancelled');
    const nobody = await send('stopping', { user: 'u-else' });
    expect(nobody.body).toMatchObject({ status: 'accepted', steps: [{ status: 'nothing', count: 0 }] });
  });

  it('acknowledges what still waits', async () => {
    await rule('asks', { then: { ...notifying({ idempotencyKey: 'ask-{{ user }}' }), delay: 'PT1H' } });
    await rule('knows', { then: { do: 'acknowledge', key: 'ask-{{ user }}' } });
    const { body } = await send('asks', { user: 'u-knows', what: 'x' });
    const id = body.steps[0]?.notificationId ?? '';
    await reached(engine, id, 'held');
    expect((await send('knows', { user: 'u-knows' })).body.steps).toMatchObject([{ status: 'done' }]);
    const { body: story } = await eventually(
      'acknowledged',
      () => engine.call<Full>('GET', `/v1/notifications/${id}`),
      ({ body: seen }) => seen.timeline.some(({ event }) => event === 'acknowledged'),
    );
    expect(story.timeline.map(({ event }) => event)).toContain('acknowledged');
  });

  it('moves, completes and withdraws reminders', async () => {
    const notification = { type: 'contract_expiring', to: { recipient: '{{ user }}' } };
    await rule('signed', {
      then: { do: 'moveReminder', key: 'c-{{ c }}', dueAt: '{{ due }}', offsets: ['P7D'], notification },
    });
    await rule('moved', { then: { do: 'moveReminder', key: 'c-{{ c }}', dueAt: '{{ due }}' } });
    await rule('done', { then: { do: 'completeReminder', key: 'c-{{ c }}' } });
    await rule('gone', { then: { do: 'withdrawReminder', key: 'c-{{ c }}' } });
    const reminder = async () =>
      (await engine.call<{ dueAt: string; status: string }>('GET', '/v1/reminders/c-1')).body;
    const due = new Date(Date.now() + 90 * 86_400_000).toISOString();
    const later = new Date(Date.now() + 120 * 86_400_000).toISOString();

    expect((await send('moved', { c: 1, due })).body.steps).toMatchObject([{ status: 'nothing' }]);
    await send('signed', { c: 1, due, user: 'u-signs' });
    expect(await reminder()).toMatchObject({ dueAt: due, status: 'active' });
    await send('moved', { c: 1, due: later });
    expect(await reminder()).toMatchObject({ dueAt: later, status: 'active' });
    expect((await send('done', { c: 1 })).body.steps).toMatchObject([{ status: 'done' }]);
    expect(await reminder()).toMatchObject({ status: 'completed' });
    expect((await send('gone', { c: 2 })).body.steps).toMatchObject([{ status: 'nothing' }]);
  });

  it('takes back all that concerns what somebody may not see any more, and nobody else’s', async () => {
    const related = { type: 'doc', id: '{{ doc }}' };
    await rule('shared', {
      then: { do: 'chain', steps: [notifying({ related }), { ...notifying({ related }), delay: 'PT1H' }] },
    });
    await rule('revoked', { then: { do: 'withdrawRelated', related, recipient: '{{ user }}' } });
    await rule('deleted', { then: { do: 'withdrawRelated', related } });
    const share = async (user: string) => {
      const { body } = await send('shared', { doc: 5, user, what: 'x' });
      const [now = '', later = ''] = body.steps.map(({ notificationId }) => notificationId);
      await reached(engine, now, 'sent');
      await reached(engine, later, 'held');
      return { later };
    };
    const inbox = async (user: string) => {
      const token = await tokenOf(engine, user);
      const { body } = await engine.call<Page<Item>>('GET', '/v1/me/inbox', undefined, { token });
      return body.items.length;
    };
    const ann = await share('u-ann');
    const bob = await share('u-bob');

    const revoked = await send('revoked', { doc: 5, user: 'u-ann' });
    expect(revoked.body.steps).toMatchObject([{ status: 'done', count: 2 }]);
    await reached(engine, ann.later, 'cancelled');
    expect([await inbox('u-ann'), await inbox('u-bob')]).toEqual([0, 1]);
    await reached(engine, bob.later, 'held');

    expect((await send('revoked', { doc: 5 })).body).toMatchObject({ status: 'refused' });
    expect(await inbox('u-bob')).toBe(1);
    expect((await send('deleted', { doc: 5 })).body.steps).toMatchObject([{ status: 'done', count: 2 }]);
    await reached(engine, bob.later, 'cancelled');
    expect(await inbox('u-bob')).toBe(0);
    expect((await send('deleted', { doc: 5 })).body.steps).toMatchObject([{ status: 'nothing', count: 0 }]);
  });

  it('is kept with what was refused of it, and can be replayed when the rule is mended', async () => {
    const made = await rule('mended', { then: notifying({ to: { recipient: { email: '{{ mail }}' } } }) });
    const { body } = await send('mended', { user: 'u-mended', what: 'x' });
    expect(body.status).toBe('refused');
    expect(body.steps[0]?.error?.errors?.map(({ path }) => path)).toEqual(['then.notification.to.recipient']);
    await engine.call('PATCH', `/v1/event-rules/${made.id}`, { then: notifying() });
    const replayed = await engine.call<EventView>('POST', `/v1/events/${body.id}/replay`);
    expect([replayed.status, replayed.body]).toMatchObject([202, { status: 'accepted', replayOf: body.id }]);
    await reached(engine, replayed.body.steps[0]?.notificationId ?? '', 'sent');
    const again = await engine.call<EventView>('POST', `/v1/events/${body.id}/replay`);
    expect(again.body.steps[0]?.notificationId).not.toBe(replayed.body.steps[0]?.notificationId);
  });
});

describe('a list of events', () => {
  it('pages, narrows by each filter, and shows one with what it says', async () => {
    await rule('listed', { when: { field: 'user', exists: true }, then: notifying() });
    for (const user of ['u-l1', 'u-l2']) await send('listed', { user, what: 'x' });
    await send('listed', { what: 'x' });
    const call = engine.call;
    const of = async (query: string) =>
      (await allPages<EventView>(call, `/v1/events?limit=2&${query}`)).flat();
    expect(await of('source=listed')).toHaveLength(3);
    expect(await of('source=listed&status=unmatched')).toHaveLength(1);
    expect(await of('recipient=u-l1')).toHaveLength(1);
    expect(await of(`source=listed&from=${inSeconds(60)}`)).toHaveLength(0);
    const [one] = await of('recipient=u-l2');
    const { body } = await call<{ event: object }>('GET', `/v1/events/${one?.id}`);
    expect(body.event).toEqual({ user: 'u-l2', what: 'x' });
    expect((await call('GET', '/v1/events/evt_nothing')).status).toBe(404);
  });

  it('keeps nothing of what they say in the clear', async () => {
    await send('hr-events', { event_type: 'else', employee_details: { name: 'Xaverina Unseen' } });
    const rows = await engine.mongo.collection('inboundEvents').find().toArray();
    expect(JSON.stringify(rows)).not.toContain('Xaverina');
  });
});

describe('a source that proves itself', () => {
  const secret = 'a shared secret of this source';
  const raw = '{"user":"u-signed","what":"x"}';
  const put = (name: string, given: object) =>
    engine.call<{ hasSecret: boolean; path: string }>('PUT', `/v1/event-sources/${name}`, given);
  const now = () => Math.floor(Date.now() / 1000);
  const mac = (text: string, key = secret) => createHmac('sha256', key).update(text).digest('hex');

  it('by HMAC: its event is taken once, a forged or late one not', async () => {
    await rule('crm', { then: notifying() });
    const made = await put('crm', { verification: { kind: 'hmac' }, secret });
    expect([made.status, made.body]).toMatchObject([201, { path: `/v1/events/${engine.tenantId}.crm` }]);
    expect(JSON.stringify(made.body)).not.toContain(secret);
    const time = now();
    const signed = { 'x-signature': `t=${time},v1=${mac(`${time}.${raw}`)}` };
    expect((await sendSigned('crm', raw, signed)).status).toBe(202);
    expect((await sendSigned('crm', raw, { ...signed, 'idempotency-key': 'other' })).status).toBe(200);
    const late = { 'x-signature': `t=${time - 900},v1=${mac(`${time - 900}.${raw}`)}` };
    for (const wrong of [late, { 'x-signature': signed['x-signature'].replace('v1=', 'v1=0') }, {}]) {
      expect(await sendSigned('crm', raw, wrong)).toMatchObject({
        status: 401,
        body: { code: 'unauthenticated' },
      });
    }
    expect((await sendSigned('crm', raw.replace('x', 'y'), signed)).status).toBe(401);
  });

  it('by Standard Webhooks, GitHub’s way, a token, or not at all', async () => {
    const key = `whsec_${Buffer.from(secret).toString('base64')}`;
    await put('svix', { verification: { kind: 'standard-webhooks' }, secret: key });
    await put('github', { verification: { kind: 'github' }, secret });
    await put('token', { verification: { kind: 'bearer' }, secret: 'token-of-16-characters' });
    await put('open', { verification: { kind: 'none' } });
    const standard = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(now()),
      'webhook-signature': new Webhook(key).sign('msg_1', new Date(now() * 1000), raw),
    };
    const statuses = async (source: string, headers: Record<string, string>) => [
      (await sendSigned(source, raw, headers)).status,
      (await sendSigned(source, raw, headers)).status,
    ];
    expect(await statuses('svix', standard)).toEqual([202, 200]);
    expect(await statuses('github', { 'x-hub-signature-256': `sha256=${mac(raw)}` })).toEqual([202, 200]);
    expect(await statuses('token', { authorization: 'Bearer token-of-16-characters' })).toEqual([202, 202]);
    expect(await statuses('token', { authorization: 'Bearer token-of-another-kind' })).toEqual([401, 401]);
    expect(await statuses('open', {})).toEqual([202, 202]);
    expect(await statuses('nowhere', {})).toEqual([401, 401]);
  });

  it('keeps its secret when other things of it change, and has none to show', async () => {
    await put('kept', { verification: { kind: 'hmac' }, secret });
    const changed = await put('kept', { verification: { kind: 'hmac', toleranceSeconds: 60 } });
    expect([changed.status, changed.body.hasSecret]).toEqual([200, true]);
    const time = now();
    const signed = { 'x-signature': `t=${time},v1=${mac(`${time}.${raw}`)}` };
    expect((await sendSigned('kept', raw, signed)).status).toBe(202);
    expect((await put('kept', { verification: { kind: 'github' } })).status).toBe(400);
    expect((await put('new', { verification: { kind: 'hmac' } })).status).toBe(400);
    const { body } = await engine.call<Page<object>>('GET', '/v1/event-sources');
    expect(JSON.stringify(body)).not.toContain(secret);
    const stored = await engine.mongo.collection('eventSources').find().toArray();
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect((await engine.call('DELETE', '/v1/event-sources/kept')).status).toBe(204);
    expect((await sendSigned('kept', raw, signed)).status).toBe(401);
  });
});

describe('what is no event', () => {
  it.each<[string, string, number]>([
    ['no JSON', 'not JSON', 400],
    ['a list', '[]', 400],
    ['nothing', '', 400],
    ['nested too deeply', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 400],
    ['more than 1 MiB', JSON.stringify({ x: 'x'.repeat(1_048_577) }), 413],
  ])('%s is refused', async (_name, raw, status) => {
    const answer = await engine.call('POST', '/v1/events/bad', undefined, {
      token: sender,
      raw,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(status);
  });

  it('one from the future is refused and kept', async () => {
    const answer = await engine.call(
      'POST',
      '/v1/events/future',
      { timestamp: inSeconds(3600) },
      { token: sender },
    );
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'timestamp' }] } });
    const { body } = await engine.call<Page<EventView>>('GET', '/v1/events?source=future');
    expect(body.items).toMatchObject([{ status: 'refused', reason: 'from_the_future' }]);
  });
});

describe('event rules', () => {
  it('are ordered by naming each of one’s own once', async () => {
    const list = async () => (await engine.call<{ items: RuleView[] }>('GET', '/v1/event-rules')).body.items;
    const own = (await list()).filter(({ builtIn }) => !builtIn).map(({ id }) => id);
    const wanted = [...own].reverse();
    expect((await engine.call('POST', '/v1/event-rules/order', { ids: wanted })).status).toBe(200);
    expect((await list()).map(({ id }) => id)).toEqual([...wanted, 'builtin_reward_issued']);
    expect((await engine.call('POST', '/v1/event-rules/order', { ids: wanted.slice(1) })).status).toBe(409);
  });

  it.each<[string, object, string]>([
    ['Liquid that is none', notifying({ data: { x: '{{ a | nothing }}' } }), 'then.notification.data.x'],
    ['a type that is not there', notifying({ type: 'unheard_of' }), 'then.notification.type'],
    ['a constant that does not fit', notifying({ priority: 'urgent' }), 'then.notification.priority'],
    ['a channel that is none', notifying({ channels: ['pigeon'] }), 'then.notification.channels.0'],
  ])('are refused with %s', async (_name, then, path) => {
    const answer = await engine.call('POST', '/v1/event-rules', { name: 'wrong', then });
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map((error) => error.path)).toContain(path);
  });

  it.each<[string, object, string]>([
    ['an unknown field', { then: notifying({ recipient: 'u-1' }) }, 'then.notification.recipient'],
    [
      'nobody to send to',
      { then: { do: 'trigger', notification: { type: 'system' } } },
      'then.notification.to',
    ],
    ['a condition that tests nothing', { when: { field: 'a' }, then: notifying() }, 'when'],
    ['nothing to do', {}, 'then'],
  ])('are no rules with %s', async (_name, given, path) => {
    const answer = await engine.call('POST', '/v1/event-rules', { name: 'wrong', ...given });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => error.path)).toContain(path);
  });

  it('show in a dry run what each would do, and do nothing', async () => {
    const made = await rule('tried', {
      when: { field: 'kind', equals: 'b' },
      then: {
        do: 'chain',
        steps: [
          notifying({ type: 'contract_expiring', content: undefined, data: { contract: '{{ c }}' } }),
          notifying({ to: { role: 'nobody-has-this' } }),
          { do: 'cancel', key: 'k-{{ c }}' },
        ],
      },
    });
    const before = await engine.mongo.collection('inboundEvents').countDocuments();
    const tried = await engine.call<Tried>('POST', '/v1/event-rules/dry-run', {
      source: 'tried',
      event: { kind: 'b', user: 7, c: 9, what: 'x' },
    });
    expect(tried.status).toBe(200);
    expect(tried.body.status).toBe('partial');
    const shown = tried.body.rules.find(({ id }) => id === made.id);
    expect(shown).toMatchObject({
      matched: true,
      steps: [
        {
          wouldDo: { type: 'contract_expiring', to: { recipient: { id: '7' } }, data: { contract: 9 } },
          errors: [],
        },
        { errors: [{ path: 'then.steps.1.notification.audience' }] },
        { do: 'cancel', wouldDo: { key: 'k-9' } },
      ],
    });
    const other = tried.body.rules.find(({ name }) => name === 'once');
    expect(other).toMatchObject({ matched: false, because: 'it is for once', steps: [] });
    expect(await engine.mongo.collection('inboundEvents').countDocuments()).toBe(before);

    const alone = await engine.call<Tried>('POST', '/v1/event-rules/dry-run', {
      source: 'x',
      event: { kind: 'a' },
      rule: { name: 'new', when: { field: 'kind', equals: 'b' }, then: notifying() },
    });
    expect(alone.body).toMatchObject({ status: 'unmatched', rules: [{ because: 'kind is not "b"' }] });
  });
});
