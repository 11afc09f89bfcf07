import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
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
  type Accepted,
  type CheckedEngine,
  type Full,
  type Item,
  type Page,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

const at = (id: string, action = '') => `/v1/notifications/${id}${action}`;
const held = (who: string, more = {}) => plan(engine, approval(who, { sendAt: inSeconds(3600), ...more }));
const mailsTo = (who: string) =>
  engine.smtp.mails.filter(({ envelope }) => envelope.to.includes(`${who}@example.com`));
const deliveryOf = (notification: Full, channel: string) =>
  notification.deliveries.find((delivery) => delivery.channel === channel);

/** A person whose quiet hours hold the mail while the inbox has it. */
async function quietPerson(who: string): Promise<string> {
  const token = await tokenOf(engine, who);
  await engine.call('PATCH', `/v1/subscribers/${who}`, { email: `${who}@example.com` });
  await engine.call('PATCH', `/v1/subscribers/${who}/preferences`, { quietHours: quietNow() });
  return token;
}

async function auditOf(subject: string) {
  const rows = await engine.mongo
    .collection<{ action: string; actor: string; before?: string; after?: string }>('audit')
    .find({ tenantId: engine.tenantId, subject })
    .toArray();
  return rows.map(({ action, actor, before, after }) => ({
    action,
    actor,
    before: before === undefined ? undefined : (JSON.parse(before) as unknown),
    after: after === undefined ? undefined : (JSON.parse(after) as unknown),
  }));
}

describe('telling a run that waits', () => {
  it('cancels it: nothing goes out, and the log says so', async () => {
    const id = await held('u-cancel');
    const answer = await engine.call('POST', at(id, '/cancel'), { reason: 'withdrawn' });
    expect(answer).toMatchObject({ status: 202, body: { id, status: 'held' } });
    const done = await ended(engine, id);
    expect(done).toMatchObject({ status: 'cancelled', heldUntil: null });
    expect(deliveryOf(done, 'email')).toMatchObject({
      status: 'cancelled',
      reason: 'cancelled',
      sentAt: null,
    });
    expect(done.timeline.at(-1)).toMatchObject({ event: 'cancelled', detail: 'platform: withdrawn' });
    expect(mailsTo('u-cancel')).toHaveLength(0);
  });

  it('expedites it: sent now, although sendAt is ahead', async () => {
    const id = await held('u-expedite');
    expect((await engine.call('POST', at(id, '/expedite'))).status).toBe(202);
    const done = await ended(engine, id);
    expect(done.status).toBe('sent');
    expect(deliveryOf(done, 'in_app')).toMatchObject({ status: 'sent', attempts: [{ outcome: 'sent' }] });
    expect(mailsTo('u-expedite')).toHaveLength(1);
  });

  it('expedites past the quiet hours of the person', async () => {
    await quietPerson('u-quiet');
    const id = await plan(engine, approval('', { to: { recipient: 'u-quiet' } }));
    await reached(engine, id, 'held');
    await engine.call('POST', at(id, '/expedite'));
    expect((await ended(engine, id)).status).toBe('sent');
    expect(mailsTo('u-quiet')).toHaveLength(1);
  });

  it('acknowledges it: what has not gone out is not needed', async () => {
    const id = await held('u-acknowledge');
    expect((await engine.call('POST', at(id, '/acknowledge'), {})).status).toBe(202);
    const done = await ended(engine, id);
    expect(done.status).toBe('sent');
    expect(deliveryOf(done, 'email')).toMatchObject({ status: 'cancelled', reason: 'acknowledged' });
    expect(mailsTo('u-acknowledge')).toHaveLength(0);
  });

  it.each(['cancel', 'expedite', 'acknowledge'])(
    'answers 409 too_late to %s when it is over',
    async (action) => {
      const { id } = await run(engine, approval(`u-late-${action}`));
      const answer = await engine.call('POST', at(id, `/${action}`));
      expect(answer).toMatchObject({ status: 409, body: { code: 'too_late' } });
    },
  );

  it.each(['cancel', 'expedite', 'acknowledge'])(
    'answers 404 to %s for an ID that nobody has',
    async (action) => {
      const answer = await engine.call('POST', at('ntf_nobody', `/${action}`));
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    },
  );

  it('refuses a reason with a line break', async () => {
    const id = await held('u-reason');
    const answer = await engine.call('POST', at(id, '/cancel'), { reason: 'one\ntwo' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'reason' }] } });
  });
});

describe('amending one that waits', () => {
  const amend = (id: string, change: unknown) => engine.call<Full>('PATCH', at(id), change);

  it('sends the new data', async () => {
    const id = await held('u-data');
    const data = { contract: { title: 'Lease' }, requester: 'Bob' };
    const answer = await amend(id, { data });
    expect(answer).toMatchObject({ status: 200, body: { status: 'held', data, plan: { sequence: 2 } } });
    await engine.call('POST', at(id, '/expedite'));
    expect(await ended(engine, id)).toMatchObject({ title: 'Bob asks for your approval', data });
    expect(mailsTo('u-data')[0]?.parsed.subject).toBe('Approval requested: Lease');
  });

  it('moves the time', async () => {
    const id = await held('u-time');
    const sendAt = inSeconds(7200);
    expect((await amend(id, { sendAt })).body).toMatchObject({ sendAt, heldUntil: sendAt });
  });

  it('sends at once when the time is taken away', async () => {
    const id = await held('u-no-time');
    expect((await amend(id, { sendAt: null })).status).toBe(200);
    expect(await ended(engine, id)).toMatchObject({ status: 'sent', sendAt: null });
  });

  it('leaves out a channel that is not asked for any more, and ends its delivery', async () => {
    const id = await held('u-channels');
    const { body } = await amend(id, { channels: ['in_app'] });
    expect(body.plan.channels.email).toEqual({ action: 'skip', reason: 'not_requested' });
    expect(deliveryOf(body, 'email')).toMatchObject({ status: 'skipped', reason: 'not_requested' });
    await engine.call('POST', at(id, '/expedite'));
    const done = await ended(engine, id);
    expect(done.status).toBe('sent');
    expect(done.deliveries.map(({ channel, status }) => [channel, status])).toEqual([
      ['email', 'skipped'],
      ['in_app', 'sent'],
    ]);
    expect(mailsTo('u-channels')).toHaveLength(0);
  });

  it('adds a channel', async () => {
    const id = await held('u-more-channels', { channels: ['in_app'] });
    await amend(id, { channels: ['in_app', 'email'] });
    await engine.call('POST', at(id, '/expedite'));
    await ended(engine, id);
    expect(mailsTo('u-more-channels')).toHaveLength(1);
  });

  it('lets it expire sooner', async () => {
    await quietPerson('u-expiry');
    const id = await plan(engine, approval('', { to: { recipient: 'u-expiry' }, channels: ['email'] }));
    const expiresAt = inSeconds(1);
    expect((await amend(id, { expiresAt })).body).toMatchObject({ expiresAt, heldUntil: expiresAt });
    expect((await ended(engine, id)).status).toBe('expired');
    expect(mailsTo('u-expiry')).toHaveLength(0);
  });

  it('answers 409 too_late when it is over', async () => {
    const { id } = await run(engine, approval('u-late-amend'));
    const answer = await engine.call('PATCH', at(id), { data: {} });
    expect(answer).toMatchObject({ status: 409, body: { code: 'too_late' } });
  });

  it('answers 404 for an ID that nobody has', async () => {
    expect((await engine.call('PATCH', at('ntf_nobody'), { data: {} })).status).toBe(404);
  });

  it.each([
    ['nothing', {}, 'body'],
    ['the type', { type: 'mention' }, 'type'],
    ['no channel', { channels: [] }, 'channels'],
    ['a sendAt in the past', { sendAt: inSeconds(-3600) }, 'sendAt'],
    ['an expiresAt in the past', { expiresAt: inSeconds(-3600) }, 'expiresAt'],
    ['an expiresAt before the sendAt that it has', { expiresAt: inSeconds(1800) }, 'expiresAt'],
    ['a sendAt after the expiresAt that it has', { sendAt: inSeconds(3 * 3600) }, 'sendAt'],
  ])('refuses %s', async (_what, change, path) => {
    const id = await held('u-refused', { expiresAt: inSeconds(7200) });
    const answer = await engine.call('PATCH', at(id), change);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => error.path)).toContain(path);
  });
});

describe('correcting an item in the inbox', () => {
  it('shows the person the corrected text and links, and keeps both in the audit trail', async () => {
    const { id, title } = await run(engine, approval('u-correct', { actionUrl: '/old' }));
    const admin = await keyOf(engine, ['admin']);
    const change = {
      title: 'Corrected',
      message: 'Line one\nLine two',
      severity: 'error',
      actionUrl: '/new',
    };
    const answer = await engine.call<Full>('PATCH', at(id, '/in-app'), change, { token: admin.key });
    expect(answer).toMatchObject({ status: 200, body: change });
    expect(answer.body.timeline.at(-1)).toMatchObject({ event: 'corrected' });
    const me = asPerson(engine, await tokenOf(engine, 'u-correct'));
    expect((await me<Item>('GET', `/v1/me/inbox/${id}`)).body).toMatchObject(change);
    expect(await auditOf(id)).toEqual([
      {
        action: 'notification.in_app.corrected',
        actor: `key:${admin.id}`,
        before: expect.objectContaining({ title, severity: 'info', actionUrl: '/old' }) as unknown,
        after: change,
      },
    ]);
  });

  it('keeps the correction when the rest goes out later', async () => {
    await quietPerson('u-correct-held');
    const id = await plan(engine, approval('', { to: { recipient: 'u-correct-held' } }));
    await engine.call('PATCH', at(id, '/in-app'), { title: 'Corrected', severity: 'error' });
    await engine.call('POST', at(id, '/expedite'));
    expect(await ended(engine, id)).toMatchObject({ title: 'Corrected', severity: 'error' });
  });

  it('answers 409 while there is no item, and after it is gone', async () => {
    const id = await held('u-no-item');
    const early = await engine.call('PATCH', at(id, '/in-app'), { title: 'x' });
    await engine.call('DELETE', at(id));
    const late = await engine.call('PATCH', at(id, '/in-app'), { title: 'x' });
    expect([early.status, early.body.code, late.status]).toEqual([409, 'conflict', 409]);
  });

  it.each([
    ['nothing', {}, 'body'],
    ['a title with a line break', { title: 'a\nb' }, 'title'],
    ['a message with a control character', { message: 'a\u0007b' }, 'message'],
    ['a javascript: link', { actionUrl: 'javascript:alert(1)' }, 'actionUrl'],
    ['the recipient', { recipient: 'u-2' }, 'recipient'],
  ])('refuses %s', async (_what, change, path) => {
    const answer = await engine.call('PATCH', at('ntf_any', '/in-app'), change);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => error.path)).toContain(path);
  });
});

describe('retracting', () => {
  it('takes the item out of the inbox, and keeps the row readable and the deed audited', async () => {
    const { id } = await run(engine, approval('u-retract'));
    const me = asPerson(engine, await tokenOf(engine, 'u-retract'));
    expect((await me<Page<Item>>('GET', '/v1/me/inbox')).body.items).toHaveLength(1);
    expect((await engine.call('DELETE', at(id))).status).toBe(204);
    expect((await me<Page<Item>>('GET', '/v1/me/inbox')).body.items).toEqual([]);
    expect((await me('GET', `/v1/me/inbox/${id}`)).status).toBe(404);
    expect((await me('GET', '/v1/me/inbox/counts')).body).toMatchObject({ unread: 0, unseen: 0, total: 0 });
    const { body } = await engine.call<Full>('GET', at(id));
    expect(body.status).toBe('sent');
    expect(Date.parse(body.deletedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(body.timeline.at(-1)).toMatchObject({ event: 'retracted' });
    expect(await auditOf(id)).toMatchObject([{ action: 'notification.retracted', actor: 'platform' }]);
  });

  it('stops what has not gone out', async () => {
    await quietPerson('u-retract-held');
    const id = await plan(engine, approval('', { to: { recipient: 'u-retract-held' } }));
    await engine.call('DELETE', at(id));
    const done = await ended(engine, id);
    expect(deliveryOf(done, 'email')).toMatchObject({ status: 'cancelled' });
    expect(mailsTo('u-retract-held')).toHaveLength(0);
  });

  it('answers 404 for an ID that nobody has', async () => {
    expect((await engine.call('DELETE', at('ntf_nobody'))).status).toBe(404);
  });
});

describe('what a notification rests on', () => {
  it('asks the preferences for the trigger’s own category', async () => {
    await tokenOf(engine, 'u-category');
    await engine.call('PATCH', '/v1/subscribers/u-category/preferences', { categories: { legal: false } });
    const { body } = await engine.call<Accepted>(
      'POST',
      '/v1/notifications?wait=decision',
      approval('u-category', { category: 'legal' }),
    );
    expect(body.decision?.channels.email).toEqual({ action: 'skip', reason: 'turned_off_by_person' });
  });
});
