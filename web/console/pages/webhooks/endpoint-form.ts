import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
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
import { endpointPath, eventTypes, type Endpoint, type EndpointWithSecret } from './shapes.js';

/** `<console-endpoint-form>`: makes an endpoint, or changes one. Tells of what was made in `console-saved`. */
export class ConsoleEndpointForm extends LitElement {
  static override styles = [
    theme,
    consoleStyles,
    formStyles,
    css`
      .events {
        max-height: 230px;
        overflow: auto;
        padding: 4px 12px 8px;
        border: 1px solid var(--c-line);
        border-radius: 8px;
      }
      .events legend {
        padding: 0;
      }
    `,
  ];
  static override properties = { context: { attribute: false }, endpoint: { attribute: false } };

  declare context: ConsoleContext;
  /** The one to change; undefined for a new one. */
  declare endpoint: Endpoint | undefined;

  private readonly texts = new Localizer<ConsoleText | WebhooksText>(this);
  private readonly icons = new Icons(this);
  private readonly wanted = new Set<string>();
  private isBusy = false;
  private error?: CarillonError;

  override connectedCallback(): void {
    super.connectedCallback();
    for (const event of this.endpoint?.events ?? ['*']) this.wanted.add(event);
  }

  protected override render(): TemplateResult {
    const { texts, icons, endpoint } = this;
    const names = Object.keys(endpoint?.headers ?? {});
    return html`<console-sheet
      heading=${texts.t(endpoint ? 'webhooks.editTitle' : 'webhooks.add')}
      @console-close=${() => this.close()}
    >
      <form class="form" @submit=${(event: SubmitEvent) => void this.save(event)}>
        <label>
          <span>${texts.t('webhooks.url')}</span>
          <input name="url" type="url" required .value=${endpoint?.url ?? ''} placeholder="https://…" />
          <small>${texts.t('webhooks.urlHint')}</small>
        </label>
        <label>
          <span>${texts.t('webhooks.description')}</span>
          <input name="description" maxlength="200" .value=${endpoint?.description ?? ''} />
        </label>
        <fieldset class="field">
          <legend>${texts.t('webhooks.events')}</legend>
          ${this.choice('*', texts.t('webhooks.allEvents'))}
          ${
            this.wanted.has('*')
              ? nothing
              : html`<div class="events" tabindex="0" role="group" aria-label=${texts.t('webhooks.events')}>
                  ${Object.entries(eventTypes).map(([family, events]) => this.family(family, events))}
                </div>`
          }
        </fieldset>
        <label>
          <span>${texts.t('webhooks.headers')}</span>
          <textarea name="headers" rows="2" spellcheck="false" placeholder="X-Token: …"></textarea>
          <small>
            ${names.length > 0 ? texts.t('webhooks.headersAgain', { names: names.join(', ') }) : texts.t('webhooks.headersHint')}
          </small>
        </label>
        ${refusal({ texts, icons }, this.error)}
        <div class="choices">
          <button type="button" class="button" @click=${() => this.close()}>${texts.t('cancel')}</button>
          <button class="button primary" ?disabled=${this.isBusy}>
            ${texts.t(endpoint ? 'webhooks.save' : 'webhooks.create')}
          </button>
        </div>
      </form>
    </console-sheet>`;
  }

  private family(family: string, events: readonly string[]): TemplateResult {
    const all = `${family}.*`;
    return html`${this.choice(all, this.texts.t('webhooks.family', { family }))}
    ${
      this.wanted.has(all)
        ? nothing
        : html`<div class="checks">
            ${events.map((event) => this.choice(`${family}.${event}`, `${family}.${event}`))}
          </div>`
    }`;
  }

  private choice(pattern: string, label: string): TemplateResult {
    const toggle = () => {
      if (!this.wanted.delete(pattern)) this.wanted.add(pattern);
      this.requestUpdate();
    };
    return html`<label class="check">
      <input type="checkbox" .checked=${this.wanted.has(pattern)} @change=${toggle} />
      <span>${label}</span>
    </label>`;
  }

  private async save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { context, endpoint } = this;
    const { url, description, headers } = filled(event.target as HTMLFormElement);
    const body = {
      url,
      description: description ?? null,
      events: this.wanted.has('*') ? ['*'] : [...this.wanted],
      ...(headers === undefined ? {} : { headers: headersIn(headers) }),
    };
    this.isBusy = true;
    this.error = undefined;
    this.requestUpdate();
    try {
      const detail = endpoint
        ? await context.api.patch<Endpoint>(endpointPath(endpoint.id), body)
        : await context.api.post<EndpointWithSecret>('/v1/webhooks', body);
      this.dispatchEvent(new CustomEvent('console-saved', { detail }));
    } catch (error) {
      this.error = asCarillonError(error);
    }
    this.isBusy = false;
    this.requestUpdate();
  }

  private close(): void {
    this.dispatchEvent(new Event('console-close'));
  }
}

/** `Name: value`, one a line. */
function headersIn(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim(), value.join(':').trim()];
    }),
  );
}

customElements.define('console-endpoint-form', ConsoleEndpointForm);
