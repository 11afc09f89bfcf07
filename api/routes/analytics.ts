import { analyticsQuery, BUILT_IN_TEMPLATE } from '../../contracts/analytics.js';
import { CarillonError } from '../../contracts/errors.js';
import { periodOf } from '../analytics/period.js';
import { readFigures } from '../analytics/read-figures.js';
import { Report } from '../analytics/report.js';
import { analyticsView } from '../analytics/view.js';
import { route } from '../route.js';

const get = route({
  method: 'get',
  path: '/v1/analytics',
  tag: 'analytics',
  summary:
    'What was sent in a period, how fast, what failed, and what was opened: the last 30 days by default',
  access: 'sender',
  query: analyticsQuery,
  answers: { 200: { description: 'the figures', schema: analyticsView } },
  async handle({ tenantId, query }, { models }) {
    const zone = query.timezone ?? (await models.tenants.timezone(tenantId));
    if (zone === undefined) throw new CarillonError('not_found', 'there is no such tenant');
    const period = periodOf(query, zone, Date.now());
    const { channel, type, role, template } = query;
    const filter = {
      ...(channel === undefined ? {} : { channel }),
      ...(type === undefined ? {} : { type }),
      ...(role === undefined ? {} : { role }),
      ...(template === undefined ? {} : { template: template === BUILT_IN_TEMPLATE ? '' : template }),
    };
    const report = new Report(period, role);
    const asOf = await readFigures(models, tenantId, period, filter, report);
    return { status: 200, body: report.answer(zone, asOf) };
  },
});

export const analyticsRoutes = [get];
