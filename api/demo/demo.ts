import express, { Router, type RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CarillonError } from '../../contracts/errors.js';
import { externalId } from '../../contracts/primitives.js';
import { expediteSignal } from '../../workflows/messages.js';
import type { ApiDependencies } from '../dependencies.js';
import { parseRequest } from '../middleware/parse.js';
import { tellRun } from '../routes/notification-actions.js';
import { readNotification } from '../routes/notification-reads.js';
import { accept } from '../../commands/trigger/accept.js';
import { onlyFromOwnPages, onlyFromThisMachine } from './only-from-here.js';
import { demoPage } from './page.js';
import { setUpPeople } from './people.js';
import { demoSession } from './session.js';
import { demoTrigger, triggerOf } from './trigger.js';

/** Notifications that the page shows: the newest. */
const SHOWN = 20;
/** Calls that all open demo pages together may make in ten seconds: what changes something, and what reads. */
const CHANGES = 120;
const READS = 200;
const PERIOD_SECONDS = 10;

/**
 * `/demo`: the page on which a newcomer tries everything out, and what it asks for. Its routes act for one tenant without
 * a key, so they answer nobody but that page, opened on this very machine. Not a part of the API.
 */
export function demo(deps: ApiDependencies, tenantId: string): Router {
  const router = Router({ caseSensitive: true });
  const changes = limit(CHANGES);
  const reads = limit(READS);
  router.use('/demo', onlyFromThisMachine);
  router.use('/demo', demoPage());

  router.post('/demo/session', onlyFromOwnPages, changes, async (_request, response) => {
    await setUpPeople(deps, tenantId);
    response.json(await demoSession(deps, tenantId));
  });

  router.post(
    '/demo/trigger',
    onlyFromOwnPages,
    changes,
    express.json({ limit: '4kb' }),
    async (request, response) => {
      const asked = parseRequest(deps, demoTrigger, request.body);
      const given = await triggerOf(deps, tenantId, asked);
      const { id } = await accept(deps, tenantId, given, { waitForDecision: false });
      response.status(202).json({ id });
    },
  );

  router.get('/demo/notifications', onlyFromOwnPages, reads, async (_request, response) => {
    const { items } = await deps.models.notifications.list(tenantId, { limit: SHOWN }, ({ id }) => id);
    response.json({ items: await Promise.all(items.map((id) => readNotification(deps, tenantId, id))) });
  });

  router.get('/demo/notifications/:id', onlyFromOwnPages, reads, async (request, response) => {
    const id = parseRequest(deps, externalId, request.params.id);
    response.type('json').send(JSON.stringify(await readNotification(deps, tenantId, id), null, 2));
  });

  router.post('/demo/notifications/:id/expedite', onlyFromOwnPages, changes, async (request, response) => {
    const id = parseRequest(deps, externalId, request.params.id);
    const told = { tenantId, params: { id }, body: {}, actor: 'demo' };
    const { status, body } = await tellRun(deps, told, expediteSignal);
    response.status(status).json(body);
  });
  return router;
}

function limit(points: number): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration: PERIOD_SECONDS });
  return async (_request, _response, next) => {
    try {
      await limiter.consume('demo');
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new CarillonError('rate_limited', 'that was a lot at once: wait a moment', undefined, {
        retryAfterMs: Math.max(1, error.msBeforeNext),
      });
    }
    next();
  };
}
