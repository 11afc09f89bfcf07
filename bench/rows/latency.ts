import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { createTenant, requestFor, startBare, startNotification } from '../notifications.js';
import type { Row } from '../row.js';
import { digits, percentile } from '../statistics.js';

/**
 * How long one notification takes when nothing else goes on, from its start to its workflow's result: once in runs of
 * one after the other, once each from rest. They differ because Temporal lets a shard look for new tasks 20 times a
 * second by default (`history.transferProcessorMaxPollRPS`), with some saved up while it rests.
 */
export const latency: Row = {
  name: 'latency',
  async run({ stack, options, say }) {
    const { client, accepting, api } = stack;
    const tenantId = 'latency';
    const people = await createTenant(api.models, tenantId, { people: 20, domain: 'example.com' });
    let turn = 0;
    const person = () => people[(turn += 1) % people.length] ?? '';
    const subjects = {
      bare: () => startBare(client),
      email: () => startNotification(accepting, tenantId, requestFor(person())),
      inApp: () => startNotification(accepting, tenantId, requestFor(person(), { channels: ['in_app'] })),
    };
    type Subject = keyof typeof subjects;
    const names = Object.keys(subjects) as Subject[];
    const rounds = options.quick ? 2 : 6;
    const inARow = options.quick ? 10 : 30;

    /** @param restMs before each one, in milliseconds. */
    const measure = async (rounds: number, restMs: () => number) => {
      const times: Record<Subject, number[]> = { bare: [], email: [], inApp: [] };
      for (let round = 0; round < rounds; round += 1) {
        for (const name of names) {
          for (let index = 0; index < inARow; index += 1) {
            await pause(restMs());
            const took = await timeToResult(client, subjects[name]);
            // The first ones of a run still feel what came before it.
            if (index >= 5) times[name].push(took);
          }
        }
      }
      return times;
    };
    for (const name of names)
      for (let index = 0; index < 20; index += 1) await timeToResult(client, subjects[name]);
    const inRuns = await measure(rounds, () => 0);
    const fromRest = await measure(rounds / 2, () => 150 + 50 * Math.random());

    const shown = (times: number[]) =>
      `p50 ${digits(percentile(times, 50))} ms, p95 ${digits(percentile(times, 95))} ms`;
    say(names.map((name) => `${name} ${shown(inRuns[name])}`).join('; '));
    const line = (what: string, times: Record<Subject, number[]>, name: Subject, atMost?: number) => ({
      what,
      carillon: shown(times[name]),
      reference: `bare ${shown(times.bare)}`,
      ratio: percentile(times[name], 50) / percentile(times.bare, 50),
      ...(atMost === undefined ? {} : { target: { atMost } }),
    });
    return {
      lines: [
        line('one after the other, in-app + email, start to result', inRuns, 'email', 0.7),
        line('one after the other, in-app only', inRuns, 'inApp'),
        line('each from rest, in-app + email', fromRest, 'email'),
        line('each from rest, in-app only', fromRest, 'inApp'),
      ],
      raw: { inRuns, fromRest },
    };
  },
};

/** Milliseconds from the call that starts it to its result. */
async function timeToResult(client: Client, start: () => Promise<string>): Promise<number> {
  const beganMs = performance.now();
  const workflowId = await start();
  await client.workflow.getHandle(workflowId).result();
  return performance.now() - beganMs;
}
