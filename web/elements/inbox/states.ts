import { html, nothing, type TemplateResult } from 'lit';
import type { CarillonError } from '../../client/carillon-error.js';
import type { Localizer } from '../shared/i18n.js';
import type { Icons } from '../shared/icons.js';
import type { InboxText } from './messages-en.js';

/** What has gone wrong, and what to do about it. */
export function errorText({ code }: CarillonError, texts: Localizer<InboxText>): string {
  const isSaid = code === 'unreachable' || code === 'unauthenticated' || code === 'rate_limited';
  return texts.t(isSaid ? `error.${code}` : 'error.other');
}

/** A list without entries: why, and what can be done about it. */
export function renderState(
  icons: Icons,
  icon: string,
  title: string,
  hint?: string,
  button?: { label: string; act: () => void },
): TemplateResult {
  return html`<div class="state" part="state">
    ${icons.draw(icon)}<b>${title}</b>${hint ? html`<span>${hint}</span>` : nothing}
    ${button ? html`<button class="text" @click=${button.act}>${button.label}</button>` : nothing}
  </div>`;
}
