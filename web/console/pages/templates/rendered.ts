import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { Icons } from '../../../elements/shared/icons.js';
import { Localizer } from '../../../elements/shared/i18n.js';
import { theme } from '../../../elements/shared/theme.js';
import { formStyles } from '../../parts/form-styles.js';
import type { ConsoleText } from '../../messages-en.js';
import { consoleStyles } from '../../parts/styles.js';
import '../../parts/mail-frame.js';
import type { TemplatesText } from './messages-en.js';

type View = 'desktop' | 'phone' | 'text';
const views = [
  { view: 'desktop', icon: 'desktop' },
  { view: 'phone', icon: 'push' },
  { view: 'text', icon: 'text' },
] as const;

/** `<console-rendered>`: what a template comes to: a mail as it is read, on a desk or a phone, or a channel's texts. */
export class ConsoleRendered extends LitElement {
  static override styles = [
    theme,
    consoleStyles,
    formStyles,
    css`
      .stage {
        padding: 14px;
        background: color-mix(in oklab, var(--c-raised) 70%, var(--c-background));
      }
      .mail {
        border: 1px solid var(--c-line);
        border-radius: 10px;
        overflow: hidden;
        background: var(--c-background);
        margin-inline: auto;
      }
      .phone {
        max-width: 377px;
      }
      .subject {
        display: block;
        padding: 10px 14px;
        border-block-end: 1px solid var(--c-line);
        overflow-wrap: anywhere;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-items: center;
        gap: 8px;
        padding: 10px 14px;
      }
      .mail > pre {
        padding: 14px;
      }
      .bubble {
        width: fit-content;
        max-width: min(340px, 100%);
        padding: 10px 14px;
        border: 1px solid var(--c-line);
        border-radius: 14px;
        background: var(--c-background);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .bubble b {
        display: block;
      }
    `,
  ];
  static override properties = { rendered: { attribute: false } };

  /** Of the API's preview. */
  declare rendered: Record<string, unknown>;

  private readonly texts = new Localizer<ConsoleText | TemplatesText>(this);
  private readonly icons = new Icons(this);
  private view: View = 'desktop';

  protected override render(): TemplateResult {
    const { rendered } = this;
    if (typeof rendered['html'] === 'string') return this.mail(rendered['html']);
    const { title, body, message, text } = rendered;
    const words = [message, text, body].find((one) => typeof one === 'string');
    if (typeof words !== 'string')
      return html`<div class="stage"><pre>${JSON.stringify(body ?? rendered, null, 2)}</pre></div>`;
    return html`<div class="stage">
      <div class="bubble">
        ${typeof title === 'string' && title !== '' ? html`<b>${title}</b>` : nothing}${words}
      </div>
    </div>`;
  }

  private mail(source: string): TemplateResult {
    const { texts, icons, view, rendered } = this;
    const subject = typeof rendered['subject'] === 'string' ? rendered['subject'] : '';
    const show = (chosen: View) => {
      this.view = chosen;
      this.requestUpdate();
    };
    const label = { desktop: 'template.desktop', phone: 'template.phone', text: 'template.asText' } as const;
    return html`<div class="bar">
        <div class="tabs">
          ${views.map(
            ({ view: one, icon }) =>
              html`<button type="button" aria-pressed=${one === view} @click=${() => show(one)}>
                ${icons.draw(icon)}${texts.t(label[one])}
              </button>`,
          )}
        </div>
        <small class="hint">${texts.t('template.images')}</small>
      </div>
      <div class="stage">
        <div class="mail ${view}">
          <strong class="subject">${subject}</strong>
          ${
            view === 'text'
              ? html`<pre>${rendered['text']}</pre>`
              : html`<console-mail-frame
                  .html=${source}
                  .label=${texts.t('template.mail')}
                ></console-mail-frame>`
          }
        </div>
      </div>`;
  }
}

customElements.define('console-rendered', ConsoleRendered);
