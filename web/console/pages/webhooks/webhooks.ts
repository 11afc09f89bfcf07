import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { emptyPanel } from '../../parts/failure.js';
import { formStyles } from '../../parts/form-styles.js';
import { loadedPage } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { href } from '../../addresses.js';
import { table } from '../../parts/table.js';
import { timeAgo } from '../../parts/time.js';
import './endpoint-form.js';
import { english, type WebhooksText } from './messages-en.js';
import './secret.js';
import { endpointTones, type Endpoint, type EndpointWithSecret } from './shapes.js';

addMessages('en', english);

/** `/console/webhooks`: the endpoints and how each does. */
export class ConsoleWebhooks extends ConsolePage<WebhooksText> {
  static override styles = [...ConsolePage.styles, formStyles];

  private isAdding = false;
  private made?: EndpointWithSecret;
  private readonly list = new Loader<Page<Endpoint>>(this, (signal) =>
    this.context.api.get('/v1/webhooks', { limit: 50, ...Object.fromEntries(this.query) }, signal),
  );

  override get heading(): string {
    return this.texts.t('webhooks.title');
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) void this.list.restart();
  }

  protected override render(): TemplateResult {
    const { texts, icons, list, query, made } = this;
    const drawing = { texts, icons };
    return html`<div class="page">
      ${this.head({
        text: texts.t('webhooks.text'),
        actions: html`<button class="button primary" @click=${() => this.add(true)}>
          ${icons.draw('add')}${texts.t('webhooks.add')}
        </button>`,
      })}
      ${loadedPage(drawing, list, { query, path: href('webhooks') }, (items) => this.table(items))}
      ${
        this.isAdding
          ? html`<console-endpoint-form
              .context=${this.context}
              @console-close=${() => this.add(false)}
              @console-saved=${(event: CustomEvent<EndpointWithSecret>) => this.created(event.detail)}
            ></console-endpoint-form>`
          : nothing
      }
      ${
        made
          ? html`<console-secret
              .context=${this.context}
              .secret=${made.secret}
              @console-close=${() => this.context.go(href(`webhooks/${encodeURIComponent(made.id)}`))}
            ></console-secret>`
          : nothing
      }
    </div>`;
  }

  private add(isAdding: boolean): void {
    this.isAdding = isAdding;
    this.requestUpdate();
  }

  private created(made: EndpointWithSecret): void {
    this.made = made;
    this.add(false);
    void this.list.load();
  }

  private table(items: readonly Endpoint[]): TemplateResult {
    const { texts, icons } = this;
    if (items.length === 0)
      return emptyPanel({ texts, icons }, texts.t('webhooks.none'), texts.t('webhooks.noneText'), 'hook');
    return html`<div class="panel">
      ${table(
        [
          [texts.t('webhooks.url')],
          [texts.t('webhooks.state')],
          [texts.t('webhooks.events'), 'wide'],
          [texts.t('webhooks.created'), 'wide end'],
        ],
        items.map(
          ({ id, url, description, state, events, createdAt }) =>
            html`<tr>
              <td>
                <a class="row-link" href=${href(`webhooks/${encodeURIComponent(id)}`)}>${url}</a>
                <small>${description}</small>
              </td>
              <td>
                <span class="badge ${endpointTones[state]}">${texts.t(`webhooks.${state}`)}</span>
              </td>
              <td class="wide muted">
                ${events.includes('*') ? texts.t('webhooks.allEvents') : events.join(', ')}
              </td>
              <td class="wide end">${timeAgo(createdAt, texts.lang)}</td>
            </tr>`,
        ),
      )}
    </div>`;
  }
}

customElements.define('console-webhooks', ConsoleWebhooks);
