import { html, nothing, type TemplateResult } from 'lit';
import type { InboxFilter } from '../../client/shapes.js';
import type { CarillonInbox } from './inbox.js';

export type Tab = NonNullable<InboxFilter['filter']>;
export const tabs: Tab[] = ['all', 'unread', 'archived'];

/** Which part of the inbox is shown. Arrow keys go from one to the next, as WAI-ARIA's tabs do. */
export function renderTabs(inbox: CarillonInbox): TemplateResult {
  const { texts } = inbox;
  const { unread = 0 } = inbox.store?.state.counts ?? {};
  return html`<div
    role="tablist"
    part="tabs"
    aria-label=${texts.t('inbox.title')}
    @keydown=${(event: KeyboardEvent) => onKey(inbox, event)}
  >
    ${tabs.map(
      (tab) =>
        html`<button
          role="tab"
          id=${tab}
          aria-controls="panel"
          aria-selected=${tab === inbox.filter}
          tabindex=${tab === inbox.filter ? 0 : -1}
          @click=${() => (inbox.filter = tab)}
        >
          ${texts.t(`inbox.${tab}`)}${
            tab === 'unread' && unread
              ? html`<span class="count" part="count">${unread > 99 ? '99+' : unread}</span>`
              : nothing
          }
        </button>`,
    )}
  </div>`;
}

function onKey(inbox: CarillonInbox, event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const isRightToLeft = getComputedStyle(inbox).direction === 'rtl';
  const at = tabs.indexOf(inbox.filter) + (isRightToLeft ? -step : step);
  inbox.filter = tabs.at(at % tabs.length) ?? 'all';
  inbox.renderRoot.querySelector<HTMLElement>(`#${inbox.filter}`)?.focus();
}
