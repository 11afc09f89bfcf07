import { rollUpAll } from '../../activities/housekeeping/roll-up.js';
import type { DeliveryRow } from '../../models/delivery-schema.js';
import { createLogger } from '../../runtime/logger.js';
import { HttpCaller } from '../callers.js';
import { DELIVERY_DAYS, fillDeliveries } from '../delivery-data.js';
import { explained } from '../explained.js';
import type { Row } from '../row.js';
import { idleNamespace, type RunningApi } from '../stack.js';
import { digits, percentile } from '../statistics.js';

const tenantId = 'analytics';
const TARGET_MS = 150;
const LIMIT = 20;

/** What is asked of analytics, in turns. */
const questions = {
  'all of it': '',
  'one channel': '&channel=email',
  'one type': '&type=mention',
  'one role': '&role=lawyer',
  'another zone': '&timezone=America/New_York',
} as const;

/** Each filter of the delivery log. */
const filters = [
  '',
  'recipient=person-7',
  'type=mention',
  'status=failed',
  'channel=sms',
  'provider=twilio',
  'failureReason=invalid_recipient',
  'notification=ntf_00000000000000000000000007',
] as const;

/** Analytics over a million deliveries, against counting them one after the other; and the delivery log's filters. */
export const analytics: Row = {
  name: 'analytics',
  async run({ stack, options, say }) {
    const api = await stack.startApi('analytics api', { database: 'analytics', namespace: idleNamespace });
    await api.models.deliveries.model.collection.dropIndexes();
    await api.models.tenants.create({ id: tenantId, name: tenantId, timezone: 'Europe/Paris', locale: 'en' });
    await fillDeliveries(api.models, tenantId, options.deliveries, say);

    const log = createLogger({ level: 'silent', name: 'bench' });
    let beganMs = performance.now();
    const rolledUp = await rollUpAll({ models: api.models, log });
    const rollUpMs = performance.now() - beganMs;
    say(`${rolledUp.counted} quarters of an hour rolled up in ${digits(rollUpMs / 1000)} s`);
    beganMs = performance.now();
    await rollUpAll({ models: api.models, log });
    const idleMs = performance.now() - beganMs;

    const http = new HttpCaller(api.url, 1);
    const token = stack.env.CARILLON_BOOTSTRAP_KEY ?? '';
    const get = (path: string) => http.call('GET', path, { token, tenantId, expected: 200 });
    const ask = (more: string) => get(`/v1/analytics?days=${DELIVERY_DAYS + 1}${more}`);
    const times: Record<string, number[]> = {};
    for (let turn = 0; turn < (options.quick ? 25 : 105); turn += 1) {
      for (const [name, more] of Object.entries(questions)) {
        const startMs = performance.now();
        await ask(more);
        if (turn >= 5) (times[name] ??= []).push(performance.now() - startMs);
      }
    }
    say('recounting');
    beganMs = performance.now();
    const counted = await recount(api);
    const recountMs = performance.now() - beganMs;
    const answer = figuresIn(JSON.parse(await ask('')) as Answer);
    const isEqual = JSON.stringify(answer) === JSON.stringify(counted);

    const plans = await explained(api.mongo, async () => {
      for (const filter of filters) await get(`/v1/deliveries?limit=${LIMIT}&${filter}`);
    });
    const lists = plans.filter(({ operation }) => operation.endsWith('deliveries'));
    const scans = lists.filter(
      ({ summary, examined }) => summary.includes('COLLSCAN') || examined > LIMIT + 2,
    );
    http.close();
    await stack.children.stop('analytics api');
    await api.mongo.dropDatabase();

    const of = (name: string, percent: number) => percentile(times[name] ?? [], percent);
    return {
      lines: [
        ...Object.keys(questions).map((name) => ({
          what: `analytics over ${options.deliveries} deliveries, ${name}`,
          carillon: `p50 ${digits(of(name, 50))} ms, p95 ${digits(of(name, 95))} ms`,
          ...(name === 'all of it'
            ? { reference: `a recount ${digits(recountMs / 1000)} s`, ratio: of(name, 95) / TARGET_MS }
            : { ratio: of(name, 95) / TARGET_MS }),
          target: { atMost: 1 },
        })),
        {
          what: 'its figures are those of the recount',
          carillon: isEqual ? 'all of them' : 'they differ',
          holds: isEqual,
        },
        {
          what: 'rolling up all of it, and a minute in which nothing changed',
          carillon: `${digits(rollUpMs / 1000)} s, ${digits(idleMs)} ms`,
        },
        {
          what: `filters of the delivery log that scan, or read over ${LIMIT + 2} rows or keys`,
          carillon: `${scans.length} of ${lists.length}`,
          holds: scans.length === 0 && lists.length === filters.length,
        },
      ],
      notes: [
        `the ratios of analytics are the p95 to ${TARGET_MS} ms`,
        ...new Set(plans.map(({ operation, summary }) => `${operation}: ${summary}`)),
      ],
      raw: { times, rolledUp, rollUpMs, idleMs, recountMs, answer, counted, plans },
    };
  },
};

interface Answer {
  total_sent: number;
  total_failed: number;
  average_latency_ms: number;
  channel_usage: Record<string, number>;
  failure_patterns: { failure_reason: string; channel: string; count: number }[];
  activity_heatmap: number[][];
  daily: { date: string; sent: number; failed: number; opened: number }[];
  types: { type: string; sent: number; failed: number; open_rate: number }[];
  roles: { role: string; sent: number; failed: number }[];
  templates: { template: string; channel: string; type: string; sent: number }[];
}

/** Figures by name, in a fixed order. */
type Counted = Record<string, number>;

function figuresIn(answer: Answer): Counted {
  const counted: Counted = {
    sent: answer.total_sent,
    failed: answer.total_failed,
    latency: Math.round(answer.average_latency_ms * answer.total_sent),
  };
  const set = (name: string, count: number) => {
    if (count !== 0) counted[name] = count;
  };
  for (const [channel, sent] of Object.entries(answer.channel_usage)) set(`channel ${channel}`, sent);
  for (const one of answer.failure_patterns) set(`${one.failure_reason} ${one.channel}`, one.count);
  answer.activity_heatmap.forEach((hours, day) =>
    hours.forEach((sent, hour) => set(`at ${day} ${hour}`, sent)),
  );
  for (const { date, sent, failed, opened } of answer.daily) {
    set(`${date} sent`, sent);
    set(`${date} failed`, failed);
    set(`${date} opened`, opened);
  }
  for (const { type, sent, failed, open_rate } of answer.types) {
    set(`type ${type} sent`, sent);
    set(`type ${type} failed`, failed);
    set(`type ${type} opened`, Math.round(open_rate * sent));
  }
  for (const { role, sent, failed } of answer.roles) {
    set(`role ${role} sent`, sent);
    set(`role ${role} failed`, failed);
  }
  for (const one of answer.templates) set(`template ${one.template} ${one.channel} ${one.type}`, one.sent);
  return sorted(counted);
}

/** The same, one delivery after the other. */
async function recount(api: RunningApi): Promise<Counted> {
  const counted: Counted = { sent: 0, failed: 0, latency: 0 };
  const add = (name: string, by = 1) => (counted[name] = (counted[name] ?? 0) + by);
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Europe/Paris',
    dateStyle: 'short',
  });
  const hourAndDay = new Intl.DateTimeFormat('en', {
    timeZone: 'Europe/Paris',
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  // Every zone's clock shows the same for all of a quarter of an hour.
  const local = new Map<number, { date: string; at: string }>();
  const localTime = (time: Date) => {
    const quarter = Math.floor(time.getTime() / 900_000);
    const known = local.get(quarter);
    if (known) return known;
    const parts = hourAndDay.formatToParts(time);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
    const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday'));
    const made = { date: format.format(time), at: `at ${weekday} ${Number(part('hour'))}` };
    local.set(quarter, made);
    return made;
  };
  const rows = api.mongo.collection<DeliveryRow>('deliveries').find({ tenantId }, { batchSize: 5_000 });
  for await (const row of rows) {
    const { date, at } = localTime(row.createdAt);
    const [role] = row.roles ?? [];
    if (row.status === 'failed') {
      for (const name of ['failed', `${row.failureReason} ${row.channel}`, `${date} failed`]) add(name);
      for (const name of [`type ${row.type} failed`, `role ${role} failed`]) add(name);
      continue;
    }
    add('latency', (row.sentAt ?? row.createdAt).getTime() - row.createdAt.getTime());
    for (const name of ['sent', `channel ${row.channel}`, at, `${date} sent`]) add(name);
    for (const name of [`type ${row.type} sent`, `role ${role} sent`]) add(name);
    add(`template ${row.template ?? 'built_in'} ${row.channel} ${row.type}`);
    if (row.openedAt) for (const name of [`${date} opened`, `type ${row.type} opened`]) add(name);
  }
  return sorted(counted);
}

function sorted(counted: Counted): Counted {
  return Object.fromEntries(Object.entries(counted).sort(([one], [other]) => (one < other ? -1 : 1)));
}
