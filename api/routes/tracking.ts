import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { applyTold } from '../../events/callbacks/apply.js';
import type { Feedback } from '../../contracts/feedback.js';
import { isByMachine } from '../../events/callbacks/machines.js';
import type { ApiDependencies } from '../dependencies.js';
import { feedbackDependencies } from '../hooks/feedback.js';
import { route, type RouteRequest } from '../route.js';
import { pageHeaders, unsubscribePage } from '../unsubscribe/page.js';
import { pageLocale } from '../unsubscribe/page-locale.js';

/** Transparent, one pixel (GIF89a). */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Each look is a look, and no page learns what else the reader reads. */
const headers = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
};

const common = {
  method: 'get',
  tag: 'tracking',
  access: 'public',
  params: z.object({ token: z.string() }),
  // Scanners and link counters of mail programs add some.
  query: z.looseObject({}),
} as const;

type Request = Pick<RouteRequest<unknown, unknown, unknown>, 'header' | 'stream'>;

const open = route({
  ...common,
  path: '/t/o/{token}',
  summary: 'The image of one pixel in a mail whose opening is told; the same image for any token',
  answers: { 200: { description: 'the image', schema: z.string(), mediaType: 'image/gif' } },
  async handle({ params, header, stream }, deps) {
    const found = await deps.models.trackingTokens.readOpen(params.token);
    if (found) {
      const { tenantId, deliveryId } = found;
      const byMachine = isByMachine(header('user-agent'));
      await tell(deps, { header, stream }, tenantId, {
        kind: 'opened',
        deliveryId,
        at: new Date(),
        tracked: true,
        byMachine,
      });
    }
    return {
      status: 200,
      // Shown within the page of a mail program, which is another's.
      headers: { ...headers, 'Cross-Origin-Resource-Policy': 'cross-origin' },
      file: { type: 'image/gif', bytes: PIXEL },
    };
  },
});

const click = route({
  ...common,
  path: '/t/c/{token}',
  summary: 'A link of a mail whose clicks are told: leads where the mail’s writer wanted it to',
  answers: {
    302: { description: 'to the link’s own address' },
    404: {
      description: 'a page that says that the link does not work',
      schema: z.string(),
      mediaType: 'text/html',
    },
  },
  async handle({ params, header, stream }, deps) {
    const found = await deps.models.trackingTokens.readClick(params.token);
    if (!found || !/^https?:\/\//i.test(found.url)) {
      const locale = pageLocale(undefined, header('accept-language'), 'en');
      return { status: 404, headers: pageHeaders, html: unsubscribePage(locale, 'invalid') };
    }
    const { tenantId, deliveryId, url } = found;
    await tell(deps, { header, stream }, tenantId, {
      kind: 'clicked',
      deliveryId,
      at: new Date(),
      tracked: true,
    });
    return { status: 302, headers: { ...headers, Location: new URL(url).href } };
  },
});

/**
 * Marks it, unless the browser says that its reader wants no such thing (DNT, Global Privacy Control), or only looks
 * ahead. The reader gets what they came for in any case.
 */
async function tell(
  deps: ApiDependencies,
  { header, stream }: Request,
  tenantId: string,
  told: Feedback,
): Promise<void> {
  const isRefused = header('dnt') === '1' || header('sec-gpc') === '1';
  const isAhead = /prefetch|preview/i.test(`${header('sec-purpose') ?? ''} ${header('purpose') ?? ''}`);
  if (isRefused || isAhead || (stream as IncomingMessage).method === 'HEAD') return;
  try {
    await applyTold(feedbackDependencies(deps), tenantId, 'carillon', { feedback: [told] });
  } catch (error) {
    deps.log.warn({ tenantId, deliveryId: told.deliveryId, err: error }, 'what a mail told was not marked');
  }
}

export const trackingRoutes = [open, click];
