import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { rollUpAll } from '../../activities/housekeeping/roll-up.js';
import type { analyticsView } from '../../api/analytics/view.js';
import type { RollUpOutcome } from '../../contracts/housekeeping.js';
import { createLogger } from '../../runtime/logger.js';
import { scheduleHousekeeping } from '../../worker/housekeeping-schedule.js';
import { addPerson, notify, type Person } from '../support/runs.js';
import { eventually } from '../support/engine.js';
import { delivery, recount } from '../support/recount.js';
import { asPerson, ended, plan, quietNow, reached, run, startChecked, tokenOf } from '../unit/api-checked.js';
import type { CheckedEngine, Full } from '../unit/api-checked.js';

type Analytics = z.infer<typeof analyticsView>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const content = { in_app: { title: 'News', message: 'News' }, email: { subject: 'News', text: 'News' } };

let engine: CheckedEngine;
let person: Person;

beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  person = await addPerson(engine, { timezone: 'Europe/Paris' });
});

const rollUp = () =>
  rollUpAll({ models: engine.models, log: createLogger({ level: 'silent', name: 'test' }) });
const analytics = async (query = ''): Promise<Analytics> => {
  const answer = await engine.call<Analytics>('GET', `/v1/analytics${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const news = (changes: Record<string, unknown> = {}) => ({
  type: 'direct',
  to: { recipient: person.id },
  content,
  ...changes,
});

describe('GET /v1/analytics', () => {
  it('tells of what the engine sent: by channel, type, template and role, at once', async () => {
    await engine.call('PATCH', `/v1/subscribers/${person.id}`, { roles: ['reader'] });
    const before = await analytics('?role=reader');
    await run(engine, news());
    const after = await analytics('?role=reader');
    expect(after.total_sent).toBe(before.total_sent + 2);
    expect(after.channel_usage).toEqual({ in_app: 1, email: 1 });
    expect(after.types).toMatchObject([{ type: 'direct', sent: 2, failed: 0, success_rate: 1 }]);
    expect(after.roles.map(({ role }) => role)).toEqual(['reader']);
    expect(after.templates.map(({ template, channel }) => `${template} ${channel}`).sort()).toEqual([
      'built_in email',
      'built_in in_app',
    ]);
    expect(after.daily).toHaveLength(30);
    expect(after.daily.at(-1)).toMatchObject({ sent: 2, failed: 0 });
    expect(after.timezone).toBe('Europe/Paris');
    expect(after.latency_ms.p95).toBeGreaterThan(0);
    expect(after.activity_heatmap.flat().reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  it('counts a wait that was asked for as no latency', async () => {
    const held = await notify(engine, person, {
      sendAt: new Date(Date.now() + 2_000).toISOString(),
      type: 'mention',
      data: { message: 'Hello' },
    });
    await ended(engine, held.id);
    const { types } = await analytics('?type=mention&channel=email');
    expect(types).toMatchObject([{ type: 'mention', sent: 1 }]);
    expect(types[0]?.average_latency_ms).toBeLessThan(1_900);
  });

  it('counts what was read in the inbox as opened', async () => {
    await engine.call('PATCH', `/v1/subscribers/${person.id}`, { roles: ['opener'] });
    const { id } = await run(engine, news({ channels: ['in_app'] }));
    expect(await analytics('?role=opener')).toMatchObject({ open_rate: 0 });
    await asPerson(engine, await tokenOf(engine, person.id))('POST', `/v1/me/inbox/${id}/read`);
    await rollUp();
    expect(await analytics('?role=opener')).toMatchObject({ open_rate: 1, click_rate: null });
    const { body } = await engine.call<Full>('GET', `/v1/notifications/${id}`);
    expect(body.deliveries[0]?.openedAt).toBe(body.readAt);
  });

  it('answers the period, the days and the zone that are asked for', async () => {
    const from = new Date(Date.now() - 40 * DAY_MS);
    await engine.models.deliveries.insert([
      delivery(engine.tenantId, 'old', { createdAt: from, type: 'survey' }),
    ]);
    await rollUp();
    const to = new Date(from.getTime() + HOUR_MS).toISOString();
    const query = `?type=survey&from=${from.toISOString()}&to=${to}&timezone=Asia/Kathmandu`;
    const found = await analytics(query);
    expect(found).toMatchObject({ total_sent: 1, timezone: 'Asia/Kathmandu' });
    const period = { fromMs: Date.parse(found.from), toMs: Date.parse(found.to) };
    const rows = await engine.mongo.collection('deliveries').find({ id: 'old' }).toArray();
    const { daily, activity_heatmap } = recount(rows as never[], period, 'Asia/Kathmandu');
    expect(found).toMatchObject({ daily, activity_heatmap });
    expect((await analytics('?type=survey')).total_sent).toBe(0);
    expect((await analytics('?type=survey&days=60')).total_sent).toBe(1);
    expect(await analytics('?days=1')).toMatchObject({ daily: [{}] });
  });

  it.each([
    ['days=0', 'days'],
    ['days=367', 'days'],
    ['days=3&from=2026-01-01T00:00:00Z', 'days'],
    ['from=2020-01-01T00:00:00Z', 'from'],
    ['from=2090-01-01T00:00:00Z', 'from'],
    ['from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ['timezone=Mars', 'timezone'],
    ['channel=pigeon', 'channel'],
    ['colour=red', 'colour'],
  ])('refuses ?%s', async (query, path) => {
    const { status, body } = await engine.call('GET', `/v1/analytics?${query}`);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(JSON.stringify(body.errors ?? body.detail)).toContain(path);
  });
});

describe('"sendAt": "best"', () => {
  /** The person opens mails at this hour of their day, so that it is their best. */
  const opensAt = async (hour: number, id = person.id) => {
    await engine.models.insights.learn(
      engine.tenantId,
      new Map([
        [
          id,
          Array.from({ length: 10 }, (_, at) => ({
            key: `${id}-${at}`,
            atMs: Date.now(),
            hour,
            channel: 'email' as const,
            weight: 1,
          })),
        ],
      ]),
    );
    // Of the tenant's people together nothing is known here.
    await engine.models.insights.remove(engine.tenantId, '');
  };
  const hourInParis = (ms: number) =>
    Number(
      new Intl.DateTimeFormat('en', { timeZone: 'Europe/Paris', hour: '2-digit', hourCycle: 'h23' }).format(
        ms,
      ),
    );
  const inHours = (hours: number) => (hourInParis(Date.now()) + hours) % 24;

  it('holds every channel until the person’s best hour, and an operator can send at once', async () => {
    await opensAt(inHours(5));
    const id = await plan(engine, news({ sendAt: 'best' }));
    const { body } = await engine.call<Full>('GET', `/v1/notifications/${id}`);
    const { in_app: inbox, email } = body.plan.channels;
    expect(inbox).toEqual({ action: 'hold', reason: 'best_time', until: body.heldUntil });
    expect(email).toEqual(inbox);
    expect(body.sendAt).toBe(body.heldUntil);
    const until = Date.parse(body.heldUntil ?? '');
    expect(hourInParis(until)).toBe(inHours(5));
    expect(until - Date.now()).toBeLessThan(DAY_MS);
    expect((await engine.call('POST', `/v1/notifications/${id}/expedite`)).status).toBe(202);
    expect(await ended(engine, id)).toMatchObject({ status: 'sent' });
  });

  it('keeps its time when something about the person changes, and takes another by an amendment', async () => {
    await opensAt(inHours(5));
    const id = await plan(engine, news({ sendAt: 'best' }));
    const first = await reached(engine, id, 'held');
    await opensAt(inHours(9));
    await engine.call('PATCH', `/v1/subscribers/${person.id}/preferences`, { channels: { sms: false } });
    const again = await eventually(
      'a second plan',
      async () => (await engine.call<Full>('GET', `/v1/notifications/${id}`)).body,
      (body) => body.plan.sequence > 1,
    );
    expect(again.heldUntil).toBe(first.heldUntil);
    const sendAt = new Date(Date.now() + DAY_MS).toISOString();
    expect((await engine.call('PATCH', `/v1/notifications/${id}`, { sendAt })).status).toBe(200);
    expect(await reached(engine, id, 'held')).toMatchObject({
      sendAt,
      plan: { channels: { email: { reason: 'scheduled' } } },
    });
  });

  it('is now for a person of whom nothing is known', async () => {
    expect(await run(engine, news({ sendAt: 'best' }))).toMatchObject({ status: 'sent', sendAt: null });
  });

  it('does not wait past the expiry', async () => {
    await opensAt(inHours(5));
    const expiresAt = new Date(Date.now() + HOUR_MS).toISOString();
    expect(await run(engine, news({ sendAt: 'best', expiresAt }))).toMatchObject({ status: 'sent' });
  });

  it('leaves quiet hours to quiet hours where they leave no hour', async () => {
    await opensAt(inHours(5));
    await engine.call('PATCH', `/v1/subscribers/${person.id}/preferences`, { quietHours: quietNow() });
    const id = await plan(engine, news({ sendAt: 'best' }));
    const { plan: made } = await reached(engine, id, 'held');
    expect(made.channels).toMatchObject({ in_app: { action: 'send' }, email: { reason: 'quiet_hours' } });
  });

  it('is each recipient’s own in a broadcast', async () => {
    const other = await addPerson(engine);
    await opensAt(inHours(5));
    const made = await engine.call<{ id: string }>('POST', '/v1/broadcasts', {
      name: 'News',
      type: 'direct',
      content,
      sendAt: 'best',
      to: { recipients: [person.id, other.id] },
    });
    expect(made.status, JSON.stringify(made.body)).toBe(202);
    const { body } = await eventually(
      'all are planned',
      () => engine.call<{ status: string; counts: object }>('GET', `/v1/broadcasts/${made.body.id}`),
      (answer) => answer.body.status === 'completed',
    );
    expect(body.counts).toMatchObject({ held: 1, sent: 1 });
  });
});

describe('what is known of a person', () => {
  const insights = () => engine.call('GET', `/v1/subscribers/${person.id}/insights`);

  it('is shown, and forgotten when they do not want it', async () => {
    const { id } = await run(engine, news({ channels: ['in_app'] }));
    await asPerson(engine, await tokenOf(engine, person.id))('POST', `/v1/me/inbox/${id}/read`);
    await rollUp();
    expect((await insights()).body).toMatchObject({
      predictor: 'statistical',
      optedOut: false,
      observations: 1,
      timezone: 'Europe/Paris',
    });
    await engine.call('PATCH', `/v1/subscribers/${person.id}/preferences`, { insights: false });
    expect((await insights()).body).toMatchObject({ optedOut: true, observations: 0, channels: {} });
    expect(await engine.models.insights.find(engine.tenantId, person.id, Date.now())).toBeUndefined();
  });

  it('goes with them', async () => {
    const { id } = await run(engine, news({ channels: ['in_app'] }));
    await asPerson(engine, await tokenOf(engine, person.id))('POST', `/v1/me/inbox/${id}/read`);
    await rollUp();
    await engine.call('DELETE', `/v1/subscribers/${person.id}`);
    expect(await engine.models.insights.find(engine.tenantId, person.id, Date.now())).toBeUndefined();
    expect((await insights()).status).toBe(404);
  });
});

describe('housekeeping', () => {
  it('is a schedule of the minute and one of the day however many workers start, and stays paused where an operator paused it', async () => {
    const { client, taskQueue } = engine;
    const handle = client.schedule.getHandle('housekeeping/minute');
    try {
      await scheduleHousekeeping(client, taskQueue);
      await handle.pause('for the test');
      await Promise.all([scheduleHousekeeping(client, taskQueue), scheduleHousekeeping(client, taskQueue)]);
      const { state, policies, spec } = await handle.describe();
      expect(state).toMatchObject({ paused: true, note: 'for the test' });
      expect(policies.overlap).toBe('SKIP');
      expect(spec.intervals).toMatchObject([{ every: 60_000 }]);
      expect((await client.schedule.getHandle('housekeeping/day').describe()).spec.calendars).toHaveLength(1);
    } finally {
      await handle.delete();
      await client.schedule.getHandle('housekeeping/day').delete();
    }
  });

  it('takes six events, and counts what is to be counted', async () => {
    await engine.models.deliveries.insert([delivery(engine.tenantId, 'd-1', { ageMinutes: 3000 })]);
    const run = await engine.client.workflow.start('housekeeping', {
      workflowId: `housekeeping/${person.id}`,
      taskQueue: engine.taskQueue,
      args: [{ what: 'minute' }],
    });
    const result = (await run.result()) as RollUpOutcome;
    expect(result).toMatchObject({ behind: 0 });
    expect(result.counted).toBeGreaterThan(0);
    const { events } = await run.fetchHistory();
    expect(events).toHaveLength(6);
  });
});

describe('a predictor of the deployment', () => {
  it('is asked in place of the built-in one', async () => {
    const other = await startChecked({ env: { CARILLON_PREDICTOR: './docs/examples/predictor.js' } });
    try {
      const someone = await addPerson(other, { timezone: 'UTC' });
      const shown = await other.call('GET', `/v1/subscribers/${someone.id}/insights`);
      expect(shown.body).toMatchObject({ predictor: 'lunch', bestHour: 12, bestChannel: 'in_app' });
      const lunch = new Date().getUTCHours() === 12;
      const id = await plan(other, { ...news({ sendAt: 'best' }), to: { recipient: someone.id } });
      const { body } = await other.call<Full>('GET', `/v1/notifications/${id}`);
      expect(body.plan.channels.email).toMatchObject({ action: lunch ? 'send' : 'hold' });
    } finally {
      await other.stop();
    }
  });
});
