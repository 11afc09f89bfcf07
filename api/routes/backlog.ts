import { z } from 'zod';
import { BACKLOG_CAP } from '../../models/backlog.js';
import { route } from '../route.js';

const count = z.number().int();

const get = route({
  method: 'get',
  path: '/v1/backlog',
  tag: 'notifications',
  summary: 'How much waits, by status, now',
  access: 'sender',
  answers: {
    200: {
      description: 'the counts',
      schema: z.object({
        notifications: z.object({ held: count, digesting: count, sending: count }),
        deliveries: z.object({ retrying: count, parked: count }),
        cap: count.describe('no count goes on above this'),
      }),
    },
  },
  async handle({ tenantId }, { models }) {
    return { status: 200, body: { ...(await models.backlog.count(tenantId)), cap: BACKLOG_CAP } };
  },
});

export const backlogRoutes = [get];
