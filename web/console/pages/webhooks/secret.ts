import { css, html, type TemplateResult } from 'lit';
import { ConsoleDialog } from '../../parts/dialog.js';
import type { WebhooksText } from './messages-en.js';

/** `<console-secret>`: shows a signing secret, this once. */
export class ConsoleSecret extends ConsoleDialog<WebhooksText> {
  static override styles = [
    ...ConsoleDialog.styles,
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
  static override properties = { secret: {} };

  declare secret: string;

  private isCopied = false;

  protected override render(): TemplateResult {
    const { texts, icons } = this;
    return this.sheet(
      texts.t('webhooks.secretTitle'),
      html`<div class="form">
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
      </div>`,
    );
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
}

customElements.define('console-secret', ConsoleSecret);
