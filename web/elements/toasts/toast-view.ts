import { html, nothing, type TemplateResult } from 'lit';
import type { Item } from '../../client/shapes.js';
import type { Localizer } from '../shared/i18n.js';
import type { Icons } from '../shared/icons.js';
import { safeUrl } from '../shared/safe-url.js';
import { severityColor } from '../shared/theme.js';
import type { ToastsText } from './messages-en.js';
import type { Toast } from './toast-queue.js';

export type Action = Item['actions'][number];

/** What a toast is drawn with, and what can be done with it. */
export interface ToastHost {
  texts: Localizer<ToastsText>;
  icons: Icons;
  hasBar(toast: Toast): boolean;
  choose(event: Event, item: Item): void;
  act(event: Event, item: Item, action: Action): void;
  dismiss(key: string): Promise<void>;
}

/** What stands in a toast's live region. */
export function toastContent(host: ToastHost, toast: Toast): TemplateResult {
  const { key, item, severity, title, message } = toast;
  const { texts, icons } = host;
  return html`<div class="body">
      <span class="icon">${icons.draw(item?.icon ?? 'message', severity)}</span>
      <div class="text">
        ${heading(host, toast)} ${message ? html`<p class="message">${message}</p>` : nothing}
        ${item ? actions(host, item) : nothing}
      </div>
      <button
        class="close quiet"
        aria-label=${texts.t('toasts.close', { title })}
        @click=${() => host.dismiss(key)}
      >
        ${icons.draw('close')}
      </button>
    </div>
    ${host.hasBar(toast) ? html`<div class="bar" part="progress"></div>` : nothing}`;
}

function heading(host: ToastHost, { item, severity, title }: Toast): TemplateResult {
  const { texts } = host;
  const text = html`${severity === 'info' ? nothing : html`<span class="sr">${texts.t(`toasts.${severity}`)} </span>`}${title}`;
  if (!item) return html`<span class="title">${text}</span>`;
  const href = safeUrl(item.actionUrl);
  const choose = (event: Event) => host.choose(event, item);
  if (!href) return html`<button class="title" @click=${choose}>${text}</button>`;
  return html`<a class="title" href=${href} rel="noopener noreferrer" draggable="false" @click=${choose}
    >${text}</a
  >`;
}

function actions(host: ToastHost, item: Item): TemplateResult | typeof nothing {
  const links = item.actions
    .map((action) => ({ action, href: safeUrl(action.url) }))
    .filter(({ href }) => href !== undefined);
  if (links.length === 0) return nothing;
  const link = ({ action, href }: (typeof links)[number]) =>
    html`<a
      class="action"
      href=${href ?? nothing}
      rel="noopener noreferrer"
      draggable="false"
      @click=${(event: Event) => host.act(event, item, action)}
      >${action.label}</a
    >`;
  return html`<div class="actions">${links.map(link)}</div>`;
}

/** The colour of a toast, as a style sheet says it: of its severity, or where that says nothing, of its type. */
export function tintOf({ severity, item }: Toast): string {
  const ofType = severity === 'info' && /^#[0-9a-f]{6}$/i.test(item?.color ?? '');
  return ofType && item ? item.color : severityColor(severity);
}
