import type { Connection } from 'mongoose';
import { HttpCaller } from '../callers.js';
import { closedLoop, type LoopResult } from '../closed-loop.js';
import { createTenant, requestFor, startBare, startNotification } from '../notifications.js';
import { cpuLine, type Row } from '../row.js';
import { digits, median, ratios } from '../statistics.js';

/** Notifications per second against bare workflows per second, in turns. */
export const throughput: Row = {
  name: 'throughput',
  async run({ stack, options, say }) {
    const { client, accepting, children, api } = stack;
    const tenantId = 'throughput';
    const people = await createTenant(api.models, tenantId, { people: 500, domain: 'example.com' });
    const { key } = await api.models.apiKeys.create(tenantId, 'bench', ['sender']);
    let turn = 0;
    const person = () => people[(turn += 1) % people.length] ?? '';
    const http = new HttpCaller(api.url, options.inFlight);
    const post = () =>
      http.call('POST', '/v1/notifications', { token: key, body: requestFor(person()), expected: 202 });
    const subjects = {
      bare: { workflowType: 'bare', start: () => startBare(client) },
      email: {
        workflowType: 'notification',
        start: () => startNotification(accepting, tenantId, requestFor(person())),
      },
      inApp: {
        workflowType: 'notification',
        start: () => startNotification(accepting, tenantId, requestFor(person(), { channels: ['in_app'] })),
      },
      posted: { workflowType: 'notification', start: post },
    };
    const loop = (subject: keyof typeof subjects, seconds: number) =>
      closedLoop(client, children.processes, {
        ...subjects[subject],
        inFlight: options.inFlight,
        leadSeconds: options.quick ? 1 : 2,
        seconds,
      });

    say('warming up');
    for (const subject of ['bare', 'email', 'inApp', 'posted'] as const)
      await loop(subject, options.quick ? 1 : 4);
    const results: Record<keyof typeof subjects, LoopResult[]> = {
      bare: [],
      email: [],
      inApp: [],
      posted: [],
    };
    const seconds = options.quick ? 3 : 8;
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const subject of ['bare', 'email', 'inApp', 'posted'] as const) {
        results[subject].push(await loop(subject, seconds));
      }
      const news = Object.entries(results).map(
        ([name, all]) => `${name} ${digits(all.at(-1)?.perSecond ?? NaN)}/s`,
      );
      say(`${round} of ${options.rounds}: ${news.join(', ')}`);
    }
    results.bare.push(await loop('bare', seconds));
    http.close();
    const deferred = await deferredShare(api.mongo, tenantId);

    const rates = (subject: keyof typeof subjects) => results[subject].map((result) => result.perSecond);
    const line = (what: string, subject: keyof typeof subjects, atLeast?: number) => ({
      what,
      carillon: `${digits(median(rates(subject)))}/s`,
      reference: `bare ${digits(median(rates('bare')))}/s`,
      ratio: median(ratios(rates(subject), rates('bare'))),
      ...(atLeast === undefined ? {} : { target: { atLeast } }),
    });
    return {
      lines: [
        line('in-app + email over SMTP, notifications/s ÷ bare workflows/s', 'email', 0.95),
        line('in-app only, notifications/s ÷ bare workflows/s', 'inApp', 1.25),
        line('in-app + email by POST /v1/notifications, with the API on the same machine', 'posted'),
      ],
      cpu: [
        cpuLine('bare workflow', results.bare),
        cpuLine('in-app + email', results.email),
        cpuLine('in-app', results.inApp),
        cpuLine('in-app + email by POST', results.posted),
      ],
      notes: [
        `${(deferred * 100).toFixed(1)} % of the mails left the workflow task for a regular activity at once`,
      ],
      raw: { ...results, deferred },
    };
  },
};

/** Share of a tenant's mails whose first attempt was a regular activity. */
export async function deferredShare(mongo: Connection, tenantId: string): Promise<number> {
  const mails = mongo.collection('deliveries');
  const all = await mails.countDocuments({ tenantId, channel: 'email' });
  return (await mails.countDocuments({ tenantId, channel: 'email', 'attempts.0.kind': 'regular' })) / all;
}
