import { z } from 'zod';
import { maskTarget } from '../../models/mask-target.js';
import type { Subscription } from '../../models/unsubscribe-tokens.js';
import type { ApiDependencies } from '../dependencies.js';
import { route, type Answer } from '../route.js';
import { readAction } from '../unsubscribe/form.js';
import { pageHeaders, unsubscribePage, type PageState } from '../unsubscribe/page.js';
import { pageLocale } from '../unsubscribe/page-locale.js';

const html = { schema: z.string(), mediaType: 'text/html' };
const common = {
  path: '/u/{token}',
  tag: 'unsubscribe',
  access: 'public',
  params: z.object({ token: z.string() }),
  // Scanners and link counters of mail programs add some.
  query: z.looseObject({}),
} as const;
const notFound = { 404: { description: 'a page that says that the link does not work', ...html } };

const show = route({
  ...common,
  method: 'get',
  summary: 'The page behind a mail’s unsubscribe link; changes nothing, as mail scanners follow links',
  answers: { 200: { description: 'the page', ...html }, ...notFound },
  async handle({ params, header }, deps) {
    const language = header('accept-language');
    const found = await open(deps, params.token);
    if (!found) return invalidPage(language);
    return page(200, found, await stateOf(deps, found.subscription), language);
  },
});

const change = route({
  ...common,
  method: 'post',
  summary: 'Unsubscribe by one click (RFC 8058), or by a button of the page',
  stream: {
    'application/x-www-form-urlencoded': 'List-Unsubscribe=One-Click, or an action of the page',
    'multipart/form-data': 'the same',
  },
  answers: { 200: { description: 'done; the page says what', ...html }, ...notFound },
  async handle({ params, header, stream }, deps) {
    const language = header('accept-language');
    const found = await open(deps, params.token);
    if (!found) return invalidPage(language);
    const { tenantId, channel, address, category, deliveryId } = found.subscription;
    const action = await readAction(stream, header('content-type'));
    if (action === 'resubscribe') {
      await deps.models.suppressions.resubscribe(tenantId, { channel, address, category });
    } else {
      const stopped = action === 'unsubscribe' ? { category } : {};
      await deps.models.suppressions.add(tenantId, [
        { channel, address, reason: 'unsubscribed', deliveryId, ...stopped },
      ]);
    }
    deps.log.info({ tenantId, deliveryId, channel, action }, 'subscription changed by its link');
    const state = await stateOf(deps, found.subscription);
    return page(200, found, state === 'subscribed' ? 'resubscribed' : state, language);
  },
});

interface Found {
  subscription: Subscription;
  tenant: { name: string; locale: string };
}

/** Undefined for a link that was not made here, or whose tenant is gone. */
async function open(deps: ApiDependencies, token: string): Promise<Found | undefined> {
  const subscription = await deps.models.unsubscribeTokens.read(token);
  const tenant = subscription && (await deps.models.tenants.find(subscription.tenantId));
  return tenant && { subscription, tenant };
}

/** What the address takes now. */
async function stateOf(
  deps: ApiDependencies,
  { tenantId, channel, address, category }: Subscription,
): Promise<Extract<PageState, 'subscribed' | 'unsubscribed' | 'unsubscribedFromAll'>> {
  const vault = await deps.models.dataKeys.vault(tenantId);
  const hash = vault.hash(address);
  const all = (await deps.models.suppressions.ofAddresses(tenantId, [hash])).get(hash) ?? [];
  const own = all.filter((one) => one.channel === channel && one.reason === 'unsubscribed');
  if (own.some((one) => one.category === undefined)) return 'unsubscribedFromAll';
  return own.some((one) => one.category === category) ? 'unsubscribed' : 'subscribed';
}

function page(
  status: number,
  { subscription, tenant }: Found,
  state: PageState,
  language: string | undefined,
): Answer {
  const { channel, address, category, locale } = subscription;
  return {
    status,
    headers: pageHeaders,
    html: unsubscribePage(pageLocale(locale, language, tenant.locale), state, {
      tenantName: tenant.name,
      category,
      address: maskTarget(channel, address),
    }),
  };
}

function invalidPage(language: string | undefined): Answer {
  const locale = pageLocale(undefined, language, 'en');
  return { status: 404, headers: pageHeaders, html: unsubscribePage(locale, 'invalid') };
}

export const unsubscribeRoutes = [show, change];
