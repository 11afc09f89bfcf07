import { css, html, nothing, type TemplateResult } from 'lit';
import { ConsoleDialog } from '../../parts/dialog.js';
import type { WebhooksText } from './messages-en.js';
import { endpointPath, eventTypes, type Endpoint, type EndpointWithSecret } from './shapes.js';

/** `<console-endpoint-form>`: makes an endpoint, or changes one. Tells of what was made in `console-saved`. */
export class ConsoleEndpointForm extends ConsoleDialog<WebhooksText> {
  static override styles = [
    ...ConsoleDialog.styles,
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
  static override properties = { endpoint: { attribute: false } };

  /** The one to change; undefined for a new one. */
  declare endpoint: Endpoint | undefined;

  private readonly wanted = new Set<string>();

  override connectedCallback(): void {
    super.connectedCallback();
    for (const event of this.endpoint?.events ?? ['*']) this.wanted.add(event);
  }

  protected override render(): TemplateResult {
    const { texts, endpoint } = this;
    const names = Object.keys(endpoint?.headers ?? {});
    return this.sheet(
      texts.t(endpoint ? 'webhooks.editTitle' : 'webhooks.add'),
      html`<form class="form" @submit=${(event: SubmitEvent) => void this.save(event)}>
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
        ${this.formEnd(texts.t(endpoint ? 'webhooks.save' : 'webhooks.create'))}
      </form>`,
    );
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

  private save(event: SubmitEvent): Promise<void> {
    const { context, endpoint } = this;
    return this.submit(event, async ({ url, description, headers }) => {
      const body = {
        url,
        description: description ?? null,
        events: this.wanted.has('*') ? ['*'] : [...this.wanted],
        ...(headers === undefined ? {} : { headers: headersIn(headers) }),
      };
      this.saved(
        endpoint
          ? await context.api.patch<Endpoint>(endpointPath(endpoint.id), body)
          : await context.api.post<EndpointWithSecret>('/v1/webhooks', body),
      );
    });
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
