import { createHash } from 'node:crypto';
import type { TextLocale } from '../../templates/locales.js';
import { pagePhrases, type PagePhrases } from './phrases.js';

export type PageState = 'subscribed' | 'unsubscribed' | 'unsubscribedFromAll' | 'resubscribed' | 'invalid';

/** What the page's buttons send as `action`; RFC 8058's one click sends none. */
export const pageActions = ['unsubscribe', 'unsubscribe_from_all', 'resubscribe'] as const;
export type PageAction = (typeof pageActions)[number];

export interface PageSubject {
  tenantName: string;
  category: string;
  /** Masked: the page may be opened by whoever a mail was forwarded to. */
  address: string;
}

const style = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; align-content: center; justify-items: center; padding: 24px 16px;
  background: #f3f4f6; color: #3f4753; font: 16px/1.6 -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; }
main { width: 100%; max-width: 520px; padding: 32px; background: #fff; border: 1px solid #e3e6ea; border-radius: 12px; overflow-wrap: anywhere; }
p { margin: 0; }
.brand { margin: 0 0 8px; font-size: 14px; font-weight: 600; color: #5b6472; }
h1 { margin: 0 0 12px; font-size: 24px; line-height: 1.3; color: #1b2028; text-wrap: balance; }
form { margin: 12px 0 0; }
div + form { margin-top: 24px; }
button { width: 100%; min-height: 48px; padding: 10px 20px; border: 1px solid #1b2028; border-radius: 8px; font: inherit; font-weight: 600; cursor: pointer;
  background: #1b2028; color: #fff; }
button.quiet { background: none; border-color: #c3c9d1; color: #1b2028; }
button:hover { opacity: .88; }
button:focus-visible { outline: 3px solid #2563eb; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { background: #14161a; color: #cdd3db; }
  main { background: #1f2329; border-color: #333941; }
  .brand { color: #a3acb9; }
  h1 { color: #f3f5f7; }
  button { background: #eef0f3; border-color: #eef0f3; color: #14161a; }
  button.quiet { border-color: #4b535e; color: #f3f5f7; }
  button:focus-visible { outline-color: #7aa5ff; }
}
`;

/** Nothing but the page's own style and its own form: no script, no frame, nothing from elsewhere. */
export const pageHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex',
};

type ButtonLabel = 'unsubscribe' | 'unsubscribeFromAll' | 'undo';

const buttons: Readonly<Record<PageState, readonly { action: PageAction; label: ButtonLabel }[]>> = {
  subscribed: [
    { action: 'unsubscribe', label: 'unsubscribe' },
    { action: 'unsubscribe_from_all', label: 'unsubscribeFromAll' },
  ],
  unsubscribed: [
    { action: 'resubscribe', label: 'undo' },
    { action: 'unsubscribe_from_all', label: 'unsubscribeFromAll' },
  ],
  unsubscribedFromAll: [{ action: 'resubscribe', label: 'undo' }],
  resubscribed: [{ action: 'unsubscribe', label: 'unsubscribe' }],
  invalid: [],
};

/** The page behind an unsubscribe link. Its buttons post to its own URL, so it works at whatever path it is served. */
export function unsubscribePage(locale: TextLocale, state: PageState, subject?: PageSubject): string {
  const phrases = pagePhrases[locale];
  const { heading, text } = phrases[state];
  const filled = filledIn(text, phrases, subject);
  const isDone = state !== 'subscribed' && state !== 'invalid';
  const forms = buttons[state].map(({ action, label }, at) => {
    // What ends a state that was asked for is the quiet one.
    const quiet = at > 0 || isDone ? ' class="quiet"' : '';
    return `<form method="post"><button${quiet} name="action" value="${action}">${escaped(phrases[label])}</button></form>`;
  });
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(subject ? `${heading} – ${subject.tenantName}` : heading)}</title>
<style>${style}</style>
</head>
<body>
<main>
${subject ? `<p class="brand">${escaped(subject.tenantName)}</p>` : ''}
<div${isDone ? ' role="status"' : ''}>
<h1>${escaped(heading)}</h1>
<p>${escaped(filled)}</p>
</div>
${forms.join('\n')}
</main>
</body>
</html>
`;
}

function filledIn(text: string, { categories, quotes }: PagePhrases, subject?: PageSubject): string {
  if (!subject) return text;
  const { category, tenantName, address } = subject;
  const name = Object.hasOwn(categories, category) ? categories[category] : category.replace(/[_-]+/g, ' ');
  const values: Record<string, string> = {
    tenant: tenantName,
    category: `${quotes[0]}${name}${quotes[1]}`,
    address,
  };
  return text.replace(/\{(\w+)\}/g, (_all, key: string) => values[key] ?? '');
}

function escaped(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
