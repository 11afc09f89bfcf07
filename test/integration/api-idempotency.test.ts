import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approval,
  ended,
  inSeconds,
  plan,
  reached,
  startChecked,
  type Accepted,
  type CheckedEngine,
  type Refusal,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

const trigger = (body: unknown, header?: string, query = '') =>
  engine.call<Accepted>('POST', `/v1/notifications${query}`, body, {
    headers: header === undefined ? {} : { 'idempotency-key': header },
  });

const mailsTo = (person: string) =>
  engine.smtp.mails.filter(({ envelope }) => envelope.to.includes(`${person}@example.com`)).length;

describe('the same idempotency key again', () => {
  it.each([
    ['while its run waits', 'u-waiting', { sendAt: inSeconds(3600) }, 'held'],
    ['after its run has ended', 'u-over', {}, 'sent'],
    ['after its run was suppressed', 'u-told', { actor: 'u-told' }, 'suppressed'],
  ] as const)('answers 200 and the same ID %s, and sends nothing twice', async (_when, who, more, status) => {
    const body = approval(who, { ...more, idempotencyKey: randomUUID() });
    const first = await trigger(body);
    expect(first.status).toBe(202);
    await reached(engine, first.body.id, status);
    const again = await trigger(body);
    expect(again).toMatchObject({
      status: 200,
      body: { id: first.body.id, workflowId: first.body.workflowId, duplicate: true },
    });
    expect(mailsTo(who)).toBe(status === 'sent' ? 1 : 0);
  });

  it.each([
    ['while its run waits', 'u-other-waiting', { sendAt: inSeconds(3600) }, 'held'],
    ['after its run has ended', 'u-other-over', {}, 'sent'],
  ] as const)('answers 409 to another request %s', async (_when, who, more, status) => {
    const idempotencyKey = randomUUID();
    const first = await trigger(approval(who, { ...more, idempotencyKey }));
    await reached(engine, first.body.id, status);
    const other = await engine.call(
      'POST',
      '/v1/notifications',
      approval(who, { ...more, idempotencyKey, data: { requester: 'Bob' } }),
    );
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('answers 200 even when the row has been purged, while Temporal remembers', async () => {
    const body = approval('u-purged', { idempotencyKey: randomUUID() });
    const first = await trigger(body);
    await ended(engine, first.body.id);
    await engine.models.notifications.model.deleteOne({ tenantId: engine.tenantId, id: first.body.id });
    for (const query of ['', '?wait=decision']) {
      const again = await trigger(body, undefined, query);
      expect(again).toMatchObject({ status: 200, body: { id: first.body.id, duplicate: true } });
      expect(again.body.decision).toBeUndefined();
    }
    expect((await engine.call('GET', `/v1/notifications/${first.body.id}`)).status).toBe(404);
    expect(mailsTo('u-purged')).toBe(1);
  });

  it('sends what was terminated by hand while it waited', async () => {
    const body = approval('u-terminated', { idempotencyKey: randomUUID(), sendAt: inSeconds(1) });
    const id = await plan(engine, body);
    await engine.client.workflow.getHandle(`notification/${engine.tenantId}/${id}`).terminate('by hand');
    expect(await trigger(body)).toMatchObject({ status: 200, body: { id, duplicate: true } });
    expect((await ended(engine, id)).status).toBe('sent');
    expect(mailsTo('u-terminated')).toBe(1);
  });

  it('is the same in the header as in the body', async () => {
    const key = randomUUID();
    const first = await trigger(approval('u-header'), key);
    const again = await trigger(approval('u-header', { idempotencyKey: key }));
    expect([first.status, again.status, again.body.id]).toEqual([202, 200, first.body.id]);
  });

  it('does not mind the order of fields, nor a default that is spelt out', async () => {
    const { type, to, data } = approval('u-order');
    const key = randomUUID();
    const first = await trigger({ type, to, data }, key);
    const again = await trigger({ priority: 'normal', data, to, actions: [], type }, key);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
  });

  it('means another notification in another tenant', async () => {
    const tenant = `${engine.tenantId}-b`;
    await engine.call('POST', '/v1/tenants', { id: tenant, name: 'Other' });
    const body = approval('u-tenants', { idempotencyKey: randomUUID() });
    const first = await trigger(body);
    const other = await engine.call<Accepted>('POST', '/v1/notifications', body, { tenant });
    expect(other.status).toBe(202);
    expect(other.body.id).not.toBe(first.body.id);
  });

  it('makes one notification and one mail of twenty at once', async () => {
    const body = approval('u-twenty', { idempotencyKey: randomUUID() });
    const answers = await Promise.all(Array.from({ length: 20 }, () => trigger(body)));
    expect(new Set(answers.map(({ body: { id } }) => id)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 202]);
    const [first] = answers;
    expect((await ended(engine, first?.body.id ?? '')).status).toBe('sent');
    const listed = await engine.call<{ items: unknown[] }>('GET', '/v1/notifications?recipient=u-twenty');
    expect(listed.body.items).toHaveLength(1);
    expect(mailsTo('u-twenty')).toBe(1);
  });

  it('refuses a key in the header that is not the one in the body', async () => {
    const answer = await engine.call(
      'POST',
      '/v1/notifications',
      approval('u-both', { idempotencyKey: 'one' }),
      { headers: { 'idempotency-key': 'other' } },
    );
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(answer.body.errors?.[0]?.path).toBe('idempotencyKey');
  });

  it.each([
    ['empty', ''],
    ['longer than 200 characters', 'k'.repeat(201)],
  ])('refuses a header that is %s', async (_what, header) => {
    const answer = await engine.call('POST', '/v1/notifications', approval('u-key'), {
      headers: { 'idempotency-key': header },
    });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'Idempotency-Key' }] } });
  });

  it('makes two notifications where there is no key', async () => {
    const [one, other] = await Promise.all([trigger(approval('u-none')), trigger(approval('u-none'))]);
    expect(one.body.id).not.toBe(other.body.id);
  });
});

describe('?wait=decision', () => {
  it('answers what happens on each channel, and why', async () => {
    const sendAt = inSeconds(3600);
    const { status, body } = await trigger(approval('u-decided', { sendAt }), undefined, '?wait=decision');
    expect(status).toBe(202);
    expect(body.decision).toMatchObject({
      status: 'held',
      channels: {
        in_app: { action: 'hold', until: sendAt, reason: 'scheduled' },
        email: { action: 'hold', until: sendAt, reason: 'scheduled' },
        sms: { action: 'skip', reason: 'not_requested' },
      },
    });
  });

  it('says of what goes out at once that it is sent', async () => {
    const { body } = await trigger(approval('u-now'), undefined, '?wait=decision');
    expect(body.decision?.channels).toMatchObject({ in_app: { action: 'send' }, email: { action: 'send' } });
    expect((await ended(engine, body.id)).status).toBe('sent');
  });

  it.each([
    ['that waits', 'u-wait-waits', { sendAt: inSeconds(3600) }, 'held'],
    ['that is over', 'u-wait-over', {}, 'sent'],
  ] as const)('answers a duplicate %s with the decision that was made', async (_what, who, more, status) => {
    const body = approval(who, { ...more, idempotencyKey: randomUUID() });
    const id = await plan(engine, body);
    await reached(engine, id, status);
    const again = await trigger(body, undefined, '?wait=decision');
    expect(again).toMatchObject({ status: 200, body: { id, duplicate: true, decision: { status } } });
  });

  it('answers twenty at once with one decision', async () => {
    const body = approval('u-wait-twenty', { sendAt: inSeconds(3600), idempotencyKey: randomUUID() });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => trigger(body, undefined, '?wait=decision')),
    );
    for (const { body: answer } of answers) expect(answer.decision?.status).toBe('held');
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(new Set(answers.map(({ body: { id } }) => id)).size).toBe(1);
  });

  it('answers 409 to another request under the same key', async () => {
    const idempotencyKey = randomUUID();
    await plan(engine, approval('u-wait-other', { idempotencyKey, sendAt: inSeconds(3600) }));
    const other = await trigger(approval('u-wait-other', { idempotencyKey }), undefined, '?wait=decision');
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('can wait for nothing else', async () => {
    const answer = await engine.call('POST', '/v1/notifications?wait=sent', approval('u-wait-sent'));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'wait' }] } });
  });
});

describe('a batch', () => {
  interface Batch {
    items: ((Accepted | Refusal) & { statusCode: number })[];
  }
  const batch = (body: unknown, header?: string) =>
    engine.call<Batch>('POST', '/v1/notifications/batch', body, {
      headers: header === undefined ? {} : { 'idempotency-key': header },
    });

  it('answers each on its own, in the order of the request', async () => {
    const known = approval('u-batch-known', { idempotencyKey: randomUUID() });
    await trigger(known);
    const { status, body } = await batch([
      approval('u-batch-1'),
      approval('u-batch-2', { type: 'no_such_type' }),
      { type: 'approval_request' },
      known,
      { ...known, data: {} },
      'not an object',
      approval('u-batch-3'),
    ]);
    expect(status).toBe(202);
    expect(body.items.map(({ statusCode }) => statusCode)).toEqual([202, 422, 400, 200, 409, 400, 202]);
    expect(body.items[1]).toMatchObject({ code: 'unprocessable', errors: [{ path: 'type' }] });
    expect(body.items[2]).toMatchObject({ code: 'validation_failed', errors: [{ path: 'to' }] });
    for (const item of body.items) {
      if ('id' in item) expect((await ended(engine, item.id)).status).toBe('sent');
    }
    expect([mailsTo('u-batch-1'), mailsTo('u-batch-2'), mailsTo('u-batch-3')]).toEqual([1, 0, 1]);
  });

  it('takes a hundred', async () => {
    const { body } = await batch({
      notifications: Array.from({ length: 100 }, (_, index) => ({
        type: 'mention',
        to: { recipient: `u-nobody-${index}` },
      })),
    });
    expect(body.items.map(({ statusCode }) => statusCode)).toEqual(Array<number>(100).fill(202));
  });

  it.each([
    ['more than a hundred', Array<object>(101).fill({})],
    ['none', []],
    ['what is no list', 'all'],
  ])('refuses %s with 400', async (_what, body) => {
    expect((await batch(body)).status).toBe(400);
  });

  it('is keyed as a whole by the header: sent again, it sends nothing twice', async () => {
    const key = randomUUID();
    const all = [approval('u-whole-1'), approval('u-whole-2', { idempotencyKey: randomUUID() })];
    const first = await batch(all, key);
    const again = await batch(all, key);
    const ids = ({ items }: Batch) => items.map((item) => ('id' in item ? item.id : item.code));
    expect(again.body.items.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(ids(again.body)).toEqual(ids(first.body));
  });
});
