import { setTimeout as pause } from 'node:timers/promises';
import { PersonTokens } from '../../api/person-tokens.js';
import { answersOk } from '../../embedded/launch.js';
import { Ports } from '../../embedded/ports.js';
import { HttpCaller } from '../callers.js';
import { createTenant, requestFor } from '../notifications.js';
import { cpuTimes, cpuUsed, residentMb } from '../processes.js';
import type { Row } from '../row.js';
import { SocketCrowd, socketCrowdProcess } from '../socket-crowd.js';
import { digits, percentile } from '../statistics.js';

const tenantId = 'sockets';
const apiName = 'socket api';
const HOUR_MS = 3_600_000;

/** People with an open inbox at one API process: what they cost, how fast they hear, how they come back. */
export const sockets: Row = {
  name: 'sockets',
  async run({ stack, options, say }) {
    const most = options.quick ? 500 : 2_000;
    const api = await stack.startApi(apiName, { database: 'carillon', namespace: 'default' });
    const people = await createTenant(api.models, tenantId, { people: most, domain: 'example.com' });
    const tokens = new PersonTokens(api.models);
    const tokenOf = async (person: string) => (await tokens.issue(tenantId, person, HOUR_MS)).token;
    const port = await new Ports().take(0);
    const { folder, children } = stack;
    await children.start(
      'socket crowd',
      socketCrowdProcess({ apiUrl: api.url, port, logFolder: folder, say }),
    );
    const crowd = new SocketCrowd(`http://127.0.0.1:${port}/`);
    const http = new HttpCaller(api.url, 4);
    const post = (path: string, body: unknown, expected: number) =>
      http.call('POST', path, { token: bootstrapKey(stack.env), tenantId, body, expected });

    const join = async (from: number, to: number) => {
      const beganMs = Date.now();
      await crowd.connect(await Promise.all(people.slice(from, to).map(tokenOf)));
      const sight = await crowd.until(`${to} sockets`, ({ ready }) => ready === to, 60_000);
      return sight.lastReadyMs - beganMs;
    };
    const rss = () => residentMb(children.processes.get(apiName));

    /** From the call that triggers to the socket that tells, one after the other. */
    const triggerToSocket = async () => {
      const times: number[] = [];
      for (let turn = 0; turn < (options.quick ? 20 : 100); turn += 1) {
        await pause(20 + 60 * Math.random());
        const beganMs = performance.timeOrigin + performance.now();
        const request = requestFor(people[0] ?? '', { channels: ['in_app'] });
        const { id } = JSON.parse(await post('/v1/notifications', request, 202)) as { id: string };
        const sight = await crowd.until(`the bell of ${id}`, ({ created }) => id in created, 20_000);
        // The first ones warm up.
        if (turn >= 10) times.push((sight.created[id] ?? NaN) - beganMs);
      }
      return times;
    };
    const saidToAll = async () => {
      const times: number[] = [];
      const before = cpuTimes(children.processes);
      const startMs = Date.now();
      for (let turn = 0; turn < (options.quick ? 2 : 5); turn += 1) {
        const message = `word ${turn}`;
        const beganMs = performance.timeOrigin + performance.now();
        await post('/v1/system/messages', { to: { everyone: true }, message }, 202);
        const sight = await crowd.until(message, ({ heard }) => heard[message]?.people === most, 30_000);
        times.push((sight.heard[message]?.lastMs ?? NaN) - beganMs);
        await pause(300);
      }
      const { used } = cpuUsed(before, cpuTimes(children.processes), Date.now() - startMs);
      return { times, apiCpuMs: (used[apiName] ?? NaN) / times.length };
    };
    const comeBack = async () => {
      const pid = children.processes.get(apiName);
      if (pid === undefined) throw new Error('the API does not run');
      const killedMs = Date.now();
      process.kill(pid, 'SIGKILL');
      await crowd.until('nobody there', ({ ready }) => ready === 0, 10_000);
      while (!(await answersOk(`${api.url}/health/ready`))) await pause(50);
      const upMs = Date.now() - killedMs;
      const sight = await crowd.until('everybody back', ({ ready }) => ready === most, 60_000);
      return { upMs, tookMs: sight.lastReadyMs - killedMs, refused: sight.refused, reloads: sight.reloads };
    };

    const rssBefore = rss();
    await join(0, 2);
    const alone = await triggerToSocket();
    say(`with one other socket: ${shown(alone)}`);
    const others = Math.min(1_001, most);
    await join(2, others);
    const among = await triggerToSocket();
    say(`with ${others - 1} other sockets: ${shown(among)}`);
    const joinedMs = await join(others, most);
    await pause(1_000);
    const rssAfter = rss();
    say(`${most} sockets: ${digits(rssAfter)} MB, before ${digits(rssBefore)} MB`);
    const said = await saidToAll();
    say(`a word to all: ${said.times.map(digits).join(', ')} ms`);
    const back = await comeBack();
    say(
      `all back ${digits(back.tookMs)} ms after SIGKILL, API up after ${digits(back.upMs)} ms, refused ${JSON.stringify(back.refused)}`,
    );
    http.close();
    await children.stop('socket crowd');
    await children.stop(apiName);

    const refusals = Object.values(back.refused).reduce((sum, count) => sum + count, 0);
    const slowest = Math.max(...said.times);
    return {
      lines: [
        {
          what: 'over the API to the socket, in-app, one other socket',
          carillon: shown(alone),
        },
        {
          what: `the same with ${others - 1} other sockets`,
          carillon: shown(among),
          reference: `with one ${shown(alone)}`,
          ratio: percentile(among, 50) / percentile(alone, 50),
        },
        {
          what: `memory of the API process with ${most} sockets`,
          carillon: `${digits(rssAfter)} MB, ${digits(((rssAfter - rssBefore) * 1024) / most)} kB for each`,
          reference: `without: ${digits(rssBefore)} MB`,
        },
        {
          what: `a system message to all ${most}, until the last has heard it; at most 2 s`,
          carillon: `${digits(slowest)} ms at most, ${digits(said.apiCpuMs)} ms of the API's CPU`,
          holds: slowest <= 2_000,
        },
        {
          what: `all ${most} back after SIGKILL of the API and its restart; at most 15 s, nobody refused`,
          carillon: `${digits(back.tookMs / 1000)} s (the API was up after ${digits(back.upMs / 1000)} s), ${refusals} refused, ${back.reloads} asked to load anew`,
          holds: back.tookMs <= 15_000 && refusals === 0,
        },
      ],
      raw: { alone, among, rssBefore, rssAfter, joinedMs, said, back },
    };
  },
};

function shown(times: readonly number[]): string {
  return `p50 ${digits(percentile(times, 50))} ms, p95 ${digits(percentile(times, 95))} ms`;
}

function bootstrapKey(env: NodeJS.ProcessEnv): string {
  return env.CARILLON_BOOTSTRAP_KEY ?? '';
}
