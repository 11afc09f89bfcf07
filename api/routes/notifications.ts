import { z } from 'zod';
import type { ManyRecipients } from '../../contracts/audience.js';
import { anyTrigger, type AnyTrigger } from '../../contracts/broadcasts.js';
import { errorStatus, invalid, type CarillonError } from '../../contracts/errors.js';
import { broadcastWorkflowId } from '../../contracts/ids.js';
import { trigger, type Trigger } from '../../contracts/trigger.js';
import { makeBroadcast } from '../../commands/broadcasts/make.js';
import { startBroadcast } from '../../commands/broadcasts/start.js';
import type { ApiDependencies } from '../dependencies.js';
import { translate } from '../middleware/errors.js';
import { parseRequest } from '../middleware/parse.js';
import { route } from '../route.js';
import { acceptedView, errorBody } from '../schemas.js';
import { accept, type Accepted } from '../../commands/trigger/accept.js';
import { withKey } from '../trigger/with-key.js';

const tag = 'notifications';
const MAX_BATCH = 100;
const broadcastAccepted = z.object({
  broadcastId: z.string(),
  status: z.literal('accepted'),
  workflowId: z.string(),
  duplicate: z.boolean(),
});
const { $schema: _dialect, ...described } = z.toJSONSchema(trigger, { io: 'input', unrepresentable: 'any' });
/** Each is parsed on its own, so that a bad one is answered in its place; described as what it should be. */
const batch = z.array(z.unknown().meta(described)).min(1).max(MAX_BATCH);

const triggerOne = route({
  method: 'post',
  path: '/v1/notifications',
  tag,
  summary: 'Trigger a notification for one person or address, or for many as a broadcast',
  access: 'sender',
  idempotent: true,
  query: z.strictObject({ wait: z.enum(['decision']).optional() }),
  body: anyTrigger,
  answers: {
    202: {
      description: 'accepted: nothing will lose it now',
      schema: z.union([acceptedView, broadcastAccepted]),
    },
    200: {
      description: 'the same idempotency key and request as before',
      schema: z.union([acceptedView, broadcastAccepted]),
    },
  },
  async handle({ tenantId, query, body, idempotencyKey, actor, may }, deps) {
    const request = withKey(body, idempotencyKey);
    const { to } = request;
    if (!('recipient' in to)) {
      if (query.wait) throw invalid('wait', 'is for a single recipient');
      return triggerMany(deps, tenantId, { ...request, to }, { actor, may });
    }
    const accepted = await accept(
      deps,
      tenantId,
      { ...request, to },
      { waitForDecision: query.wait === 'decision' },
    );
    return { status: accepted.duplicate ? 200 : 202, body: show(accepted) };
  },
});

/** A trigger for many is a broadcast named after its type. */
async function triggerMany(
  deps: ApiDependencies,
  tenantId: string,
  request: Omit<AnyTrigger, 'to'> & { to: ManyRecipients },
  by: { actor: string; may: (role: 'manager' | 'admin') => boolean },
) {
  const { row, isNew } = await makeBroadcast(deps, tenantId, { ...request, name: request.type }, by);
  if (row.status === 'draft') await startBroadcast(deps, row);
  const workflowId = broadcastWorkflowId(tenantId, row.id);
  return {
    status: isNew ? 202 : 200,
    body: { broadcastId: row.id, status: 'accepted' as const, workflowId, duplicate: !isNew },
  };
}

const triggerBatch = route({
  method: 'post',
  path: '/v1/notifications/batch',
  tag,
  summary: 'Trigger up to 100 notifications, each answered on its own',
  access: 'sender',
  idempotent: true,
  body: z.union([batch, z.strictObject({ notifications: batch })]),
  answers: {
    202: {
      description: 'in the order of the request: what was accepted, and why the rest was not',
      schema: z.object({
        items: z.array(
          z.union([
            acceptedView.extend({ statusCode: z.number() }),
            errorBody.extend({ statusCode: z.number() }),
          ]),
        ),
      }),
    },
  },
  async handle({ tenantId, body, idempotencyKey }, deps) {
    const given = (Array.isArray(body) ? body : body.notifications).map((one, index) => ({ one, index }));
    const items: unknown[] = [];
    let away: CarillonError | undefined;
    // A few at a time: enough to hide the round trip, too few to crowd out other callers.
    for (let start = 0; start < given.length; start += 10) {
      const some = given.slice(start, start + 10).map(async ({ one, index }) => {
        // What follows an `unavailable` would wait for the same deadline in vain.
        if (away) return { statusCode: errorStatus[away.code], ...answerOf(away) };
        try {
          const asked = withPlaceInBatch(parseRequest(deps, trigger, one), idempotencyKey, index);
          const accepted = await accept(deps, tenantId, asked, { waitForDecision: false });
          return { statusCode: accepted.duplicate ? 200 : 202, ...show(accepted) };
        } catch (error) {
          const known = translate(error);
          if (known.code === 'internal')
            deps.log.error({ tenantId, err: error }, 'trigger in a batch failed');
          if (known.code === 'unavailable') away = known;
          return { statusCode: errorStatus[known.code], ...answerOf(known) };
        }
      });
      items.push(...(await Promise.all(some)));
    }
    return { status: 202, body: { items } };
  },
});

/**
 * The header's key stands for the whole batch: with its place in it, it keys each notification without a key of its
 * own. No key that a caller can send contains a NUL.
 */
function withPlaceInBatch(one: Trigger, header: string | undefined, index: number): Trigger {
  if (header === undefined || one.idempotencyKey !== undefined) return one;
  return { ...one, idempotencyKey: `${header}\u0000${index}` };
}

function show({ id, workflowId, duplicate, decision }: Accepted) {
  return { id, status: 'accepted' as const, workflowId, duplicate, ...(decision ? { decision } : {}) };
}

function answerOf(error: CarillonError) {
  return { detail: error.detail, code: error.code, ...(error.errors ? { errors: error.errors } : {}) };
}

export const notificationTriggers = [triggerOne, triggerBatch];
