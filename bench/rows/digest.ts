import { setTimeout as pause } from 'node:timers/promises';
import { DIGEST_TYPE } from '../../contracts/digests.js';
import { digestWorkflowId } from '../../contracts/ids.js';
import { rowId } from '../../models/row-id.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import { notificationTaskQueue } from '../../contracts/ids.js';
import { closedLoop } from '../closed-loop.js';
import { createTenant, requestFor, startBare, startNotification } from '../notifications.js';
import { cpuTimes, cpuUsed, residentMb } from '../processes.js';
import { cpuLine, type CpuSample, type Line, type Row, type RowContext } from '../row.js';
import { digits, median, ratios } from '../statistics.js';
import { deferredShare } from './throughput.js';

const KEY = 'bench';
const HOUR_MS = 3_600_000;
/** Milliseconds from when all workflows know the minute until it comes. */
const AHEAD_MS = 15_000;
/** Grown by less than this from half the digests to all of them counts as flat. */
const FLAT = 0.1;

/** Digests that close at the same minute, many that collect, and one that holds many. */
export const digest: Row = {
  name: 'digest',
  async run(context) {
    const people = context.options.quick ? 400 : 1_000;
    const flushes: CpuSample[] = [];
    const bares: CpuSample[] = [await bare(context)];
    const rounds = context.options.quick ? 1 : 3;
    for (let round = 0; round < rounds; round += 1) {
      flushes.push(await flush(context, `digest-${round}`, people));
      bares.push(await bare(context));
      context.say(`${round + 1} of ${rounds}: flush ${digits(flushes.at(-1)?.perSecond ?? NaN)}/s`);
    }
    const deferred = await deferredShare(context.stack.api.mongo, 'digest-0');
    const rates = (samples: CpuSample[]) => samples.map(({ perSecond }) => perSecond);
    const open = await manyOpen(context, context.options.quick ? 400 : 10_000);
    const one = await oneOfMany(context, context.options.quick ? 500 : 10_000);
    const line: Line = {
      what: `digests of ${people} people that close at the same moment, mails/s ÷ bare workflows/s`,
      carillon: `${digits(median(rates(flushes)))}/s`,
      reference: `bare ${digits(median(rates(bares)))}/s`,
      ratio: median(ratios(rates(flushes), rates(bares))),
      target: { atLeast: 0.8 },
    };
    return {
      lines: [line, open.line, one.line],
      cpu: [cpuLine('bare workflow', bares), cpuLine(`digest, ${people} at once`, flushes)],
      notes: [`${(deferred * 100).toFixed(1)} % of the digests’ mails went on in a run of their own`],
      raw: { flushes, bares, open, one, deferred },
    };
  },
};

function bare({ stack, options }: RowContext): Promise<CpuSample> {
  return closedLoop(stack.client, stack.children.processes, {
    workflowType: 'bare',
    start: () => startBare(stack.client),
    inFlight: options.inFlight,
    leadSeconds: 2,
    seconds: options.quick ? 3 : 8,
  });
}

/** One item for each person, then all windows close at one moment. Answers digests per second from it on. */
async function flush({ stack, say }: RowContext, tenantId: string, count: number): Promise<CpuSample> {
  const { client, accepting, api } = stack;
  const people = await createTenant(api.models, tenantId, { people: count, domain: 'example.com' });
  const digests = api.mongo.collection('digests');
  for (let from = 0; from < people.length; from += 20) {
    await Promise.all(
      people.slice(from, from + 20).map((person) =>
        startNotification(accepting, tenantId, {
          ...requestFor(person, { channels: ['email'] }),
          digestKey: KEY,
          digest: { period: 'PT2H' },
        }),
      ),
    );
  }
  while ((await digests.countDocuments({ tenantId, toldAt: { $exists: true } })) < count) await pause(200);
  say(`${count} digests collect`);
  const closesAt = new Date(Date.now() + AHEAD_MS + count * 10);
  await digests.updateMany({ tenantId, state: 'open' }, { $set: { closesAt } });
  for (let from = 0; from < people.length; from += 20) {
    await Promise.all(
      people.slice(from, from + 20).map((recipientId) => {
        const place = { tenantId, recipientId, digestKey: KEY };
        return client.workflow.getHandle(digestWorkflowId(place)).signal('recheck');
      }),
    );
  }
  if (Date.now() > closesAt.getTime())
    throw new Error('the digests began to close before all were told when');
  await pause(closesAt.getTime() - Date.now());
  const before = cpuTimes(stack.children.processes);
  const sent = { tenantId, type: DIGEST_TYPE, channel: 'email', status: 'sent' };
  while ((await api.mongo.collection('deliveries').countDocuments(sent)) < count) await pause(200);
  const elapsedMs = Date.now() - closesAt.getTime();
  const { used, strangers } = cpuUsed(before, cpuTimes(stack.children.processes), elapsedMs);
  const cpuMs = Object.fromEntries(Object.entries(used).map(([name, ms]) => [name, ms / count]));
  return { perSecond: (count * 1000) / elapsedMs, cpuMs, strangers };
}

/** The worker's memory while so many digests collect. */
async function manyOpen({ stack, say }: RowContext, count: number) {
  const { api, client, children } = stack;
  const tenantId = 'digest-open';
  await createTenant(api.models, tenantId, { people: 1, domain: 'example.com' });
  const runs = workflowRuns(client, notificationTaskQueue);
  const closesAtMs = Date.now() + 24 * HOUR_MS;
  const resident: number[] = [];
  for (let from = 0; from < count; from += 20) {
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const place = { tenantId, recipientId: `open-${from + index}`, digestKey: KEY };
        const window = await api.models.digests.touch(place, Date.now(), { periodMs: HOUR_MS, closesAtMs });
        await runs.collect(place, { digestId: window.id, closesAtMs });
      }),
    );
    if ((from + 20) % (count / 2) === 0) {
      await pause(10_000);
      resident.push(residentMb(children.processes.get('worker')));
      say(`${from + 20} digests collect: worker ${digits(resident.at(-1) ?? NaN)} MB`);
    }
  }
  const [half = NaN, all = NaN] = resident;
  const line: Line = {
    what: `worker, resident, while ${count} digests collect`,
    carillon: `${all.toFixed(0)} MB`,
    reference: `while half as many do ${half.toFixed(0)} MB`,
    holds: all <= half * (1 + FLAT),
  };
  return { line, resident };
}

/** How long one digest of so many items takes from its end to its mail. */
async function oneOfMany({ stack, say }: RowContext, count: number) {
  const { api, client, accepting } = stack;
  const tenantId = 'digest-large';
  const [recipientId = ''] = await createTenant(api.models, tenantId, { people: 1, domain: 'example.com' });
  const place = { tenantId, recipientId, digestKey: KEY };
  await startNotification(accepting, tenantId, {
    ...requestFor(recipientId, { channels: ['email'] }),
    digestKey: KEY,
    digest: { period: 'PT2H' },
  });
  const notifications = api.mongo.collection<{ _id: string; id: string }>('notifications');
  const items = api.mongo.collection<{ _id: string; notificationId: string }>('digestItems');
  while ((await items.countDocuments({ tenantId, state: 'waiting' })) < 1) await pause(100);
  const [row, item] = [await notifications.findOne({ tenantId }), await items.findOne({ tenantId })];
  if (!row || !item) throw new Error('the first item is not there');
  for (let from = 1; from < count; from += 1_000) {
    const ids = Array.from(
      { length: Math.min(1_000, count - from) },
      (_, index) => `${row.id}-${from + index}`,
    );
    await notifications.insertMany(ids.map((id) => ({ ...row, _id: rowId(tenantId, id), id })));
    await items.insertMany(
      ids.map((id) => ({ ...item, _id: rowId(rowId(tenantId, id), KEY), notificationId: id })),
    );
  }
  say(`one digest holds ${count} items`);
  const beganMs = Date.now();
  await client.workflow.getHandle(digestWorkflowId(place)).signal('expedite');
  const sent = { tenantId, type: DIGEST_TYPE, channel: 'email', status: 'sent' };
  while ((await api.mongo.collection('deliveries').countDocuments(sent)) < 1) await pause(10);
  const seconds = (Date.now() - beganMs) / 1000;
  const ended = await notifications.countDocuments({ tenantId, status: 'sent', type: { $ne: DIGEST_TYPE } });
  const line: Line = {
    what: `one digest of ${count} items, from its end to its mail`,
    carillon: `${digits(seconds)} s`,
    holds: ended === count,
  };
  return { line, seconds, ended };
}
