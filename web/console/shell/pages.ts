import type { ConsoleText } from '../messages-en.js';
import type { ConsolePage } from '../parts/page.js';
import { match } from '../addresses.js';

/** A page of the console. To add one: a file that defines its element, and an entry here. */
export interface PageEntry {
  /** Below `/console`: `deliveries`, or `notifications/:id`, whose parts the page is given as `params`. */
  path: string;
  /** The custom element. */
  tag: string;
  load: () => Promise<unknown>;
  /** Its place in the navigation; none for a page that is reached through another's links. */
  nav?: { label: ConsoleText; icon: string; group: 'now' | 'setup' };
  /** The path of the page that the navigation shows as the current one meanwhile. Default its own. */
  under?: string;
}

/** In the order of the navigation. */
export const pages: readonly PageEntry[] = [
  {
    path: '',
    tag: 'console-overview',
    load: () => import('../pages/overview/overview.js'),
    nav: { label: 'nav.overview', icon: 'gauge', group: 'now' },
  },
  {
    path: 'deliveries',
    tag: 'console-deliveries',
    load: () => import('../pages/deliveries/deliveries.js'),
    nav: { label: 'nav.deliveries', icon: 'list', group: 'now' },
  },
  {
    path: 'notifications/:id',
    tag: 'console-story',
    load: () => import('../pages/story/story.js'),
    under: 'deliveries',
  },
  {
    path: 'failures',
    tag: 'console-failures',
    load: () => import('../pages/failures/failures.js'),
    nav: { label: 'nav.failures', icon: 'alert', group: 'now' },
  },
  {
    path: 'held',
    tag: 'console-held',
    load: () => import('../pages/held/held.js'),
    nav: { label: 'nav.held', icon: 'hourglass', group: 'now' },
  },
  {
    path: 'broadcasts',
    tag: 'console-broadcasts',
    load: () => import('../pages/broadcasts/broadcasts.js'),
    nav: { label: 'nav.broadcasts', icon: 'megaphone', group: 'now' },
  },
  {
    path: 'broadcasts/:id',
    tag: 'console-broadcast',
    load: () => import('../pages/broadcasts/broadcast.js'),
    under: 'broadcasts',
  },
  {
    path: 'find',
    tag: 'console-find',
    load: () => import('../pages/find/find.js'),
    nav: { label: 'nav.find', icon: 'find', group: 'now' },
  },
  {
    path: 'analytics',
    tag: 'console-analytics',
    load: () => import('../pages/analytics/analytics.js'),
    nav: { label: 'nav.analytics', icon: 'chart', group: 'now' },
  },
  {
    path: 'templates',
    tag: 'console-templates',
    load: () => import('../pages/templates/templates.js'),
    nav: { label: 'nav.templates', icon: 'text', group: 'setup' },
  },
  {
    path: 'templates/:name/:channel/:locale',
    tag: 'console-template',
    load: () => import('../pages/templates/template.js'),
    under: 'templates',
  },
  {
    path: 'partials/:name/:locale',
    tag: 'console-template',
    load: () => import('../pages/templates/template.js'),
    under: 'templates',
  },
  {
    path: 'layouts/:name/:locale',
    tag: 'console-template',
    load: () => import('../pages/templates/template.js'),
    under: 'templates',
  },
  {
    path: 'people',
    tag: 'console-people',
    load: () => import('../pages/people/people.js'),
    nav: { label: 'nav.people', icon: 'person', group: 'setup' },
  },
  {
    path: 'people/:id',
    tag: 'console-person',
    load: () => import('../pages/people/person.js'),
    under: 'people',
  },
  {
    path: 'providers',
    tag: 'console-providers',
    load: () => import('../pages/providers/providers.js'),
    nav: { label: 'nav.providers', icon: 'plug', group: 'setup' },
  },
  {
    path: 'webhooks',
    tag: 'console-webhooks',
    load: () => import('../pages/webhooks/webhooks.js'),
    nav: { label: 'nav.webhooks', icon: 'hook', group: 'setup' },
  },
  {
    path: 'webhooks/:id',
    tag: 'console-webhook',
    load: () => import('../pages/webhooks/webhook.js'),
    under: 'webhooks',
  },
  {
    path: 'audit',
    tag: 'console-audit',
    load: () => import('../pages/audit/audit.js'),
    nav: { label: 'nav.audit', icon: 'trail', group: 'setup' },
  },
];

export interface Found {
  entry: PageEntry;
  params: Record<string, string>;
}

/** The page of a path; undefined where there is none. */
export function pageOf(path: string): Found | undefined {
  for (const entry of pages) {
    const params = match(entry.path, path);
    if (params) return { entry, params };
  }
  return undefined;
}

/** The page's element, made once its script is here. */
export async function openPage({ entry }: Found): Promise<ConsolePage> {
  await entry.load();
  return document.createElement(entry.tag) as ConsolePage;
}
