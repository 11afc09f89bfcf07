import { z } from 'zod';
import { pingMongo } from '../../models/models.js';
import { pingTemporal } from '../../runtime/temporal.js';
import type { ApiDependencies } from '../dependencies.js';
import { route } from '../route.js';

const tag = 'health';
const PING_MS = 2_000;
const dependency = z.object({ ready: z.boolean() });
const readiness = z.object({
  ready: z.boolean(),
  dependencies: z.object({ mongodb: dependency, temporal: dependency }),
});

const live = route({
  method: 'get',
  path: '/health/live',
  tag,
  summary: 'The process answers',
  access: 'public',
  answers: { 200: { description: 'alive', schema: z.object({ status: z.literal('ok') }) } },
  handle: () => Promise.resolve({ status: 200, body: { status: 'ok' } }),
});

const ready = route({
  method: 'get',
  path: '/health/ready',
  tag,
  summary: 'Temporal and MongoDB answer too',
  access: 'public',
  answers: {
    200: { description: 'ready', schema: readiness },
    503: { description: 'not ready; says which dependency is away', schema: readiness },
  },
  async handle(_request, deps) {
    const [mongodb, temporal] = await Promise.all([
      answers(deps, 'mongodb', () => pingMongo(deps.models.connection)),
      answers(deps, 'temporal', () => pingTemporal(deps.client, PING_MS)),
    ]);
    const allReady = mongodb && temporal;
    return {
      status: allReady ? 200 : 503,
      body: { ready: allReady, dependencies: { mongodb: { ready: mongodb }, temporal: { ready: temporal } } },
    };
  },
});

async function answers(deps: ApiDependencies, name: string, ping: () => Promise<void>): Promise<boolean> {
  const timer = new AbortController();
  try {
    await Promise.race([ping(), timeout(PING_MS, timer.signal)]);
    return true;
  } catch (error) {
    deps.log.debug({ dependency: name, err: error }, 'dependency is away');
    return false;
  } finally {
    timer.abort();
  }
}

function timeout(ms: number, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in time')), ms);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}

export const healthRoutes = [live, ready];
