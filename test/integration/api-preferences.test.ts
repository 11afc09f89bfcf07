import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelName } from '../../contracts/channels.js';
import type { EffectivePreferences } from '../../contracts/preferences.js';
import { eventually } from '../support/engine.js';
import {
  approval,
  asPerson,
  keyOf,
  plan,
  reached,
  startChecked,
  tokenOf,
  type CheckedEngine,
  type Full,
  type Refusal,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

const own = (id: string) => `/v1/subscribers/${id}/preferences`;
const made = async (...ids: string[]) => {
  for (const id of ids) await engine.call('PUT', `/v1/subscribers/${id}`, { email: `${id}@example.com` });
};
const effectiveOf = async (id: string) =>
  (await engine.call<{ effective: EffectivePreferences }>('GET', own(id))).body.effective;
const paths = (body: Refusal) => body.errors?.map(({ path }) => path);

describe('what is in force for a person', () => {
  it('is told with where it comes from, to the person and to the server', async () => {
    await made('u-sees');
    await engine.call('PATCH', own('u-sees'), {
      types: { mention: { email: false } },
      cadences: { email: 'daily' },
    });
    const effective = await effectiveOf('u-sees');
    expect(effective.types.mention).toMatchObject({
      in_app: { enabled: true, source: 'type_default', locked: false },
      email: { enabled: false, source: 'type', locked: false, cadence: 'daily', cadenceSource: 'channel' },
    });
    expect(effective.timezone).toEqual({ value: 'Europe/Paris', source: 'tenant' });
    expect(effective.types).not.toHaveProperty('digest');
    const me = asPerson(engine, await tokenOf(engine, 'u-sees'));
    const { body } = await me<{ effective: EffectivePreferences }>('GET', '/v1/me/preferences');
    expect(body.effective).toEqual(effective);
  });

  it('tells which channels the tenant has set up', async () => {
    await made('u-channels');
    const configured = async () => {
      const { channels } = await effectiveOf('u-channels');
      return Object.keys(channels).filter((name) => channels[name as ChannelName]?.configured);
    };
    expect(await configured()).toEqual(['in_app', 'email']);
    await engine.call('PATCH', '/v1/tenant', { useDeployment: { email: false } });
    try {
      expect(await configured()).toEqual(['in_app']);
    } finally {
      await engine.call('PATCH', '/v1/tenant', { useDeployment: { email: true } });
    }
  });

  it('may be sent back as it came, and changes nothing', async () => {
    await made('u-back');
    await engine.call('PATCH', own('u-back'), { channels: { sms: true }, mutedTopics: { 'w-9': true } });
    const { body } = await engine.call<object>('GET', own('u-back'));
    expect((await engine.call('PUT', own('u-back'), body)).status).toBe(200);
    expect((await engine.call<object>('GET', own('u-back'))).body).toEqual(body);
  });

  it('go back to the defaults, but for consent that was refused', async () => {
    await made('u-refuses');
    await engine.call('PATCH', own('u-refuses'), {
      channels: { sms: true },
      tracking: false,
      insights: false,
    });
    const reset = await engine.call<object>('POST', `${own('u-refuses')}/reset`);
    expect(reset.body).toMatchObject({ channels: {}, tracking: false, insights: false });
    const many = { recipients: ['u-refuses'], reset: true };
    expect((await engine.call('POST', '/v1/subscribers/preferences', many)).status).toBe(200);
    expect((await engine.call<object>('GET', own('u-refuses'))).body).toMatchObject({ tracking: false });
  });

  it('follows a change of a type at once', async () => {
    await made('u-locked');
    await engine.call('PATCH', own('u-locked'), { types: { mention: { email: false } } });
    await engine.call('PUT', '/v1/types/mention', { lockedChannels: ['email'] });
    try {
      const { types } = await effectiveOf('u-locked');
      expect(types.mention?.email).toMatchObject({ enabled: true, locked: true, source: 'locked' });
    } finally {
      await engine.call('DELETE', '/v1/types/mention');
    }
    expect((await effectiveOf('u-locked')).types.mention?.email).toMatchObject({ enabled: false });
  });
});

describe('preferences are refused', () => {
  it('where a type does not leave it to the person, but for what stood there before', async () => {
    await made('u-firm');
    await engine.call('PATCH', own('u-firm'), { types: { mention: { push: false } } });
    await engine.call('PUT', '/v1/types/mention', { lockedChannels: ['email', 'push'] });
    await engine.call('PUT', '/v1/types/approval_request', { critical: true });
    const refused = await engine.call('PATCH', own('u-firm'), {
      types: { mention: { email: false }, approval_request: { sms: false, cadence: { email: 'daily' } } },
    });
    expect(refused.status).toBe(422);
    expect(paths(refused.body)).toEqual([
      'types.mention.email',
      'types.approval_request.sms',
      'types.approval_request.cadence',
    ]);
    const { body } = await engine.call<object>('GET', own('u-firm'));
    expect((await engine.call('PUT', own('u-firm'), body)).status).toBe(200);
    const on = { types: { mention: { email: true, sms: false }, approval_request: { email: true } } };
    expect((await engine.call('PATCH', own('u-firm'), on)).status).toBe(200);
    await engine.call('DELETE', '/v1/types/mention');
    await engine.call('DELETE', '/v1/types/approval_request');
  });

  it.each<[string, object, number, string]>([
    ['that collect in the inbox', { cadences: { in_app: 'daily' } }, 400, 'cadences.in_app'],
    [
      'that collect on webhooks',
      { types: { mention: { cadence: { webhook: 'daily' } } } },
      400,
      'types.mention.cadence.webhook',
    ],
    ['that name a topic twice', { mutedTopics: ['w-1', 'w-1'] }, 400, 'mutedTopics'],
    [
      'with quiet hours that overlap',
      {
        quietHours: {
          windows: [
            { start: '22:00', end: '07:00' },
            { days: ['sun'], start: '06:00', end: '09:00' },
          ],
        },
      },
      400,
      'quietHours.windows.1',
    ],
    [
      'with quiet hours that never end',
      { quietHours: { windows: [{ start: '08:00', end: '08:00' }] } },
      422,
      'quietHours.windows',
    ],
  ])('%s', async (_what, change, status, path) => {
    await made('u-wrong');
    for (const method of ['PUT', 'PATCH'] as const) {
      const answer = await engine.call(method, own('u-wrong'), change);
      expect(answer, method).toMatchObject({ status });
      expect(paths(answer.body), method).toEqual([path]);
    }
  });

  it('of a tenant too: quiet hours that overlap', async () => {
    const windows = [
      { start: '22:00', end: '07:00' },
      { start: '05:00', end: '06:00' },
    ];
    const answer = await engine.call('PATCH', '/v1/tenant', { quietHours: { windows } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'quietHours.windows.1' }] } });
  });
});

describe('preferences of many', () => {
  it('are changed and reset at once, each person by themselves', async () => {
    await made('u-b1', 'u-b2');
    await engine.call('PATCH', own('u-b2'), { channels: { sms: true } });
    const manager = (await keyOf(engine, ['manager'])).key;
    const bulk = (body: object, token = manager) =>
      engine.call<{ changed: number; errors: object[] } & Refusal>(
        'POST',
        '/v1/subscribers/preferences',
        body,
        { token },
      );
    const recipients = ['u-b1', 'u-nobody', 'u-b2', 'u-b1'];
    const changed = await bulk({ recipients, change: { channels: { email: false } } });
    expect(changed).toMatchObject({
      status: 200,
      body: { changed: 2, errors: [{ recipient: 'u-nobody', code: 'not_found' }] },
    });
    expect((await engine.call('GET', own('u-b2'))).body).toMatchObject({
      channels: { email: false, sms: true },
    });
    expect((await bulk({ recipients: ['u-b2'], reset: true })).body.changed).toBe(1);
    expect((await engine.call('GET', own('u-b2'))).body).toMatchObject({ channels: {} });
    const audit = await engine.call<{ items: object[] }>('GET', '/v1/audit?limit=1');
    expect(audit.body.items).toMatchObject([{ action: 'preferences.changed', after: { reset: true } }]);
    expect((await bulk({ recipients })).status).toBe(400);
    expect((await bulk({ recipients, reset: true, change: {} })).status).toBe(400);
    expect(
      (await bulk({ recipients: Array.from({ length: 1001 }, (_, at) => `u-${at}`), reset: true })).status,
    ).toBe(400);
    expect((await bulk({ recipients, reset: true }, (await keyOf(engine, ['sender'])).key)).status).toBe(403);
  });
});

describe('a muted topic', () => {
  const toTopics = (to: object) =>
    engine.call<{ broadcastId: string }>('POST', '/v1/notifications', approval('', { to }));
  const notificationOf = async (recipient: string, type = 'approval_request') => {
    const { body } = await eventually(
      `one of ${recipient}`,
      () => engine.call<{ items: Full[] }>('GET', `/v1/notifications?recipient=${recipient}&type=${type}`),
      (answer) => answer.body.items.length > 0,
    );
    return (await engine.call<Full>('GET', `/v1/notifications/${body.items[0]?.id}`)).body;
  };

  it('keeps away what reaches the person only through it', async () => {
    await made('u-m1', 'u-m2', 'u-m3', 'u-m4');
    await engine.call('PUT', '/v1/topics/w-1/members', { add: ['u-m1', 'u-m2', 'u-m3', 'u-m4'] });
    await engine.call('PUT', '/v1/topics/w-2/members', { add: ['u-m2'] });
    for (const id of ['u-m1', 'u-m2', 'u-m3']) {
      await engine.call('PATCH', own(id), { mutedTopics: { 'w-1': true } });
    }
    expect((await toTopics({ topics: ['w-1', 'w-2'], recipients: ['u-m3'] })).status).toBe(202);
    const muted = await notificationOf('u-m1');
    expect(muted.status).toBe('suppressed');
    expect(muted.plan.channels).toMatchObject({
      in_app: { action: 'skip', reason: 'topic_muted' },
      email: { action: 'skip', reason: 'topic_muted' },
    });
    for (const id of ['u-m2', 'u-m3', 'u-m4']) {
      expect((await notificationOf(id)).plan.channels.in_app, id).toEqual({ action: 'send' });
    }
  });

  it('keeps away what was collected before it was muted', async () => {
    await made('u-m5');
    await engine.call('PUT', '/v1/topics/w-5/members', { add: ['u-m5'] });
    await engine.call('PATCH', own('u-m5'), { cadences: { email: 'daily' } });
    await toTopics({ topic: 'w-5' });
    const collected = await notificationOf('u-m5');
    expect(collected.plan.channels.email).toMatchObject({ action: 'digest', digestKey: 'daily' });
    await engine.call('PATCH', own('u-m5'), { mutedTopics: ['w-5'] });
    // A recipient of a broadcast who waits is handed to a run of their own, which gives the digest its item.
    const { body } = await eventually(
      'collected',
      () => engine.call<{ items: { id: string }[] }>('GET', '/v1/digests?recipient=u-m5'),
      (answer) => answer.body.items.length > 0,
    );
    await engine.call('POST', `/v1/digests/${body.items[0]?.id}/expedite`, {});
    const left = await eventually(
      'left out of the digest',
      () => engine.call<Full>('GET', `/v1/notifications/${collected.id}`),
      (answer) => answer.body.timeline.some(({ event }) => event === 'left_digest'),
    );
    expect(left.body.timeline.at(-1)).toMatchObject({ event: 'left_digest', detail: 'topic_muted' });
  });
});

describe('a change reaches what is collected', () => {
  const collected = async (id: string) => {
    await made(id);
    await engine.call('PATCH', own(id), { types: { approval_request: { cadence: 'hourly' } } });
    const notification = await plan(engine, approval('', { to: { recipient: id } }));
    const { plan: planned } = (await engine.call<Full>('GET', `/v1/notifications/${notification}`)).body;
    expect(planned.channels.email).toMatchObject({ action: 'digest', digestKey: 'hourly' });
    return notification;
  };
  const mailsTo = (id: string) =>
    engine.smtp.mails.filter(({ envelope }) => envelope.to.includes(`${id}@example.com`));

  it('which goes out at once when the person wants it at once', async () => {
    await collected('u-now');
    await engine.call('PATCH', own('u-now'), { types: { approval_request: { cadence: 'immediate' } } });
    await eventually(
      'the digest',
      () => Promise.resolve(mailsTo('u-now').length),
      (mails) => mails > 0,
    );
    expect(mailsTo('u-now')).toHaveLength(1);
  });

  it('which does not go out where the person turned the channel off', async () => {
    const id = await collected('u-off');
    await engine.call('PATCH', own('u-off'), { channels: { email: false } });
    const { body } = await engine.call<{ items: { id: string }[] }>('GET', '/v1/digests?recipient=u-off');
    await engine.call('POST', `/v1/digests/${body.items[0]?.id}/expedite`, {});
    const done = await reached(engine, id, 'sent');
    expect(done.timeline.at(-1)).toMatchObject({ event: 'left_digest', detail: 'turned_off_by_person' });
    expect(mailsTo('u-off')).toHaveLength(0);
  });
});
