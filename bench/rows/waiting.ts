import { setTimeout as pause } from 'node:timers/promises';
import { HttpCaller } from '../callers.js';
import { createTenant, requestFor } from '../notifications.js';
import { residentMb } from '../processes.js';
import type { Row } from '../row.js';
import { mean } from '../statistics.js';

const BATCH = 100;
const DAY_MS = 86_400_000;
const EVERY_MS = 2_000;
/** Grown by less than this from the first third of the samples to the last counts as flat. */
const FLAT = 0.05;

/** What the product's processes hold in memory while many notifications wait for tomorrow. */
export const waiting: Row = {
  name: 'waiting',
  async run({ stack, options, say }) {
    const { api, children } = stack;
    const tenantId = 'waiting';
    const people = await createTenant(api.models, tenantId, { people: 100, domain: 'example.com' });
    const { key } = await api.models.apiKeys.create(tenantId, 'bench', ['sender']);
    const http = new HttpCaller(api.url, 4);
    const processes = ['api', 'worker', 'temporal', 'mongod'] as const;
    const sample = () =>
      Object.fromEntries(processes.map((name) => [name, residentMb(children.processes.get(name))]));
    const held = () => api.mongo.collection('notifications').countDocuments({ tenantId, status: 'held' });

    const before = sample();
    const sendAt = new Date(Date.now() + DAY_MS).toISOString();
    const notifications = people.map((person) => requestFor(person, { sendAt }));
    const beganMs = Date.now();
    for (let made = 0; made < options.waiting; made += BATCH) {
      await http.call('POST', '/v1/notifications/batch', { token: key, body: notifications, expected: 202 });
      if ((made / BATCH) % 20 === 19) say(`${made + BATCH} accepted, ${await held()} wait`);
    }
    while ((await held()) < options.waiting) await pause(500);
    const seconds = (Date.now() - beganMs) / 1000;
    http.close();

    say(`all wait after ${seconds.toFixed(0)} s; watching`);
    const samples: Record<string, number>[] = [];
    const watchMs = options.quick ? 20_000 : 120_000;
    for (const endMs = Date.now() + watchMs; Date.now() < endMs;) {
      samples.push(sample());
      await pause(EVERY_MS);
    }
    const third = Math.ceil(samples.length / 3);
    const line = (name: (typeof processes)[number]) => {
      const values = samples.map((one) => one[name] ?? NaN);
      const first = mean(values.slice(0, third));
      const last = mean(values.slice(-third));
      return {
        what: `${name}, resident, while ${options.waiting} notifications wait`,
        carillon: `${last.toFixed(0)} MB (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`,
        reference: `before ${before[name]?.toFixed(0)} MB`,
        ...(name === 'api' || name === 'worker' ? { holds: last <= first * (1 + FLAT) } : {}),
      };
    };
    return {
      lines: processes.map(line),
      notes: [`${options.waiting} accepted in batches and held within ${seconds.toFixed(0)} s`],
      raw: { before, samples, seconds },
    };
  },
};
