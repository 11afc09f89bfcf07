import { html, nothing, type TemplateResult } from 'lit';
import type { CarillonError } from '../../client/carillon-error.js';
import type { Drawing, Texts } from './drawing.js';
import type { ConsoleText } from '../messages-en.js';

/** What to do about an error of this code. */
export function adviceOn(texts: Texts, { code }: CarillonError): string {
  const key = `error.${code}`;
  const text = texts.t(key as ConsoleText);
  return text === key ? texts.t('error.other') : text;
}

/**
 * Why something is not there and what to do, with the code and the request's ID, by which it is found in the log.
 * @param again what the button does; without it there is none
 */
export function failure({ texts, icons }: Drawing, error: CarillonError, again?: () => void): TemplateResult {
  const { code, message, requestId } = error;
  return html`<div class="failure" role="alert">
    ${icons.draw('x-circle')}
    <div>
      <p><strong>${sentence(message)}</strong> ${adviceOn(texts, error)}</p>
      <p class="codes">
        <code>${code}</code>
        ${requestId === undefined ? nothing : html`<span>${texts.t('error.request')} <code>${requestId}</code></span>`}
      </p>
    </div>
    ${again ? html`<button class="button" @click=${again}>${texts.t('again')}</button>` : nothing}
  </div>`;
}

/** The API's words as a sentence. */
export function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

/** That there is nothing, and why that may be. */
export function empty(
  { icons }: Drawing,
  title: string,
  text: string,
  icon = 'check-circle',
): TemplateResult {
  return html`<div class="empty">${icons.draw(icon)}<b>${title}</b><span>${text}</span></div>`;
}

/** A panel with {@link empty} in it. */
export function emptyPanel(...parts: Parameters<typeof empty>): TemplateResult {
  return html`<div class="panel">${empty(...parts)}</div>`;
}

/** Grey lines where something will be. */
export function skeleton(texts: Texts, lines = 6): TemplateResult {
  return html`<div class="skeleton" role="status">
    <span class="sr">${texts.t('loading')}</span>
    ${Array.from({ length: lines }, () => html`<i></i>`)}
  </div>`;
}
