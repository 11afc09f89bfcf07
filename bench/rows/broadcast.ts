import { setTimeout as pause } from 'node:timers/promises';
import {
  broadcastEnd,
  createAudience,
  runBroadcast,
  startBroadcast,
  type BroadcastResult,
} from '../broadcasts.js';
import { HttpCaller } from '../callers.js';
import { closedLoop } from '../closed-loop.js';
import { createTenant, requestFor, startBare, startNotification } from '../notifications.js';
import { residentMb } from '../processes.js';
import type { Row, RowContext } from '../row.js';
import { bulkWorkers } from '../stack.js';
import { countedDomain } from '../smtp-sink.js';
import { digits, mean, percentile } from '../statistics.js';

const MAX_RSS_MB = 350;
/** Grown by less than this from the first third of the samples to the last counts as flat. */
const FLAT = 0.1;

/** One message to many people: how fast, at what cost, and what others notice of it. */
export const broadcast: Row = {
  name: 'broadcast',
  async run(context) {
    const { stack, options, say } = context;
    const http = new HttpCaller(stack.api.url, 4);
    const scale = options.quick ? 0.05 : 1;
    const sizes = [1_000, 10_000, 100_000].map((size) => Math.max(100, size * scale));
    const mails = 20_000 * scale;

    const bare = async () =>
      closedLoop(stack.client, stack.children.processes, {
        workflowType: 'bare',
        start: () => startBare(stack.client),
        inFlight: options.inFlight,
        leadSeconds: 2,
        seconds: options.quick ? 3 : 10,
      });
    const references = [await bare()];
    say(`bare ${digits(references[0]?.perSecond ?? NaN)}/s`);

    await inApp(context, http, 'broadcast-warm-up', 5_000 * scale);
    const results: BroadcastResult[] = [];
    let memory: number[] = [];
    for (const size of sizes) {
      const sampled = sampleMemory(context);
      results.push(await inApp(context, http, `broadcast-${size}`, size));
      memory = sampled();
      say(`in-app to ${size}: ${digits(results.at(-1)?.perSecond ?? NaN)}/s`);
    }
    references.push(await bare());

    const mailTenant = await createAudience(stack.api.models, 'broadcast-mail', {
      people: mails,
      domain: 'example.com',
    });
    const warmUp = await createAudience(stack.api.models, 'broadcast-mail-warm-up', {
      people: 500,
      domain: 'example.com',
    });
    await runBroadcast(stack, http, { ...warmUp, channels: ['email'], name: 'warm-up' });
    const email = await runBroadcast(stack, http, { ...mailTenant, channels: ['email'], name: 'mail' });
    say(`email to ${mails}: ${digits(email.perSecond)}/s`);
    references.push(await bare());

    const others = await singlesMeanwhile(context, http, mailTenant.key);
    const killed = await killedInMid(context, http, Math.max(1_000, 10_000 * scale));
    http.close();

    const bareRate = mean(references.map((one) => one.perSecond));
    const [, , largest] = results;
    if (!largest) throw new Error('nothing was measured');
    const third = Math.ceil(memory.length / 3);
    const first = mean(memory.slice(0, third));
    const last = mean(memory.slice(-third));
    const perRecipient = results.map((one) => 1000 / one.perSecond);
    const spread = Math.max(...perRecipient) / Math.min(...perRecipient);
    return {
      lines: [
        rateLine(`in-app to ${largest.total}`, largest, bareRate, 60),
        rateLine(`email to ${email.total} over SMTP`, email, bareRate, 20),
        {
          what: `larger bulk worker of ${bulkWorkers.length}, resident, during ${largest.total} in-app`,
          carillon: `${last.toFixed(0)} MB (${Math.min(...memory).toFixed(0)}–${Math.max(...memory).toFixed(0)})`,
          reference: `at most ${MAX_RSS_MB} MB, flat within ${FLAT * 100} %`,
          holds: Math.max(...memory) <= MAX_RSS_MB && last <= first * (1 + FLAT),
        },
        {
          what: `another tenant’s single in-app + email, p95, while an email broadcast to ${email.total} runs`,
          carillon: `p50 ${digits(percentile(others.busy, 50))} ms, p95 ${digits(percentile(others.busy, 95))} ms (${others.busy.length})`,
          reference: `idle p50 ${digits(percentile(others.idle, 50))} ms, p95 ${digits(percentile(others.idle, 95))} ms`,
          ratio: percentile(others.busy, 95) / percentile(others.idle, 95),
          target: { atMost: 2.5 },
        },
        {
          what: `time per recipient at ${results.map((one) => one.total).join(', ')} in-app: dearest ÷ cheapest`,
          carillon: perRecipient.map((ms) => `${digits(ms)} ms`).join(', '),
          ratio: spread,
          target: { atMost: 1.15 },
        },
        {
          what: `one of ${bulkWorkers.length} bulk workers killed in mid-broadcast to ${killed.total} by email: lost; doubled, each marked`,
          carillon: `${killed.lost}; ${killed.doubled}, marked ${killed.marked}`,
          reference: `0; at most a page of ${killed.page}`,
          holds:
            killed.lost === 0 &&
            killed.doubled <= killed.page &&
            killed.doubled <= killed.marked &&
            killed.addUp,
        },
      ],
      cpu: [
        ...results.map((one) => ({ what: `recipient, in-app, of ${one.total}`, ...one.cpu })),
        { what: `recipient, email, of ${email.total}`, ...email.cpu },
      ],
      notes: [
        `counts of the largest: ${JSON.stringify(nonZero(largest.counts))}, of the mails: ${JSON.stringify(nonZero(email.counts))}`,
      ],
      raw: { references, results, email, memory, others, killed },
    };
  },
};

function rateLine(what: string, result: BroadcastResult, bareRate: number, atLeast: number) {
  return {
    what: `${what}, recipients/s ÷ bare workflows/s`,
    carillon: `${digits(result.perSecond)}/s (${result.seconds.toFixed(1)} s)`,
    reference: `bare ${digits(bareRate)}/s`,
    ratio: result.perSecond / bareRate,
    target: { atLeast },
  };
}

async function inApp(
  { stack }: RowContext,
  http: HttpCaller,
  tenantId: string,
  people: number,
): Promise<BroadcastResult> {
  const tenant = await createAudience(stack.api.models, tenantId, { people, domain: 'example.com' });
  return runBroadcast(stack, http, { ...tenant, channels: ['in_app'], name: tenantId });
}

/** Samples the memory of the larger bulk worker, in MB, until the answer is called. */
function sampleMemory({ stack }: RowContext): () => number[] {
  const samples: number[] = [];
  const largest = () =>
    Math.max(...bulkWorkers.map((name) => residentMb(stack.children.processes.get(name))));
  const timer = setInterval(() => samples.push(largest()), 500);
  return () => {
    clearInterval(timer);
    return samples;
  };
}

/** How long another tenant's notifications take, one after the other: idle, and while a broadcast of mails runs. */
async function singlesMeanwhile({ stack }: RowContext, http: HttpCaller, key: string) {
  const tenantId = 'broadcast-stranger';
  const people = await createTenant(stack.api.models, tenantId, { people: 20, domain: 'example.com' });
  let turn = 0;
  const measure = async (isOver: () => boolean) => {
    const times: number[] = [];
    while (!isOver()) {
      const beganMs = performance.now();
      const workflowId = await startNotification(
        stack.accepting,
        tenantId,
        requestFor(people[(turn += 1) % people.length] ?? ''),
      );
      await stack.client.workflow.getHandle(workflowId).result();
      times.push(performance.now() - beganMs);
    }
    return times;
  };
  const until = (ms: number) => {
    const endMs = Date.now() + ms;
    return () => Date.now() > endMs;
  };
  await measure(until(2_000));
  const idle = await measure(until(10_000));
  const id = await startBroadcast(http, { key, channels: ['email'], name: 'meanwhile' });
  let over = false;
  const end = broadcastEnd(stack, http, key, id).finally(() => (over = true));
  await pause(500);
  const busy = await measure(() => over);
  await end;
  return { idle, busy };
}

/** Kills one of the bulk workers when about a third is sent; it is started again by itself. */
async function killedInMid({ stack, say }: RowContext, http: HttpCaller, people: number) {
  const tenantId = 'broadcast-killed';
  const tenant = await createAudience(stack.api.models, tenantId, { people, domain: countedDomain });
  const id = await startBroadcast(http, { ...tenant, channels: ['email'], name: 'killed' });
  while ((await stack.sinkCounts()).distinct < people / 3) await pause(50);
  const pid = stack.children.processes.get(bulkWorkers[0]);
  if (pid === undefined) throw new Error('there is no bulk worker');
  process.kill(pid, 'SIGKILL');
  say('killed the bulk worker');
  const end = await broadcastEnd(stack, http, tenant.key, id);
  const open = () =>
    stack.api.mongo
      .collection('notifications')
      .countDocuments({ tenantId, status: { $in: ['sending', 'accepted'] } });
  // Those of the page that was cut off have runs of their own.
  for (const endMs = Date.now() + 60_000; (await open()) > 0 && Date.now() < endMs;) await pause(500);
  const { distinct, doubled } = await stack.sinkCounts();
  const marked = await stack.api.mongo
    .collection('deliveries')
    .countDocuments({ tenantId, 'attempts.outcome': 'interrupted' });
  const rows = await stack.api.mongo.collection('notifications').countDocuments({ tenantId });
  const page = Number(stack.env.CARILLON_BULK_PAGE ?? 1000);
  return {
    total: people,
    lost: people - distinct,
    doubled,
    marked,
    page,
    addUp: rows === people && end.total === people,
  };
}

function nonZero(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
