import { byCallers, HttpCaller } from '../callers.js';
import { cpuTimes, cpuUsed } from '../processes.js';
import { createTenant, requestFor, startBare, startNotification } from '../notifications.js';
import type { CpuLine, Row } from '../row.js';
import { idleNamespace } from '../stack.js';
import { digits, median, percentile, ratios } from '../statistics.js';

const CALLERS = 32;

/**
 * Accepting a notification over HTTP against starting a workflow with the plain client. Both in a namespace without
 * workers, so that neither competes with what it started: what is started stays started.
 */
export const acceptance: Row = {
  name: 'accept',
  async run({ stack, options, say }) {
    const { idleClient, accepting, children } = stack;
    const tenantId = 'accept';
    const api = await stack.startApi('accept api', { database: 'accept', namespace: idleNamespace });
    const people = await createTenant(api.models, tenantId, { people: 100, domain: 'example.com' });
    const { key } = await api.models.apiKeys.create(tenantId, 'bench', ['sender']);
    const http = new HttpCaller(api.url, CALLERS);
    let turn = 0;
    const person = () => people[(turn += 1) % people.length] ?? '';
    const deps = { ...accepting, models: api.models, client: idleClient };
    const subjects = {
      bare: () => startBare(idleClient),
      post: () =>
        http.call('POST', '/v1/notifications', { token: key, body: requestFor(person()), expected: 202 }),
      /** What the API does behind HTTP, in this process: tells what HTTP costs and what the richer start does. */
      same: () => startNotification(deps, tenantId, requestFor(person())),
    };
    const names = ['bare', 'post', 'same'] as const;
    const total = options.quick ? 160 : 640;
    const run = async (name: keyof typeof subjects, calls: number) => {
      const before = cpuTimes(children.processes);
      const beganMs = performance.now();
      const times = await byCallers(CALLERS, calls, subjects[name]);
      const elapsedMs = performance.now() - beganMs;
      const { used, strangers } = cpuUsed(before, cpuTimes(children.processes), elapsedMs);
      const cpuMs = Object.fromEntries(Object.entries(used).map(([process, ms]) => [process, ms / calls]));
      return {
        p50: percentile(times, 50),
        p95: percentile(times, 95),
        perSecond: (calls / elapsedMs) * 1000,
        cpuMs,
        strangers,
      };
    };

    say('warming up');
    for (const name of names) await run(name, options.quick ? 64 : 640);
    const results: Record<keyof typeof subjects, Awaited<ReturnType<typeof run>>[]> = {
      bare: [],
      post: [],
      same: [],
    };
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const name of names) results[name].push(await run(name, total));
      const news = names.map((name) => `${name} ${digits(results[name].at(-1)?.p50 ?? NaN)} ms`);
      say(`${round} of ${options.rounds}: ${news.join(', ')}`);
    }
    results.bare.push(await run('bare', total));
    http.close();
    await children.stop('accept api');

    const of = (name: keyof typeof subjects, which: 'p50' | 'p95') => results[name].map((one) => one[which]);
    const line = (what: string, name: 'post' | 'same', which: 'p50' | 'p95', atMost?: number) => ({
      what,
      carillon: `${digits(median(of(name, which)))} ms`,
      reference: `plain start ${digits(median(of('bare', which)))} ms`,
      ratio: median(ratios(of(name, which), of('bare', which))),
      ...(atMost === undefined ? {} : { target: { atMost } }),
    });
    const cpuLine = (what: string, name: keyof typeof subjects): CpuLine => ({
      what,
      perSecond: median(results[name].map((one) => one.perSecond)),
      cpuMs: Object.fromEntries(
        Object.keys(results[name][0]?.cpuMs ?? {}).map((process) => [
          process,
          median(results[name].map((one) => one.cpuMs[process] ?? NaN)),
        ]),
      ),
      strangers: median(results[name].map((one) => one.strangers)),
    });
    return {
      lines: [
        line(`POST /v1/notifications, ${CALLERS} callers, p50`, 'post', 'p50', 1.3),
        line(`POST /v1/notifications, ${CALLERS} callers, p95`, 'post', 'p95', 1.3),
        line('the same start without HTTP in between, p50', 'same', 'p50'),
      ],
      cpu: [
        cpuLine('plain workflow start', 'bare'),
        cpuLine('POST /v1/notifications', 'post'),
        cpuLine('the same start without HTTP', 'same'),
      ],
      raw: results,
    };
  },
};
