import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporalScheduleId } from '../../contracts/ids.js';
import { eventually } from '../support/engine.js';
import { addPerson, type Person } from '../support/runs.js';
import { keyOf, startChecked, type CheckedEngine } from '../unit/api-checked.js';

const DAY_MS = 86_400_000;

interface Shown {
  id: string;
  name: string;
  status: string;
  cron: string | null;
  timezone: string;
  overlap: string;
  nextRuns: string[];
  lastRuns: { at: string; notificationId: string | null; broadcastId: string | null }[];
  skipped: number;
  note: string | null;
  jitterSeconds: number;
}

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

let person: Person;
beforeEach(async () => {
  person = await addPerson(engine);
});

const trigger = () => ({
  type: 'approval_request',
  to: { recipient: person.id },
  data: { contract: { title: 'NDA with Acme' }, requester: 'Ann' },
});
const daily = (changes: Record<string, unknown> = {}) => ({
  cron: '0 9 * * *',
  timezone: 'UTC',
  trigger: trigger(),
  ...changes,
});
const campaign = (changes: Record<string, unknown> = {}) => ({
  name: 'News',
  type: 'system',
  content: { in_app: { title: 'News', message: 'News' } },
  to: { recipients: [person.id] },
  ...changes,
});

async function make(changes: Record<string, unknown> = {}): Promise<Shown> {
  const answer = await engine.call<Shown>('POST', '/v1/schedules', daily(changes));
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}
const view = async (id: string) => (await engine.call<Shown>('GET', `/v1/schedules/${id}`)).body;
const untilRuns = (id: string, count: number) =>
  eventually(
    `${count} runs`,
    () => view(id),
    ({ lastRuns }) => lastRuns.length >= count,
  );
const temporal = (id: string) =>
  engine.client.schedule.getHandle(temporalScheduleId({ tenantId: engine.tenantId, scheduleId: id }));

it('sends at its times in its zone, and tells the next five', async () => {
  const made = await make({ id: 'report', cron: '30 8 * * mon-fri', timezone: 'Europe/Paris' });
  expect(made).toMatchObject({ id: 'report', status: 'active', overlap: 'skip', lastRuns: [] });
  expect(made.nextRuns).toHaveLength(5);
  for (const at of made.nextRuns) {
    const local = new Date(at).toLocaleString('en-GB', {
      timeZone: 'Europe/Paris',
      weekday: 'short',
      timeStyle: undefined,
      hour: '2-digit',
      minute: '2-digit',
    });
    expect(local).toMatch(/^(Mon|Tue|Wed|Thu|Fri).* 08:30$/);
  }
  const { body } = await engine.call<{ items: Shown[] }>('GET', '/v1/schedules');
  expect(body.items).toEqual([made]);
});

it('takes a calendar: the first Monday of a month at two times', async () => {
  const calendar = { at: ['07:15', '18:00'], days: ['mon'], dates: [1, 2, 3, 4, 5, 6, 7] };
  const made = await make({ cron: undefined, calendar });
  for (const at of made.nextRuns) {
    expect(new Date(at).getUTCDay()).toBe(1);
    expect(new Date(at).getUTCDate()).toBeLessThanOrEqual(7);
    expect(at).toMatch(/T(07:15|18:00):00/);
  }
});

it('sends now when it is asked to', async () => {
  const { id } = await make();
  expect((await engine.call('POST', `/v1/schedules/${id}/run`)).status).toBe(202);
  const { lastRuns } = await untilRuns(id, 1);
  await eventually(
    'the mail',
    () => Promise.resolve(person.mails().length),
    (mails) => mails === 1,
  );
  const notification = await engine.call('GET', `/v1/notifications/${lastRuns[0]?.notificationId}`);
  expect(notification).toMatchObject({ status: 200, body: { recipient: person.id } });
});

it('makes up for the times of a period, each once however often that is asked', async () => {
  const { id } = await make();
  const nine = new Date(Date.now() - DAY_MS);
  nine.setUTCHours(9, 0, 0, 0);
  const period = {
    from: new Date(nine.getTime() - 2 * DAY_MS).toISOString(),
    to: nine.toISOString(),
  };
  const fill = () => engine.call<{ times: number }>('POST', `/v1/schedules/${id}/backfill`, period);
  expect(await fill()).toMatchObject({ status: 202, body: { times: 3 } });
  const { lastRuns } = await untilRuns(id, 3);
  expect(lastRuns.map(({ at }) => Date.parse(at))).toEqual(
    [0, 1, 2].map((days) => nine.getTime() - days * DAY_MS),
  );
  await fill();
  await eventually(
    'the second backfill',
    async () => (await temporal(id).describe()).info,
    ({ numActionsTaken, runningActions }) => numActionsTaken === 6 && runningActions.length === 0,
  );
  expect((await view(id)).lastRuns).toHaveLength(3);
  const { body } = await engine.call<{ items: unknown[] }>('GET', `/v1/notifications?recipient=${person.id}`);
  expect(body.items).toHaveLength(3);
});

it('begins no broadcast while the one before goes on', async () => {
  const other = await addPerson(engine);
  const broadcast = campaign({ to: { recipients: [person.id, other.id] }, spreadOver: 'PT1H' });
  const { id } = await make({ trigger: undefined, broadcast });
  await engine.call('POST', `/v1/schedules/${id}/run`);
  const { lastRuns } = await untilRuns(id, 1);
  const path = `/v1/broadcasts/${lastRuns[0]?.broadcastId}`;
  const running = async () => (await engine.call<{ status: string }>('GET', path)).body.status;
  await eventually('it runs', running, (status) => status === 'running');

  await engine.call('POST', `/v1/schedules/${id}/run`);
  await eventually(
    'it is skipped',
    () => view(id),
    ({ skipped }) => skipped === 1,
  );
  expect((await view(id)).lastRuns).toHaveLength(1);

  await engine.call('POST', `${path}/cancel`);
  await eventually(
    'its run ends',
    async () => (await temporal(id).describe()).info.runningActions.length,
    (count) => count === 0,
  );
  expect(await running()).toBe('cancelled');
});

it('sends a trigger for many as a broadcast', async () => {
  const { id } = await make({ trigger: { ...trigger(), to: { recipients: [person.id] } } });
  await engine.call('POST', `/v1/schedules/${id}/run`);
  const { lastRuns } = await untilRuns(id, 1);
  const path = `/v1/broadcasts/${lastRuns[0]?.broadcastId}`;
  await eventually(
    'the end',
    async () => (await engine.call<{ status: string }>('GET', path)).body,
    ({ status }) => status === 'completed',
  );
  expect(person.mails()).toHaveLength(1);
});

it('is paused, with the reason, and resumed', async () => {
  const { id } = await make();
  const paused = await engine.call<Shown>('POST', `/v1/schedules/${id}/pause`, { reason: 'holidays' });
  expect(paused.body).toMatchObject({ status: 'paused', note: 'platform: holidays', nextRuns: [] });
  // A change leaves it paused.
  const changed = await engine.call<Shown>('PATCH', `/v1/schedules/${id}`, { name: 'Later' });
  expect(changed.body).toMatchObject({ status: 'paused', name: 'Later' });
  const resumed = await engine.call<Shown>('POST', `/v1/schedules/${id}/resume`);
  expect(resumed.body).toMatchObject({ status: 'active', note: null });
});

it('is changed in part: the rest stays', async () => {
  const { id } = await make({ jitter: 'PT5M' });
  const changed = await engine.call<Shown>('PATCH', `/v1/schedules/${id}`, {
    cron: '0 10 * * *',
    jitter: null,
  });
  expect(changed.body).toMatchObject({ cron: '0 10 * * *', timezone: 'UTC', jitterSeconds: 0 });
  const { nextRuns } = await eventually(
    'the new times',
    () => view(id),
    (shown) => shown.nextRuns.every((at) => at.includes('T10:00:00')),
  );
  expect(nextRuns).toHaveLength(5);
});

it('is deleted, with Temporal’s, and its ID may be used again', async () => {
  await make({ id: 'gone' });
  expect((await engine.call('DELETE', '/v1/schedules/gone')).status).toBe(204);
  expect((await engine.call('GET', '/v1/schedules/gone')).status).toBe(404);
  await expect(temporal('gone').describe()).rejects.toThrow();
  await make({ id: 'gone', cron: '0 11 * * *' });
});

describe('a request that is repeated', () => {
  const post = (body: object, key?: string) =>
    engine.call<Shown>('POST', '/v1/schedules', body, key ? { headers: { 'idempotency-key': key } } : {});

  it('finds the same schedule, by its ID or its idempotency key; another one is refused', async () => {
    for (const [body, key] of [
      [{ ...daily(), id: `mine-${person.id}` }],
      [daily(), `key-${person.id}`],
    ] as const) {
      const first = await post(body, key);
      expect(first.status).toBe(201);
      expect(await post(body, key)).toMatchObject({ status: 200, body: { id: first.body.id } });
      expect((await post({ ...body, name: 'Another' }, key)).status).toBe(409);
    }
  });

  it('repairs what Temporal does not have', async () => {
    const body = { ...daily(), id: `cut-off-${person.id}` };
    await post(body);
    await temporal(body.id).delete();
    expect(await view(body.id)).toMatchObject({ status: 'missing', nextRuns: [] });
    expect((await engine.call('POST', `/v1/schedules/${body.id}/run`)).status).toBe(409);
    expect(await post(body)).toMatchObject({ status: 200, body: { status: 'active' } });
  });
});

describe('it refuses', () => {
  const soon = () => new Date(Date.now() + 60_000).toISOString();
  it.each<[string, () => Record<string, unknown>, number, string]>([
    ['a day that never comes', () => ({ cron: '0 0 30 2 *' }), 422, 'cron'],
    [
      'dates that never come',
      () => ({ cron: undefined, calendar: { at: ['09:00'], dates: [31], months: [2, 4] } }),
      422,
      'calendar',
    ],
    ['an end before the first time', () => ({ cron: '0 0 1 1 *', endAt: soon() }), 422, 'endAt'],
    ['an end that is past', () => ({ endAt: '2020-01-01T00:00:00Z' }), 422, 'endAt'],
    ['an end before the start', () => ({ startAt: '2040-01-01T00:00:00Z', endAt: soon() }), 400, 'endAt'],
    ['a zone that is none', () => ({ timezone: 'Mars/Olympus' }), 400, 'timezone'],
    ['seconds', () => ({ cron: '*/10 * * * * *' }), 400, 'cron'],
    ['@every', () => ({ cron: '@every 10s' }), 400, 'cron'],
    ['jitter as long as the interval', () => ({ cron: '*/5 * * * *', jitter: 'PT5M' }), 400, 'jitter'],
    ['no times', () => ({ cron: undefined }), 400, 'cron'],
    ['two kinds of times', () => ({ calendar: { at: ['09:00'] } }), 400, 'cron'],
    ['two things to send', () => ({ broadcast: campaign() }), 400, 'trigger'],
    [
      'a broadcast to nobody',
      () => ({ trigger: undefined, broadcast: campaign({ to: undefined }) }),
      400,
      'broadcast',
    ],
    ['a type that is not there', () => ({ trigger: { ...trigger(), type: 'nothing' } }), 422, 'type'],
    [
      'data that does not fit',
      () => ({ trigger: { ...trigger(), data: { contract: [] } } }),
      422,
      'trigger.data.contract',
    ],
    ['sendAt', () => ({ trigger: { ...trigger(), sendAt: null } }), 400, 'trigger'],
  ])('%s', async (_what, changes, status, path) => {
    const answer = await engine.call('POST', '/v1/schedules', daily(changes()));
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    const paths = (answer.body.errors ?? []).map((error) => error.path);
    expect(
      paths.some((one) => one.startsWith(path)),
      JSON.stringify(answer.body),
    ).toBe(true);
  });

  it('everyone to a key that may not', async () => {
    const { key } = await keyOf(engine, ['manager']);
    const body = daily({ trigger: undefined, broadcast: campaign({ to: { everyone: true } }) });
    expect((await engine.call('POST', '/v1/schedules', body, { token: key })).status).toBe(403);
  });

  it('a change after which it would never send, and leaves it as it is', async () => {
    const { id } = await make();
    expect((await engine.call('PATCH', `/v1/schedules/${id}`, { cron: '0 0 31 2 *' })).status).toBe(422);
    expect(await view(id)).toMatchObject({ cron: '0 9 * * *' });
  });

  it('a period that is to come, or too long, to make up for', async () => {
    const { id } = await make({ cron: '* * * * *' });
    const fill = (from: string, to: string) =>
      engine.call('POST', `/v1/schedules/${id}/backfill`, { from, to });
    expect((await fill('2026-01-01T00:00:00Z', '2099-01-01T00:00:00Z')).status).toBe(400);
    expect((await fill('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z')).status).toBe(400);
    expect((await fill('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z')).status).toBe(400);
  });

  it('a broadcast’s schedule, and says where it belongs', async () => {
    const answer = await engine.call('POST', '/v1/broadcasts', campaign({ schedule: { cron: '0 9 * * *' } }));
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('/v1/schedules');
  });
});
