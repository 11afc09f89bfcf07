import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { redriveWorkflowId } from '../../contracts/ids.js';
import { redriveCreate } from '../../contracts/redrives.js';
import { addPeople, ids, mailedTo } from '../support/broadcasts.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';
import { redrive, retry, WRONG_LOGIN, type Redrive } from '../support/redrives.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
  });
});
afterAll(() => engine.stop());

/** So that no test redrives what another one left. */
let from: string;
beforeEach(() => {
  engine.smtp.behave();
  from = new Date().toISOString();
});

interface Logged {
  recipient: string;
  status: string;
  attempts: { outcome: string }[];
}

/** Has mails to so many people fail while the server takes none, and answers the notifications' IDs. */
async function failedFor(
  people: readonly string[],
  channels: readonly string[] = ['email'],
): Promise<string[]> {
  engine.smtp.behave(WRONG_LOGIN);
  await addPeople(engine, people);
  const notifications: string[] = [];
  for (const recipient of people) {
    const { status, body } = await engine.api('POST', '/v1/notifications', {
      type: 'system',
      to: { recipient },
      channels,
      data: { title: 'News' },
    });
    expect(status).toBe(202);
    notifications.push(body.id as string);
  }
  const status = channels.includes('in_app') ? 'partial' : 'failed';
  for (const id of notifications) await reached(id, status);
  engine.smtp.behave();
  return notifications;
}

function reached(id: string, status: string): Promise<unknown> {
  return eventually(
    `${id} ${status}`,
    () => engine.api('GET', `/v1/notifications/${id}`),
    ({ body }) => body.status === status,
  );
}

async function logOf(prefix: string): Promise<Logged[]> {
  const { body } = await engine.api('GET', `/v1/deliveries?channel=email&from=${from}&limit=100`);
  return (body.items as Logged[]).filter(({ recipient }) => recipient.startsWith(prefix));
}

const dryRun = async (filter: object) =>
  (await engine.api('POST', '/v1/deliveries/redrive', { filter, dryRun: true })).body;

async function auditOf(subject: string): Promise<string[]> {
  const rows = await engine.mongo
    .collection<{ action: string }>('audit')
    .find({ tenantId: 'acme', subject })
    .toArray();
  return rows.map(({ action }) => action);
}

describe('a redrive', () => {
  it('sends everything that failed once the provider answers again, each mail once', async () => {
    const people = ids('down', 25);
    await failedFor(people);
    expect(mailedTo(engine, 'down')).toEqual([]);
    expect(await dryRun({ channel: 'email', from })).toEqual({ count: 25 });
    expect(await dryRun({ channel: 'sms', from })).toEqual({ count: 0 });

    const filter = { channel: 'email', provider: 'smtp', failureReason: 'auth_error', from } as const;
    const run = await redrive(engine, filter, { perSecond: 200 });
    const view = await run.over();
    expect(view).toMatchObject({
      status: 'completed',
      filter,
      perSecond: 200,
      counts: { matched: 25, queued: 0, started: 25, skipped: 0 },
      results: { underWay: 0, sent: 25, failed: 0, notSent: 0 },
      workflowId: redriveWorkflowId('acme', run.id),
    });
    expect(mailedTo(engine, 'down')).toEqual(people.map((id) => `${id}@example.com`));
    for (const { status, attempts } of await logOf('down')) {
      expect([status, ...attempts.map(({ outcome }) => outcome)]).toEqual(['sent', 'failed', 'sent']);
    }
    expect(await dryRun({ from })).toEqual({ count: 0 });
    expect(await auditOf(run.id)).toEqual(['redrive.started']);
  });

  it('counts nothing and writes nothing in a dry run', async () => {
    await failedFor(ids('dry', 3));
    expect(await dryRun({ from })).toEqual({ count: 3 });
    expect((await logOf('dry')).map(({ status }) => status)).toEqual(Array(3).fill('failed'));
    const { body } = await engine.api('GET', '/v1/redrives?limit=100');
    expect((body.items as { filter: { from?: string } }[]).filter((one) => one.filter.from === from)).toEqual(
      [],
    );
  });

  it.each([
    ['a recipient', { recipient: 'pick-002' }, 1],
    ['a type', { type: 'mention' }, 0],
    ['another reason', { failureReason: 'network_error' }, 0],
    ['another provider', { provider: 'other' }, 0],
    ['what was accepted later', { from: '2099-01-01T00:00:00Z' }, 0],
    ['what was accepted before', { to: '2020-01-01T00:00:00Z' }, 0],
  ] as const)('takes %s only', async (_what, filter, count) => {
    await failedFor(ids('pick', 2));
    expect(await dryRun({ from, ...filter })).toEqual({ count });
  });

  it('starts nothing more once it is cancelled, and lets go what waits in it', async () => {
    await failedFor(ids('stop', 12));
    const run = await redrive(engine, { from }, { perSecond: 1 });
    await run.until('some started', ({ counts }) => counts.started > 0);
    expect(await dryRun({ from })).toEqual({ count: expect.any(Number) as number });
    expect((await run.cancel()).status).toBe(202);
    const view = await run.over();
    const { started, skipped } = view.counts;
    expect(view).toMatchObject({ status: 'cancelled', counts: { matched: 12, queued: 0 } });
    expect(started + skipped).toBe(12);
    expect(started).toBeLessThan(12);
    expect(mailedTo(engine, 'stop')).toHaveLength(started);
    expect(await dryRun({ from })).toEqual({ count: skipped });
    expect(await run.cancel()).toMatchObject({ status: 409, body: { code: 'too_late' } });
  });

  it('does not take what waits in another one', async () => {
    await failedFor(ids('both', 8));
    const first = await redrive(engine, { from }, { perSecond: 2 });
    await first.until('it runs', ({ counts }) => counts.matched === 8);
    const second = await redrive(engine, { from }, { perSecond: 100 });
    expect((await second.over()).counts.started).toBeLessThanOrEqual(8);
    await first.over();
    expect(mailedTo(engine, 'both')).toHaveLength(8);
    for (const { attempts } of await logOf('both')) expect(attempts).toHaveLength(2);
  });

  it('leaves alone who has read it in the inbox', async () => {
    const [read] = await failedFor(ids('read', 3), ['in_app', 'email']);
    const { body } = await engine.api('POST', '/v1/subscribers/read-001/token', {});
    await engine.api('POST', `/v1/me/inbox/${String(read)}/read`, undefined, { token: body.token });
    const view = await (await redrive(engine, { from }, { perSecond: 100 })).over();
    expect(view.counts).toEqual({ matched: 3, queued: 0, started: 2, skipped: 1 });
    expect(mailedTo(engine, 'read')).toHaveLength(2);
    // Who asks for one by its ID wants it sent all the same.
    expect((await retry(engine, { id: String(read) })).status).toBe(202);
    await reached(String(read), 'sent');
    expect(mailedTo(engine, 'read')).toHaveLength(3);
  });

  it('counts who does not want it any more as not sent', async () => {
    await failedFor(ids('off', 2));
    await engine.api('PATCH', '/v1/subscribers/off-001/preferences', { channels: { email: false } });
    const view = await (await redrive(engine, { from }, { perSecond: 100 })).over();
    expect(view.results).toEqual({ underWay: 0, sent: 1, failed: 0, notSent: 1 });
    expect(mailedTo(engine, 'off')).toEqual(['off-002@example.com']);
  });

  it('finds the same one again by its idempotency key, and refuses another request under it', async () => {
    await failedFor(ids('key', 1));
    const first = await engine.api('POST', '/v1/deliveries/redrive', {
      filter: { from },
      idempotencyKey: `k-${from}`,
    });
    const again = await engine.api(
      'POST',
      '/v1/deliveries/redrive',
      { filter: { from } },
      { headers: { 'idempotency-key': `k-${from}` } },
    );
    expect([first.status, again.status]).toEqual([202, 200]);
    expect(again.body).toMatchObject({ redriveId: first.body.redriveId, duplicate: true });
    const other = await engine.api('POST', '/v1/deliveries/redrive', {
      filter: { from, channel: 'email' },
      idempotencyKey: `k-${from}`,
    });
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await eventually(
      'over',
      () => engine.api('GET', `/v1/redrives/${String(first.body.redriveId)}`),
      ({ body }) => body.status === 'completed',
    );
  });

  it('ends at once where nothing matches', async () => {
    const view = await (await redrive(engine, { from: '2099-01-01T00:00:00Z' })).over();
    expect(view).toMatchObject({ status: 'completed', counts: { matched: 0, started: 0, skipped: 0 } });
  });

  it('is let go where its run was terminated', async () => {
    await failedFor(ids('term', 6));
    const run: Redrive = await redrive(engine, { from }, { perSecond: 1 });
    await run.until('it runs', ({ counts }) => counts.matched === 6);
    await run.handle.terminate();
    expect((await run.cancel()).status).toBe(202);
    const { status, counts } = await run.over();
    expect([status, counts.queued]).toEqual(['cancelled', 0]);
  });
});

describe('the API', () => {
  it.each([
    ['an unknown field of the filter', { filter: { colour: 'red' } }, 'filter'],
    ['no filter', {}, 'filter'],
    ['the inbox', { filter: { channel: 'in_app' } }, 'filter.channel'],
    ['a reason that is none', { filter: { failureReason: 'bad_luck' } }, 'filter.failureReason'],
    ['a rate of nothing', { filter: {}, perSecond: 0 }, 'perSecond'],
  ])('refuses %s', async (_what, body, path) => {
    const answer = await engine.api('POST', '/v1/deliveries/redrive', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(JSON.stringify(answer.body.errors)).toContain(path);
    expect(redriveCreate.safeParse(body).success).toBe(false);
  });

  it('knows no delivery and no redrive of another tenant', async () => {
    await engine.api('POST', '/v1/tenants', { id: 'other', name: 'Other' }, { tenant: null });
    const [id] = await failedFor(ids('own', 1));
    const elsewhere = { tenant: 'other' };
    const answers = [
      await engine.api('POST', `/v1/deliveries/${String(id)}-email/retry`, undefined, elsewhere),
      await engine.api('GET', '/v1/redrives/none', undefined, elsewhere),
      await engine.api('POST', '/v1/redrives/none/cancel', undefined, elsewhere),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    const { body } = await engine.api(
      'POST',
      '/v1/deliveries/redrive',
      { filter: {}, dryRun: true },
      elsewhere,
    );
    expect(body).toEqual({ count: 0 });
  });

  it('lets a sender retry one delivery, and only a manager redrive', async () => {
    const made = await engine.api('POST', '/v1/api-keys', { name: 'shop', roles: ['sender'] });
    const as = { token: made.body.key as string };
    const [id] = await failedFor(ids('may', 1));
    const many = await engine.api('POST', '/v1/deliveries/redrive', { filter: {}, dryRun: true }, as);
    expect(many.status).toBe(403);
    const one = await engine.api('POST', `/v1/deliveries/${String(id)}-email/retry`, undefined, as);
    expect(one.status).toBe(202);
    await reached(String(id), 'sent');
    expect(await auditOf(`${String(id)}-email`)).toEqual(['delivery.retried']);
  });

  it('lists redrives, newest first', async () => {
    const { body } = await engine.api('GET', '/v1/redrives?status=completed&limit=2');
    const [one, other] = body.items as { createdAt: string; status: string }[];
    expect(one?.status).toBe('completed');
    expect(Date.parse(one?.createdAt ?? '')).toBeGreaterThanOrEqual(Date.parse(other?.createdAt ?? ''));
    expect(body.nextCursor).toEqual(expect.any(String));
  });
});
