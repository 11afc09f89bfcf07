import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accept,
  approval,
  asPerson,
  ended,
  inSeconds,
  plan,
  quietNow,
  reached,
  run,
  startChecked,
  tokenOf,
  type Accepted,
  type CheckedEngine,
  type Item,
  type Page,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ env: { TEMPORAL_UI_URL: 'http://temporal.test:8233/' } });
});
afterAll(() => engine.stop());

const direct = {
  in_app: { title: 'Hello {{ name }}', message: 'You have {{ count }} new tasks, {{ recipient.id }}.' },
  email: { subject: 'For {{ name }}', text: 'You have {{ count }} new tasks.' },
};

/** Mails to an address, whose domain has no case. */
const mailsTo = (address: string) =>
  engine.smtp.mails.filter(({ envelope }) => envelope.to.some((to) => to.toLowerCase() === address));

/** What the validation table answers for one changed field. */
async function refusal(change: Record<string, unknown>) {
  const answer = await engine.call('POST', '/v1/notifications', approval('u-refused', change));
  return {
    status: answer.status,
    code: answer.body.code,
    paths: answer.body.errors?.map((error) => error.path),
  };
}
const invalidAt = (...paths: string[]) => ({ status: 400, code: 'validation_failed', paths });
const unfitAt = (...paths: string[]) => ({ status: 422, code: 'unprocessable', paths });

describe('whom a trigger reaches', () => {
  it('reaches a person by ID, under the address that is stored', async () => {
    await engine.call('PUT', '/v1/subscribers/u-by-id', { email: 'by-id@example.com' });
    const done = await run(engine, approval('', { to: { recipient: 'u-by-id' } }));
    expect(done).toMatchObject({ status: 'sent', recipient: 'u-by-id' });
    expect(mailsTo('by-id@example.com')).toHaveLength(1);
  });

  it('suppresses what is for an ID that nobody has, and says so', async () => {
    const done = await run(engine, approval('', { to: { recipient: 'u-nobody' } }));
    expect(done.status).toBe('suppressed');
    expect(done.plan.channels.email).toEqual({ action: 'skip', reason: 'recipient_unknown' });
  });

  it('creates a person who is brought along', async () => {
    const recipient = {
      id: 'u-inline',
      email: 'inline@example.com',
      phone: '+33612345678',
      locale: 'fr',
      timezone: 'America/New_York',
    };
    await run(engine, approval('', { to: { recipient } }));
    const { body } = await engine.call<object>('GET', '/v1/subscribers/u-inline');
    expect(body).toMatchObject(recipient);
  });

  it('updates a person who is brought along, and leaves alone what is not named', async () => {
    await engine.call('PUT', '/v1/subscribers/u-known', {
      email: 'old@example.com',
      locale: 'fr',
      attributes: { plan: 'pro' },
    });
    await run(engine, approval('', { to: { recipient: { id: 'u-known', email: 'new@example.com' } } }));
    const { body } = await engine.call<object>('GET', '/v1/subscribers/u-known');
    expect(body).toMatchObject({ email: 'new@example.com', locale: 'fr', attributes: { plan: 'pro' } });
    expect(mailsTo('new@example.com')).toHaveLength(1);
  });

  it('mails a bare address that has no inbox', async () => {
    const done = await run(engine, approval('', { to: { recipient: { email: 'Bare@Example.com' } } }));
    expect(done.status).toBe('sent');
    expect(done.plan.channels.in_app).toEqual({ action: 'skip', reason: 'no_inbox' });
    expect(mailsTo('bare@example.com')).toHaveLength(1);
  });

  it('names a bare address by a keyed hash in its ID, its run and its log', async () => {
    const done = await run(engine, approval('', { to: { recipient: { email: 'hidden@example.com' } } }));
    const again = await run(engine, approval('', { to: { recipient: { email: 'HIDDEN@example.com' } } }));
    expect(done.recipient).toMatch(/^address_[\w-]{32}$/);
    expect(again.recipient).toBe(done.recipient);
    const described = await engine.client.workflow.getHandle(done.workflowId).describe();
    const seen = JSON.stringify([
      described.workflowId,
      described.searchAttributes,
      described.memo,
      described.staticSummary,
      done,
    ]);
    expect(described.searchAttributes.CarillonRecipient).toEqual([done.recipient]);
    expect(seen).not.toMatch(/hidden/i);
    expect(done.deliveries.find(({ channel }) => channel === 'email')?.target).toBe('h•••@example.com');
  });

  it('tells nobody of their own deeds', async () => {
    const done = await run(engine, approval('u-actor', { actor: 'u-actor' }));
    expect(done.status).toBe('suppressed');
    expect(done.plan.channels).toMatchObject({
      in_app: { action: 'skip', reason: 'actor_is_recipient' },
      email: { action: 'skip', reason: 'actor_is_recipient' },
    });
    expect(mailsTo('u-actor@example.com')).toHaveLength(0);
  });

  it.each([
    ['an ID with a line break', { recipient: 'u-1\nu-2' }, 'to.recipient'],
    ['an ID of 201 characters', { recipient: 'u'.repeat(201) }, 'to.recipient'],
    ['an empty ID', { recipient: '' }, 'to.recipient'],
    ['an address that is none', { recipient: { email: 'ann' } }, 'to.recipient.email'],
    ['a phone number that is none', { recipient: { phone: '0612345678' } }, 'to.recipient.phone'],
    ['a zone that is none', { recipient: { id: 'u', timezone: 'Mars/Olympus' } }, 'to.recipient.timezone'],
    ['two addresses', { recipient: { email: 'a@example.com', phone: '+33612345678' } }, 'to.recipient'],
    ['nobody', {}, 'to'],
    ['a number', { recipient: 42 }, 'to.recipient'],
  ])('refuses %s as recipient', async (_what, to, path) => {
    expect(await refusal({ to })).toEqual(invalidAt(path));
  });
});

describe('what a trigger says', () => {
  it('answers 202 with the ID, the run and that it is no duplicate', async () => {
    const answer = await engine.call<Accepted>('POST', '/v1/notifications', approval('u-202'));
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^ntf_/) as string,
      status: 'accepted',
      workflowId: `notification/${engine.tenantId}/${answer.body.id}`,
      duplicate: false,
    });
    await ended(engine, answer.body.id);
  });

  it('fills the placeholders of the content that it brings', async () => {
    const done = await run(engine, {
      type: 'direct',
      to: { recipient: { id: 'u-direct', email: 'direct@example.com' } },
      content: direct,
      data: { name: 'Ann', count: 3 },
    });
    expect(done).toMatchObject({ title: 'Hello Ann', message: 'You have 3 new tasks, u-direct.' });
    const [mail] = mailsTo('direct@example.com');
    expect(mail?.parsed.subject).toBe('For Ann');
    expect(mail?.parsed.text).toContain('You have 3 new tasks.');
  });

  it('sends only the channels that a direct content has a text for', async () => {
    const done = await run(engine, {
      type: 'direct',
      to: { recipient: { id: 'u-one-text', email: 'one-text@example.com' } },
      content: { in_app: direct.in_app },
    });
    expect(done.deliveries.map(({ channel }) => channel)).toEqual(['in_app']);
    expect(mailsTo('one-text@example.com')).toHaveLength(0);
  });

  it('lets content replace the text of a type', async () => {
    const done = await run(engine, approval('u-replaced', { content: { in_app: direct.in_app } }));
    expect(done.title).toBe('Hello');
    expect(done.type).toBe('approval_request');
  });

  it.each([
    ['a type that there is not', { type: 'no_such_type' }, 'type'],
    ['direct without content', { type: 'direct' }, 'content'],
    [
      'a placeholder that never closes',
      { content: { email: { subject: 'Hello {{ name', text: 'x' } } },
      'content.email.subject',
    ],
  ])('answers 422 for %s', async (_what, change, path) => {
    expect(await refusal(change)).toEqual(unfitAt(path));
  });

  it.each([
    ['a javascript: link', { actionUrl: 'javascript:alert(1)' }, 'actionUrl'],
    ['a link that leaves by a double slash', { actionUrl: '//evil.example' }, 'actionUrl'],
    ['a data: image', { imageUrl: 'data:text/html,x' }, 'imageUrl'],
    [
      'a javascript: link on a button',
      { actions: [{ label: 'Go', url: 'JavaScript:alert(1)' }] },
      'actions.0.url',
    ],
    ['a link of 2,049 characters', { actionUrl: `https://a.example/${'x'.repeat(2031)}` }, 'actionUrl'],
    [
      'a title of 256 characters',
      { content: { in_app: { title: 'x'.repeat(256), message: 'x' } } },
      'content.in_app.title',
    ],
    [
      'a message of 10,001 characters',
      { content: { in_app: { title: 'x', message: 'x'.repeat(10_001) } } },
      'content.in_app.message',
    ],
    [
      'a line break in a subject',
      { content: { email: { subject: 'a\r\nBcc: b', text: 'x' } } },
      'content.email.subject',
    ],
    ['a channel that there is not', { channels: ['pigeon'] }, 'channels.0'],
    ['a priority that there is not', { priority: 'urgent' }, 'priority'],
    ['an unknown field', { subject: 'x' }, 'subject'],
    ['data that is a list', { data: [] }, 'data'],
    ['content for no channel', { content: {} }, 'content'],
  ])('answers 400 for %s', async (_what, change, path) => {
    expect(await refusal(change)).toEqual(invalidAt(path));
  });

  it('shows actor, related, links, thread and severity where the item is read', async () => {
    const details = {
      actor: 'u-7',
      related: { type: 'contract', id: 'c-1' },
      actionUrl: 'https://app.example/contracts/c-1',
      imageUrl: '/images/c-1.png',
      actions: [{ label: 'Review', url: '/contracts/c-1/review' }],
      threadKey: 'contract-c-1',
    };
    await run(engine, approval('u-details', { ...details, severity: 'warning', category: 'legal' }));
    const me = asPerson(engine, await tokenOf(engine, 'u-details'));
    const { body } = await me<Page<Item>>('GET', '/v1/me/inbox');
    expect(body.items[0]).toMatchObject({ ...details, severity: 'warning', category: 'legal' });
  });

  it('takes every field of the contract that may be left empty', async () => {
    const empty = {
      actor: null,
      related: null,
      actionUrl: null,
      sendAt: null,
      expiresAt: null,
      digestKey: null,
      threadKey: null,
      category: null,
      imageUrl: null,
      actions: [],
      attachments: [],
      escalation: [],
    };
    expect((await run(engine, approval('u-empty', empty))).status).toBe('sent');
  });

  it.each(['critical', 'high', 'normal', 'low'])('carries the priority %s', async (priority) => {
    const done = await run(engine, approval('u-priority', { priority }));
    expect(done.priority).toBe(priority);
    const described = await engine.client.workflow.getHandle(done.workflowId).describe();
    expect(described.priority).toMatchObject({
      priorityKey: { critical: 1, high: 2, normal: 3, low: 4 }[priority],
      fairnessKey: engine.tenantId,
    });
  });
});

describe('when a trigger is sent', () => {
  it('holds everything until sendAt', async () => {
    const sendAt = inSeconds(3600);
    const id = await accept(engine, approval('u-later', { sendAt }));
    const held = await reached(engine, id, 'held');
    expect(held).toMatchObject({ sendAt, heldUntil: sendAt });
    expect(held.plan.channels).toMatchObject({
      in_app: { action: 'hold', until: sendAt, reason: 'scheduled' },
      email: { action: 'hold', until: sendAt, reason: 'scheduled' },
    });
    expect(mailsTo('u-later@example.com')).toHaveLength(0);
  });

  it('sends when sendAt has come', async () => {
    const sendAt = inSeconds(1.5);
    const done = await run(engine, approval('u-soon', { sendAt }));
    expect(done.status).toBe('sent');
    for (const { sentAt } of done.deliveries)
      expect(Date.parse(sentAt ?? '')).toBeGreaterThanOrEqual(Date.parse(sendAt));
  });

  it('takes a sendAt that clocks half a minute apart would call now', async () => {
    expect((await run(engine, approval('u-skew', { sendAt: inSeconds(-30) }))).status).toBe('sent');
  });

  it('expires what could not go out before expiresAt', async () => {
    await engine.call('PUT', '/v1/subscribers/u-expires', { email: 'expires@example.com' });
    await engine.call('PUT', '/v1/subscribers/u-expires/preferences', { quietHours: quietNow() });
    const expiresAt = inSeconds(1.5);
    const trigger = { to: { recipient: 'u-expires' }, channels: ['email'], expiresAt };
    const done = await run(engine, approval('', trigger));
    expect(done).toMatchObject({
      status: 'expired',
      expiresAt,
      plan: { channels: { email: { action: 'skip', reason: 'expired' } } },
      deliveries: [{ channel: 'email', status: 'expired', reason: 'expired', sentAt: null }],
    });
    expect(mailsTo('expires@example.com')).toHaveLength(0);
  });

  it('keeps what waits until it is due, however short the retention', async () => {
    const shortest = { readDays: 1, unreadDays: 1, deliveryDays: 1 };
    await engine.call('PATCH', '/v1/tenant', { retention: shortest });
    const sendAt = inSeconds(300 * 86_400);
    const id = await plan(engine, approval('u-kept', { sendAt }));
    await engine.call('PATCH', '/v1/tenant', {
      retention: { readDays: 30, unreadDays: 365, deliveryDays: 90 },
    });
    const rows = [
      ...(await engine.models.notifications.model.find({ id }).lean()),
      ...(await engine.models.deliveries.ofNotification(engine.tenantId, id)),
    ];
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.purgeAt.getTime()).toBeGreaterThan(Date.parse(sendAt));
  });

  it.each([
    ['a sendAt in the past', () => ({ sendAt: inSeconds(-3600) }), 'sendAt'],
    ['a sendAt beyond a year', () => ({ sendAt: inSeconds(367 * 86_400) }), 'sendAt'],
    ['an expiresAt in the past', () => ({ expiresAt: inSeconds(-1) }), 'expiresAt'],
    [
      'an expiresAt before sendAt',
      () => ({ sendAt: inSeconds(3600), expiresAt: inSeconds(1800) }),
      'expiresAt',
    ],
    ['a time without a zone', () => ({ sendAt: '2126-01-01T08:00:00' }), 'sendAt'],
    ['a time as a number', () => ({ sendAt: Date.now() + 1000 }), 'sendAt'],
  ])('answers 400 for %s', async (_what, change, path) => {
    expect(await refusal(change())).toEqual(invalidAt(path));
  });
});
