import { html, LitElement, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../../client/carillon-error.js';
import { Icons } from '../../../elements/shared/icons.js';
import { Localizer } from '../../../elements/shared/i18n.js';
import { theme } from '../../../elements/shared/theme.js';
import type { ConsoleContext } from '../../context.js';
import { formStyles } from '../../form-styles.js';
import type { ConsoleText } from '../../messages-en.js';
import { filled, refusal } from '../../problems.js';
import '../../sheet.js';
import { consoleStyles } from '../../styles.js';
import type { WebhooksText } from './messages-en.js';
import { endpointPath, type EndpointWithSecret } from './shapes.js';

const overlaps = ['PT24H', 'PT1H', 'P7D', 'PT0S'] as const;

/** `<console-rotate-form>`: asks for how long the old secret still signs; `console-saved` brings the endpoint. */
export class ConsoleRotateForm extends LitElement {
  static override styles = [theme, consoleStyles, formStyles];
  static override properties = { context: { attribute: false }, endpointId: {} };

  declare context: ConsoleContext;
  declare endpointId: string;

  private readonly texts = new Localizer<ConsoleText | WebhooksText>(this);
  private readonly icons = new Icons(this);
  private error?: CarillonError;

  protected override render(): TemplateResult {
    const { texts, icons } = this;
    return html`<console-sheet
      heading=${texts.t('webhooks.rotateTitle')}
      @console-close=${() => this.close()}
    >
      <form class="form" @submit=${(event: SubmitEvent) => void this.rotate(event)}>
        <p class="muted">${texts.t('webhooks.rotateText')}</p>
        <label>
          <span>${texts.t('webhooks.overlap')}</span>
          <select name="overlap">
            ${overlaps.map((one) => html`<option value=${one}>${texts.t(`webhooks.${one}`)}</option>`)}
          </select>
        </label>
        ${refusal({ texts, icons }, this.error)}
        <div class="choices">
          <button type="button" class="button" @click=${() => this.close()}>${texts.t('cancel')}</button>
          <button class="button primary">${texts.t('webhooks.rotate')}</button>
        </div>
      </form>
    </console-sheet>`;
  }

  private async rotate(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const body = filled(event.target as HTMLFormElement);
    try {
      const path = endpointPath(this.endpointId, '/rotate');
      const detail = await this.context.api.post<EndpointWithSecret>(path, body);
      this.dispatchEvent(new CustomEvent('console-saved', { detail }));
    } catch (error) {
      this.error = asCarillonError(error);
      this.requestUpdate();
    }
  }

  private close(): void {
    this.dispatchEvent(new Event('console-close'));
  }
}

customElements.define('console-rotate-form', ConsoleRotateForm);
