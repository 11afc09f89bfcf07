import { css, html, LitElement, type TemplateResult } from 'lit';
import { Icons } from '../../../elements/shared/icons.js';
import { Localizer } from '../../../elements/shared/i18n.js';
import { theme } from '../../../elements/shared/theme.js';
import type { ConsoleContext } from '../../context.js';
import { formStyles } from '../../form-styles.js';
import type { ConsoleText } from '../../messages-en.js';
import '../../sheet.js';
import { consoleStyles } from '../../styles.js';
import type { WebhooksText } from './messages-en.js';

/** `<console-secret>`: shows a signing secret, this once. */
export class ConsoleSecret extends LitElement {
  static override styles = [
    theme,
    consoleStyles,
    formStyles,
    css`
      .secret {
        display: flex;
        gap: 8px;
      }
      .secret input {
        flex: 1;
        font-family: ui-monospace, 'SF Mono', 'DejaVu Sans Mono', monospace;
        font-size: 13px;
      }
    `,
  ];
  static override properties = { context: { attribute: false }, secret: {} };

  declare context: ConsoleContext;
  declare secret: string;

  private readonly texts = new Localizer<ConsoleText | WebhooksText>(this);
  private readonly icons = new Icons(this);
  private isCopied = false;

  protected override render(): TemplateResult {
    const { texts, icons } = this;
    return html`<console-sheet
      heading=${texts.t('webhooks.secretTitle')}
      @console-close=${() => this.close()}
    >
      <div class="form">
        <p class="muted">${texts.t('webhooks.secretText')}</p>
        <div class="secret">
          <input
            readonly
            aria-label=${texts.t('webhooks.secret')}
            .value=${this.secret}
            @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
          />
          <button class="button" @click=${() => void this.copy()}>
            ${icons.draw(this.isCopied ? 'check-circle' : 'copy')}${texts.t('webhooks.copy')}
          </button>
        </div>
        <span role="status" class="sr">${this.isCopied ? texts.t('webhooks.copied') : ''}</span>
        <div class="choices">
          <button class="button primary" @click=${() => this.close()}>${texts.t('webhooks.done')}</button>
        </div>
      </div>
    </console-sheet>`;
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.secret);
      this.isCopied = true;
    } catch {
      // Not allowed here: it stands selected, to be copied by hand.
      this.shadowRoot?.querySelector('input')?.select();
    }
    this.requestUpdate();
  }

  private close(): void {
    this.dispatchEvent(new Event('console-close'));
  }
}

customElements.define('console-secret', ConsoleSecret);
