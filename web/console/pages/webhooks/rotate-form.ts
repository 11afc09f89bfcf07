import { html, type TemplateResult } from 'lit';
import { ConsoleDialog } from '../../parts/dialog.js';
import type { WebhooksText } from './messages-en.js';
import { endpointPath, type EndpointWithSecret } from './shapes.js';

const overlaps = ['PT24H', 'PT1H', 'P7D', 'PT0S'] as const;

/** `<console-rotate-form>`: asks for how long the old secret still signs; `console-saved` brings the endpoint. */
export class ConsoleRotateForm extends ConsoleDialog<WebhooksText> {
  static override properties = { endpointId: {} };

  declare endpointId: string;

  protected override render(): TemplateResult {
    const { texts } = this;
    return this.sheet(
      texts.t('webhooks.rotateTitle'),
      html`<form class="form" @submit=${(event: SubmitEvent) => void this.rotate(event)}>
        <p class="muted">${texts.t('webhooks.rotateText')}</p>
        <label>
          <span>${texts.t('webhooks.overlap')}</span>
          <select name="overlap">
            ${overlaps.map((one) => html`<option value=${one}>${texts.t(`webhooks.${one}`)}</option>`)}
          </select>
        </label>
        ${this.formEnd(texts.t('webhooks.rotate'))}
      </form>`,
    );
  }

  private rotate(event: SubmitEvent): Promise<void> {
    const path = endpointPath(this.endpointId, '/rotate');
    return this.submit(event, async (given) =>
      this.saved(await this.context.api.post<EndpointWithSecret>(path, given)),
    );
  }
}

customElements.define('console-rotate-form', ConsoleRotateForm);
