import { z } from 'zod';
import { channelName } from '../../contracts/channels.js';
import { CarillonError } from '../../contracts/errors.js';
import { HOURS } from '../../contracts/predictor.js';
import { route } from '../route.js';
import { idParams } from '../schemas.js';

const insightsView = z.object({
  recipient: z.string(),
  predictor: z.string().describe('who answers: statistical is the built-in one'),
  optedOut: z.boolean().describe('the person does not want it: nothing is learned of them'),
  observations: z.number().int().describe('how often they opened, clicked or replied'),
  lastAt: z.iso.datetime().nullable(),
  timezone: z.string(),
  source: z.enum(['person', 'tenant', 'none']).describe('whose habits the best hour rests on'),
  bestHour: z.number().int().nullable().describe('of their day, 0 to 23'),
  bestChannel: channelName.nullable(),
  hours: z.array(z.number()).length(HOURS).describe('what they did, by hour of their day; older counts less'),
  channels: z.partialRecord(channelName, z.number()).describe('likewise, by channel'),
});

const get = route({
  method: 'get',
  path: '/v1/subscribers/{id}/insights',
  tag: 'subscribers',
  summary: 'When and where a person opens and reads: what "sendAt": "best" goes by',
  access: 'sender',
  params: idParams,
  answers: { 200: { description: 'what is known', schema: insightsView } },
  async handle({ tenantId, params: { id } }, { models, predictor }) {
    const nowMs = Date.now();
    const [zones, ofTenant, preferences, known, tenant] = await Promise.all([
      models.subscribers.timezones(tenantId, [id]),
      models.tenants.timezone(tenantId),
      models.preferences.find(tenantId, id),
      models.insights.find(tenantId, id, nowMs),
      models.insights.ofTenant(tenantId, nowMs),
    ]);
    const zone = zones.get(id);
    if (zone === undefined) throw new CarillonError('not_found', `there is no subscriber "${id}"`);
    const own = preferences.insights ? known : undefined;
    const timezone = zone ?? ofTenant ?? 'UTC';
    const { source, hours, channel } = await predictor.predict({
      tenantId,
      recipientId: id,
      nowMs,
      timezone,
      ...(own ? { own } : {}),
      ...(tenant ? { tenant } : {}),
    });
    return {
      status: 200,
      body: {
        recipient: id,
        predictor: predictor.name,
        optedOut: !preferences.insights,
        observations: own?.observations ?? 0,
        lastAt: own?.updatedAt.toISOString() ?? null,
        timezone,
        source,
        bestHour: hours ? hours.indexOf(Math.max(...hours)) : null,
        bestChannel: channel ?? null,
        hours: [...(own?.hours ?? new Array<number>(HOURS).fill(0))],
        channels: own?.channels ?? {},
      },
    };
  },
});

export const insightRoutes = [get];
