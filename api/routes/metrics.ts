import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { mayScrape } from '../../runtime/metrics/token.js';
import { route } from '../route.js';

const read = route({
  method: 'get',
  path: '/metrics',
  tag: 'health',
  summary:
    'Figures in Prometheus’ text format; with the bearer token `CARILLON_METRICS_TOKEN`, where that is set',
  access: 'public',
  answers: { 200: { description: 'the figures', schema: z.string(), mediaType: 'text/plain' } },
  async handle({ header }, { config, metrics }) {
    if (!mayScrape(config, header('authorization')))
      throw new CarillonError('unauthenticated', 'send "Authorization: Bearer …" with the metrics token');
    return {
      status: 200,
      text: await metrics.text(),
      headers: { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' },
    };
  },
});

export const metricsRoutes = [read];
