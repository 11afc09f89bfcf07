import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../client/carillon-error.js';
import { Icons } from '../../elements/shared/icons.js';
import { Localizer } from '../../elements/shared/i18n.js';
import { theme } from '../../elements/shared/theme.js';
import { failure } from '../parts/failure.js';
import type { ConsoleText } from '../messages-en.js';
import { consoleStyles } from '../parts/styles.js';

/** How long what was done is shown, in milliseconds. What was not done stays until it is put away. */
const SHOWN_MS = 6000;

/** `<console-notices>`: what was done, or why it was not. */
export class ConsoleNotices extends LitElement {
  static override styles = [
    theme,
    consoleStyles,
    css`
      :host {
        position: fixed;
        inset-block-end: 16px;
        inset-inline-end: 16px;
        z-index: 20;
        display: grid;
        gap: 8px;
        width: min(440px, calc(100vw - 32px));
      }
      .said {
        display: flex;
        align-items: center;
        gap: 10px;
        padding: 10px 10px 10px 14px;
        border: 1px solid var(--c-line);
        border-radius: 10px;
        background: var(--c-background);
        box-shadow: var(--c-shadow);
      }
      .said > span {
        flex: 1;
      }
      .said > svg {
        color: var(--c-success);
      }
      .failure {
        margin: 0;
        background: var(--c-background);
        box-shadow: var(--c-shadow);
      }
    `,
  ];

  private readonly texts = new Localizer<ConsoleText>(this);
  private readonly icons = new Icons(this);
  private said?: string;
  private error?: CarillonError;
  private timer?: ReturnType<typeof setTimeout>;

  say(text: string): void {
    this.show({ said: text });
    this.timer = setTimeout(() => this.show({}), SHOWN_MS);
  }

  fail(error: unknown): void {
    this.show({ error: asCarillonError(error) });
  }

  clear(): void {
    this.show({});
  }

  private show({ said, error }: { said?: string; error?: CarillonError }): void {
    clearTimeout(this.timer);
    this.said = said;
    this.error = error;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { said, error, texts, icons } = this;
    const away = html`<button class="quiet" aria-label=${texts.t('dismiss')} @click=${() => this.clear()}>
      ${icons.draw('close')}
    </button>`;
    return html`
      <div role="status">
        ${said === undefined ? nothing : html`<div class="said">${icons.draw('check-circle')}<span>${said}</span>${away}</div>`}
      </div>
      ${error ? html`<div class="with-away">${failure({ texts, icons }, error)}${away}</div>` : nothing}
    `;
  }
}

customElements.define('console-notices', ConsoleNotices);
