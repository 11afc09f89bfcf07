import { setTimeout as pause } from 'node:timers/promises';
import { PersonTokens } from '../../api/person-tokens.js';
import { Ports } from '../../embedded/ports.js';
import { openBellPage } from '../bell-page.js';
import { HttpCaller } from '../callers.js';
import { createTenant, requestFor } from '../notifications.js';
import type { Row } from '../row.js';
import { SocketCrowd, socketCrowdProcess } from '../socket-crowd.js';
import { digits, percentile } from '../statistics.js';

const tenantId = 'bell';
const apiName = 'bell api';
const crowdName = 'bell crowd';
const HOUR_MS = 3_600_000;
const OTHERS = 1_000;

/** From the call that triggers to the number that a person sees on the bell, in Chromium on the same machine. */
export const bell: Row = {
  name: 'bell',
  async run({ stack, options, say }) {
    const { children, folder, env } = stack;
    const api = await stack.startApi(apiName, { database: 'carillon', namespace: 'default' });
    const others = options.quick ? OTHERS / 10 : OTHERS;
    const [person = '', ...rest] = await createTenant(api.models, tenantId, {
      people: others + 1,
      domain: 'example.com',
    });
    const tokens = new PersonTokens(api.models);
    const tokenOf = async (id: string) => (await tokens.issue(tenantId, id, HOUR_MS)).token;
    const port = await new Ports().take(0);
    await children.start(crowdName, socketCrowdProcess({ apiUrl: api.url, port, logFolder: folder, say }));
    const crowd = new SocketCrowd(`http://127.0.0.1:${port}/`);
    const http = new HttpCaller(api.url, 4);
    const token = await tokenOf(person);
    const page = await openBellPage(api.url, token);

    const measure = async (channels: ['in_app'] | undefined) => {
      const times: number[] = [];
      for (let turn = 0; turn < (options.quick ? 20 : 110); turn += 1) {
        await pause(100 + 100 * Math.random());
        const beganMs = performance.timeOrigin + performance.now();
        await http.call('POST', '/v1/notifications', {
          token: env.CARILLON_BOOTSTRAP_KEY ?? '',
          tenantId,
          body: requestFor(person, channels ? { channels } : {}),
          expected: 202,
        });
        const shownMs = await page.shows(1);
        // The first ones warm up.
        if (turn >= 10) times.push(shownMs - beganMs);
        await http.call('POST', '/v1/me/inbox/read-all', { token, expected: 200 });
        await page.shows(0);
      }
      return times;
    };
    const join = async (ids: readonly string[], all: number) => {
      await crowd.connect(await Promise.all(ids.map(tokenOf)));
      await crowd.until(`${all} sockets`, ({ ready }) => ready === all, 60_000);
    };

    await join(rest.slice(0, 1), 1);
    const alone = await measure(['in_app']);
    const aloneWithMail = await measure(undefined);
    say(`with one other socket: ${shown(alone)}; with a mail: ${shown(aloneWithMail)}`);
    await join(rest.slice(1), others);
    const among = await measure(['in_app']);
    const amongWithMail = await measure(undefined);
    say(`with ${others} others: ${shown(among)}; with a mail: ${shown(amongWithMail)}`);
    await page.close();
    http.close();
    await children.stop(crowdName);
    await children.stop(apiName);

    const line = (what: string, times: readonly number[], reference?: readonly number[]) => ({
      what,
      carillon: shown(times),
      ...(reference
        ? {
            reference: `with one ${shown(reference)}`,
            ratio: percentile(times, 50) / percentile(reference, 50),
          }
        : {}),
    });
    return {
      lines: [
        line('POST to the number on a bell in Chromium, in-app, one other socket', alone),
        line(`the same with ${others} other sockets`, among, alone),
        line('in-app + email, one other socket', aloneWithMail),
        line(`the same with ${others} other sockets`, amongWithMail, aloneWithMail),
      ],
      raw: { alone, among, aloneWithMail, amongWithMail },
    };
  },
};

function shown(times: readonly number[]): string {
  return `p50 ${digits(percentile(times, 50))} ms, p95 ${digits(percentile(times, 95))} ms`;
}
