import { PersonTokens } from '../../api/person-tokens.js';
import { itemContext, showItem } from '../../api/views/item.js';
import { COUNT_CAP } from '../../models/inbox.js';
import { TypeRegistry } from '../../templates/type-registry.js';
import { mongodbUri } from '../../embedded/mongodb-server.js';
import { Ports } from '../../embedded/ports.js';
import { HttpCaller } from '../callers.js';
import { bareInboxProcess, READERS, readTogether } from '../concurrent-readers.js';
import { explained } from '../explained.js';
import { fillInbox } from '../inbox-data.js';
import { createTenant } from '../notifications.js';
import type { Row, RowContext } from '../row.js';
import { idleNamespace, type RunningApi } from '../stack.js';
import { digits, median, percentile, ratios } from '../statistics.js';

const LIMIT = 20;
const tenantId = 'inbox';

type Reads = Record<string, (recipientId: string) => Promise<unknown>>;

/** Reading an inbox among a million notifications, against what the driver alone takes for the same. */
export const inbox: Row = {
  name: 'inbox',
  async run(context) {
    const { stack, options, say } = context;
    const api = await stack.startApi('inbox api', { database: 'inbox', namespace: idleNamespace });
    await api.models.notifications.model.collection.dropIndexes();
    await fillInbox(api.models, tenantId, options.people, say);
    say('creating the people');
    await createTenant(api.models, tenantId, { people: options.people, domain: 'example.com' });

    const http = new HttpCaller(api.url, 4);
    const tokens = new PersonTokens(api.models);
    const token = new Map<string, string>();
    const times = await measure(context, reads(api, http, token), async (person) => {
      token.set(person, (await tokens.issue(tenantId, person, 3_600_000)).token);
    });
    const plans = await explained(api.mongo, async () => {
      for (const [, own] of [...token].slice(0, 20)) {
        await http.call('GET', '/v1/me/inbox', { token: own, expected: 200 });
        await http.call('GET', '/v1/me/inbox?filter=unread', { token: own, expected: 200 });
        await http.call('GET', '/v1/me/inbox/counts', { token: own, expected: 200 });
      }
    });
    http.close();
    say(`${READERS} readers at once`);
    const together = await concurrent(context, api, (person) => token.get(person) ?? '', [...token.keys()]);
    await stack.children.stop('inbox api');
    await api.mongo.dropDatabase();

    const line = (what: string, own: string, driver: string, atMost?: number) => {
      const of = (name: string, percent: number) => percentile(times[name] ?? [], percent);
      return {
        what,
        carillon: `p50 ${digits(of(own, 50))} ms, p95 ${digits(of(own, 95))} ms`,
        reference: `driver p50 ${digits(of(driver, 50))} ms, p95 ${digits(of(driver, 95))} ms`,
        ratio: of(own, 50) / of(driver, 50),
        ...(atMost === undefined ? {} : { target: { atMost } }),
      };
    };
    const rows = options.people * 100;
    const scans = plans.filter(
      (plan) => /COLLSCAN|SORT\b/.test(plan.summary) || plan.examined > 3 * COUNT_CAP,
    );
    return {
      lines: [
        line(`inbox page of ${LIMIT} among ${rows} notifications`, 'page', 'driver page', 1.5),
        line('the three counts', 'counts', 'driver counts', 1.5),
        line('the page over HTTP, with the person’s token checked', 'http page', 'driver page'),
        line('the counts over HTTP, likewise', 'http counts', 'driver counts'),
        {
          what: `the page over HTTP, ${READERS} readers at once`,
          carillon: `${digits(1000 / median(together.times.carillon))}/s`,
          reference: `bare Express and driver ${digits(1000 / median(together.times.bare))}/s`,
          ratio: median(ratios(together.times.carillon, together.times.bare)),
          target: { atMost: 1.5 },
        },
        {
          what: 'queries of these that scan or sort, or read over 300 rows or keys, which is what the three counts may',
          carillon: `${scans.length} of ${plans.length}`,
          holds: scans.length === 0 && plans.length > 0,
        },
      ],
      notes: [...new Set(plans.map((plan) => `${plan.operation}: ${plan.summary}`))],
      cpu: together.cpu,
      raw: { times, plans, together },
    };
  },
};

/** The API's page against a server that does nothing but the query, both over HTTP, for people who have a token. */
async function concurrent(
  { stack, options, say }: RowContext,
  api: RunningApi,
  token: (person: string) => string,
  people: readonly string[],
) {
  const port = await new Ports().take(0);
  await stack.children.start(
    'bare inbox',
    bareInboxProcess({
      mongodbUri: mongodbUri(stack.servers.mongodbPort, 'inbox'),
      port,
      tenantId,
      limit: LIMIT,
      logFolder: stack.folder,
      say,
    }),
  );
  const own = new HttpCaller(api.url, READERS);
  const bare = new HttpCaller(`http://127.0.0.1:${port}`, READERS);
  const measured = await readTogether(
    {
      bare: { http: bare, path: (person) => `/inbox/${person}`, token: () => 'none' },
      carillon: { http: own, path: () => '/v1/me/inbox', token },
    },
    {
      rounds: options.rounds,
      requests: options.quick ? 1_000 : 4_000,
      person: () => people[Math.floor(Math.random() * people.length)] ?? '',
      processes: stack.children.processes,
    },
  );
  own.close();
  bare.close();
  await stack.children.stop('bare inbox');
  return measured;
}

function reads(api: RunningApi, http: HttpCaller, token: ReadonlyMap<string, string>): Reads {
  const { models } = api;
  const { collection } = models.notifications.model;
  const types = new TypeRegistry(models.notificationTypes, models.templates);
  const query = { filter: 'all', limit: LIMIT } as const;
  const box = (recipientId: string) => ({ tenantId, recipientId, box: 'inbox' });
  const count = (filter: object) => collection.countDocuments(filter, { limit: COUNT_CAP });
  const get = (path: string, person: string) =>
    http.call('GET', path, { token: token.get(person) ?? '', expected: 200 });
  return {
    page: async (person) => {
      const context = await itemContext({ models, types }, tenantId);
      return models.inbox.list(tenantId, person, query, new Date(), (row) => showItem(row, context));
    },
    'driver page': (person) =>
      collection.find(box(person)).sort({ inboxAt: -1, _id: -1 }).limit(LIMIT).toArray(),
    counts: (person) => models.inbox.counts(tenantId, person, new Date()),
    'driver counts': (person) =>
      Promise.all([
        count({ ...box(person), unread: true }),
        count({ ...box(person), unseen: true }),
        count(box(person)),
      ]),
    'http page': (person) => get('/v1/me/inbox', person),
    'http counts': (person) => get('/v1/me/inbox/counts', person),
  };
}

/** Each kind of read in turn, each time for another person, so that none finds the pages that another one fetched. */
async function measure(
  { options, say }: RowContext,
  kinds: Reads,
  prepare: (person: string) => Promise<void>,
): Promise<Record<string, number[]>> {
  const names = Object.keys(kinds);
  const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  const warmUp = 100;
  const turns = options.quick ? 200 : 1_000;
  for (let turn = 0; turn < warmUp + turns; turn += 1) {
    for (const name of names) {
      const person = `person-${1 + Math.floor(Math.random() * options.people)}`;
      await prepare(person);
      const beganMs = performance.now();
      await kinds[name]?.(person);
      const took = performance.now() - beganMs;
      if (turn >= warmUp) times[name]?.push(took);
    }
  }
  say(names.map((name) => `${name} ${digits(percentile(times[name] ?? [], 50))} ms`).join(', '));
  return times;
}
