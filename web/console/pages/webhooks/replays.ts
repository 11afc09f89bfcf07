import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../../client/carillon-error.js';
import { Icons } from '../../../elements/shared/icons.js';
import { Localizer } from '../../../elements/shared/i18n.js';
import { theme } from '../../../elements/shared/theme.js';
import type { Page } from '../../calls/api.js';
import { bar } from '../../parts/bar.js';
import type { ConsoleContext } from '../../context.js';
import { formStyles } from '../../parts/form-styles.js';
import { Loader } from '../../calls/loader.js';
import type { ConsoleText } from '../../messages-en.js';
import { filled, refusal } from '../../parts/problems.js';
import { badge } from '../../parts/status.js';
import { consoleStyles } from '../../parts/styles.js';
import { exactTime } from '../../parts/time.js';
import type { WebhooksText } from './messages-en.js';
import { endpointPath, type Replay } from './shapes.js';

const EVERY_MS = 2_000;
const DAY_MS = 86_400_000;

/** `<console-replays>`: sends the events of a period to an endpoint again, and shows how far each replay is. */
export class ConsoleReplays extends LitElement {
  static override styles = [
    theme,
    consoleStyles,
    formStyles,
    css`
      form {
        padding: 14px 16px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 10px;
      }
      .row label {
        flex: 0 1 210px;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 5px 12px;
        align-items: center;
        padding: 11px 16px;
        border-block-start: 1px solid var(--c-line);
      }
      li .progress {
        grid-column: 1 / -1;
        height: 5px;
      }
      .progress rect {
        fill: var(--tone);
      }
      li small {
        display: block;
        color: var(--c-muted);
      }
    `,
  ];
  static override properties = { context: { attribute: false }, endpointId: {} };

  declare context: ConsoleContext;
  declare endpointId: string;

  private readonly texts = new Localizer<ConsoleText | WebhooksText>(this);
  private readonly icons = new Icons(this);
  private error?: CarillonError;
  private readonly list = new Loader<Page<Replay>>(
    this,
    (signal) => this.context.api.get(endpointPath(this.endpointId, '/replays'), { limit: 5 }, signal),
    ({ items }) => this.list.every(items.some(({ status }) => status === 'running') ? EVERY_MS : undefined),
  );

  override connectedCallback(): void {
    super.connectedCallback();
    void this.list.load();
  }

  protected override render(): TemplateResult {
    const { texts, icons, list } = this;
    const time = (ms: number) => {
      const at = new Date(ms);
      return new Date(ms - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    };
    return html`<section class="panel" aria-labelledby="replays">
      <header>
        <h2 id="replays">${texts.t('webhooks.replay')}</h2>
      </header>
      <form class="form" @submit=${(event: SubmitEvent) => void this.start(event)}>
        <p class="muted">${texts.t('webhooks.replayText')}</p>
        <div class="row">
          <label>
            <span>${texts.t('webhooks.from')}</span>
            <input name="from" type="datetime-local" required .value=${time(Date.now() - DAY_MS)} />
          </label>
          <label>
            <span>${texts.t('webhooks.to')}</span>
            <input name="to" type="datetime-local" required .value=${time(Date.now() + 60_000)} />
          </label>
          <button class="button">${icons.draw('refresh')}${texts.t('webhooks.start')}</button>
        </div>
        ${refusal({ texts, icons }, this.error ?? list.error)}
      </form>
      <ul>
        ${list.value?.items.map((replay) => this.replay(replay))}
      </ul>
    </section>`;
  }

  private replay({ id, status, from, to, counts, temporalUrl }: Replay): TemplateResult {
    const { texts } = this;
    const { total, delivered, failed } = counts;
    const share = (count: number) => (total === 0 ? 0 : Math.min(1, count / total));
    const progress = texts.t('webhooks.progress', { done: delivered, total, failed });
    return html`<li data-id=${id}>
      <span>
        ${exactTime(from, texts.lang).replace(/\.\d+/, '')} –
        ${exactTime(to, texts.lang).replace(/\.\d+/, '')}
        <small>
          ${progress}${temporalUrl === null ? nothing : html` · <a href=${temporalUrl} target="_blank" rel="noopener">${texts.t('webhooks.temporal')}</a>`}
        </small>
      </span>
      <span class="actions">
        ${badge(status)}
        ${
          status === 'running'
            ? html`<button class="button" @click=${() => void this.cancel(id)}>
                ${texts.t('webhooks.cancel')}
              </button>`
            : nothing
        }
      </span>
      ${bar(
        [
          { tone: 'good', share: share(delivered) },
          { tone: 'waiting', share: share(failed) },
        ],
        progress,
      )}
    </li>`;
  }

  private async start(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { from = '', to = '' } = filled(event.target as HTMLFormElement);
    this.error = undefined;
    try {
      const { replay } = await this.context.api.post<{ replay: Replay }>(
        endpointPath(this.endpointId, '/replay'),
        { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
      );
      this.context.say(this.texts.t('webhooks.started', { count: replay.counts.total }));
    } catch (error) {
      this.error = asCarillonError(error);
    }
    await this.list.load();
  }

  private async cancel(id: string): Promise<void> {
    try {
      const path = endpointPath(this.endpointId, `/replays/${encodeURIComponent(id)}/cancel`);
      await this.context.api.post(path, {});
      this.context.say(this.texts.t('webhooks.cancelled'));
    } catch (error) {
      this.context.fail(error);
    }
    await this.list.load();
  }
}

customElements.define('console-replays', ConsoleReplays);
