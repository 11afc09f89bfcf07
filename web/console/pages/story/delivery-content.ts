import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { Icons } from '../../../elements/shared/icons.js';
import { Localizer } from '../../../elements/shared/i18n.js';
import { theme } from '../../../elements/shared/theme.js';
import type { ConsoleContext } from '../../context.js';
import { failure, skeleton } from '../../parts/failure.js';
import { Loader } from '../../calls/loader.js';
import '../../parts/mail-frame.js';
import type { ConsoleText } from '../../messages-en.js';
import { consoleStyles } from '../../parts/styles.js';
import { plain } from '../../parts/words.js';
import type { StoryText } from './story-messages-en.js';

interface Content {
  template: string | null;
  locale: string;
  rendered: Record<string, unknown>;
  masked: string[];
}

/** `<console-delivery-content>`: what a delivery said, written once more. */
export class ConsoleDeliveryContent extends LitElement {
  static override styles = [
    theme,
    consoleStyles,
    css`
      .content {
        display: grid;
        gap: 10px;
      }
      .mail {
        border: 1px solid var(--c-line);
        border-radius: 10px;
        overflow: hidden;
      }
      .mail > p {
        padding: 8px 14px;
        border-block-end: 1px solid var(--c-line);
        overflow-wrap: anywhere;
      }
      pre {
        margin: 0;
        padding: 10px 14px;
        border-radius: 10px;
        background: var(--c-raised);
        font:
          12.5px/1.5 ui-monospace,
          'SF Mono',
          'DejaVu Sans Mono',
          monospace;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      summary {
        cursor: pointer;
        min-height: 26px;
      }
    `,
  ];
  static override properties = { context: { attribute: false }, deliveryId: { attribute: false } };
  declare context: ConsoleContext;
  declare deliveryId: string;

  private readonly texts = new Localizer<ConsoleText | StoryText>(this);
  private readonly icons = new Icons(this);
  private readonly content = new Loader<Content>(this, (signal) =>
    this.context.api.get(`/v1/deliveries/${encodeURIComponent(this.deliveryId)}/content`, {}, signal),
  );

  override firstUpdated(): void {
    void this.content.load();
  }

  protected override render(): TemplateResult {
    const { texts, icons } = this;
    const { value, error } = this.content;
    if (error) return failure({ texts, icons }, error, () => void this.content.load());
    if (!value) return skeleton(texts, 4);
    const { rendered, masked, template, locale } = value;
    const { html: mail, subject, text, ...rest } = rendered;
    return html`<div class="content">
      <p class="muted small">
        ${texts.t('story.contentNote')}
        ${masked.length === 0 ? nothing : texts.t('story.masked', { names: masked.join(', ') })}
        ${template === null ? texts.t('story.builtIn') : html`<code>${template}</code>`} · ${locale}
      </p>
      ${typeof mail === 'string' ? this.mail(typeof subject === 'string' ? subject : '', mail, text) : this.plain(rendered)}
      ${typeof mail === 'string' && Object.keys(rest).length > 0 ? this.plain(rest) : nothing}
    </div>`;
  }

  private mail(subject: string, mail: string, text: unknown): TemplateResult {
    const { texts } = this;
    return html`<div class="mail">
        <p><span class="muted">${texts.t('story.subject')}:</span> <strong>${subject}</strong></p>
        <console-mail-frame .html=${mail} .label=${texts.t('story.mail')}></console-mail-frame>
      </div>
      ${
        typeof text === 'string'
          ? html`<details>
              <summary>${texts.t('story.text')}</summary>
              <pre>${text}</pre>
            </details>`
          : nothing
      }`;
  }

  /** Texts are text. */
  private plain(rendered: Record<string, unknown>): TemplateResult[] {
    return Object.entries(rendered).flatMap(([name, value]) =>
      value === null || value === undefined || value === ''
        ? []
        : [
            html`<div>
              <h3>${plain(name)}</h3>
              <pre>${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
            </div>`,
          ],
    );
  }
}

customElements.define('console-delivery-content', ConsoleDeliveryContent);
