import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import { fullTime } from '../../../elements/shared/relative-time.js';
import type { Page } from '../../api.js';
import { empty, failure, sentence, skeleton } from '../../failure.js';
import { filterBar } from '../../filters.js';
import { formStyles } from '../../form-styles.js';
import { Loader } from '../../loader.js';
import { ConsolePage } from '../../page.js';
import { pager } from '../../pager.js';
import { href } from '../../addresses.js';
import { duration, timeAgo } from '../../time.js';
import './endpoint-form.js';
import { english, type WebhooksText } from './messages-en.js';
import './replays.js';
import './rotate-form.js';
import './secret.js';
import {
  endpointPath,
  endpointTones,
  type Endpoint,
  type EndpointWithSecret,
  type WebhookAttempt,
} from './shapes.js';

addMessages('en', english);

const EVERY_MS = 5_000;
const LIMIT = 20;

/** `/console/webhooks/:id`: one endpoint, what became of each call, and replays. */
export class ConsoleWebhook extends ConsolePage<WebhooksText> {
  static override styles = [
    ...ConsolePage.styles,
    formStyles,
    css`
      .attempts {
        display: grid;
        gap: 10px;
      }
      td code {
        color: var(--c-muted);
      }
      .back {
        font-size: 13px;
      }
    `,
  ];

  private dialog?: 'edit' | 'rotate';
  private secret?: string;
  private readonly endpoint = new Loader<Endpoint>(this, (signal) =>
    this.context.api.get(endpointPath(this.params['id'] ?? ''), {}, signal),
  );
  private readonly attempts = new Loader<Page<WebhookAttempt>>(this, (signal) => {
    const query = { limit: LIMIT, ...Object.fromEntries(this.query) };
    return this.context.api.get(endpointPath(this.params['id'] ?? '', '/attempts'), query, signal);
  });

  override get heading(): string {
    const { value } = this.endpoint;
    return value ? new URL(value.url).host : this.texts.t('webhooks.title');
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('params')) void this.endpoint.load();
    if (!changed.has('query')) return;
    void this.attempts.restart();
    this.attempts.every(this.query.has('cursor') ? undefined : EVERY_MS);
  }

  protected override render(): TemplateResult {
    const { texts, icons, endpoint } = this;
    const drawing = { texts, icons };
    const { value } = endpoint;
    return html`<div class="page">
      <div class="head">
        <div>
          <a class="back" href=${href('webhooks')}>${texts.t('webhooks.back')}</a>
          <h1 tabindex="-1">${this.heading}</h1>
        </div>
        ${value ? this.actions(value) : nothing}
      </div>
      ${endpoint.error ? failure(drawing, endpoint.error, () => void endpoint.load()) : nothing}
      ${
        value
          ? html`${this.facts(value)} ${this.log()}
              <console-replays .context=${this.context} .endpointId=${value.id}></console-replays>
              ${this.dialogs(value)}`
          : endpoint.error
            ? nothing
            : html`<div class="panel">${skeleton(texts, 8)}</div>`
      }
    </div>`;
  }

  private actions({ enabled }: Endpoint): TemplateResult {
    const { texts, icons } = this;
    return html`<div class="actions">
      <button class="button" @click=${() => void this.test()}>
        ${icons.draw('send')}${texts.t('webhooks.test')}
      </button>
      <button class="button" @click=${() => this.show('edit')}>
        ${icons.draw('pencil')}${texts.t('webhooks.edit')}
      </button>
      <button class="button" @click=${() => this.show('rotate')}>${texts.t('webhooks.rotate')}</button>
      <button class="button" @click=${() => void this.enable(!enabled)}>
        ${icons.draw(enabled ? 'pause' : 'play')}${texts.t(enabled ? 'webhooks.disable' : 'webhooks.enable')}
      </button>
      <button class="button" @click=${() => void this.forget()}>${texts.t('webhooks.remove')}</button>
    </div>`;
  }

  private facts(endpoint: Endpoint): TemplateResult {
    const { texts } = this;
    const { lang } = texts;
    const { url, description, events, state, disabledReason, disabledAt, failingSince, secrets } = endpoint;
    const until = secrets.find((one) => one.until !== null)?.until;
    const why =
      disabledReason === 'failing'
        ? 'webhooks.failingReason'
        : (`webhooks.${disabledReason ?? 'by_hand'}` as const);
    return html`<section class="panel pad" aria-label=${this.heading}>
      ${endpoint.problem === null ? nothing : html`<p class="bad">${sentence(endpoint.problem)}</p>`}
      <dl class="facts">
        <dt>${texts.t('webhooks.state')}</dt>
        <dd>
          <span class="badge ${endpointTones[state]}">${texts.t(`webhooks.${state}`)}</span>
          ${state === 'failing' ? html`${texts.t('webhooks.since')} ${timeAgo(failingSince, lang)}` : nothing}
          ${state === 'disabled' ? html`${texts.t(why)}, ${timeAgo(disabledAt, lang)}` : nothing}
        </dd>
        <dt>${texts.t('webhooks.url')}</dt>
        <dd><code>${url}</code></dd>
        ${
          description === null
            ? nothing
            : html`<dt>${texts.t('webhooks.description')}</dt>
                <dd>${description}</dd>`
        }
        <dt>${texts.t('webhooks.events')}</dt>
        <dd>${events.includes('*') ? texts.t('webhooks.allEvents') : events.join(', ')}</dd>
        <dt>${texts.t('webhooks.secrets')}</dt>
        <dd>
          ${until ? texts.t('webhooks.twoSecrets', { time: fullTime(until, lang) }) : texts.t('webhooks.oneSecret')}
        </dd>
      </dl>
    </section>`;
  }

  private log(): TemplateResult {
    const { texts, icons, attempts, query, context } = this;
    const path = href(`webhooks/${encodeURIComponent(this.params['id'] ?? '')}`);
    const drawing = { texts, icons };
    const outcomes = ['delivered', 'failed'] as const;
    const filters = [
      {
        name: 'outcome',
        label: texts.t('webhooks.outcome'),
        options: outcomes.map((value) => ({ value, label: texts.t(`webhooks.${value}`) })),
      },
      { name: 'event', label: texts.t('webhooks.eventId'), placeholder: 'evt_…' },
    ];
    return html`<section class="attempts" aria-labelledby="attempts">
      <h2 id="attempts">${texts.t('webhooks.attempts')}</h2>
      ${filterBar(drawing, filters, { query, path, context })}
      ${attempts.error ? failure(drawing, attempts.error, () => void attempts.load()) : nothing}
      ${attempts.value ? this.table(attempts.value.items) : nothing}
      ${attempts.value ? pager(drawing, { query, path, nextCursor: attempts.value.nextCursor }) : nothing}
    </section>`;
  }

  private table(items: readonly WebhookAttempt[]): TemplateResult {
    const { texts, icons } = this;
    if (items.length === 0) {
      const title = texts.t(this.query.size > 0 ? 'webhooks.noFit' : 'webhooks.noAttempts');
      return html`<div class="panel">
        ${empty({ texts, icons }, title, texts.t('webhooks.noAttemptsText'), 'send')}
      </div>`;
    }
    return html`<div class="panel">
      <table>
        <thead>
          <tr>
            <th>${texts.t('webhooks.event')}</th>
            <th>${texts.t('webhooks.outcome')}</th>
            <th class="wide">${texts.t('webhooks.answer')}</th>
            <th class="wide number">${texts.t('webhooks.took')}</th>
            <th class="end">${texts.t('webhooks.at')}</th>
            <th class="wide"><span class="sr">${texts.t('webhooks.again')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${items.map((attempt) => this.attempt(attempt))}
        </tbody>
      </table>
    </div>`;
  }

  private attempt(attempt: WebhookAttempt): TemplateResult {
    const { texts, icons } = this;
    const { id, eventId, eventType, kind, outcome, status, response, durationMs, at, nextAttemptAt } =
      attempt;
    return html`<tr data-id=${id}>
      <td>
        <strong>${eventType}</strong>
        <small
          >${texts.t(`webhooks.kind.${kind}`, { attempt: attempt.attempt })}<span class="wide">
            · ${eventId}</span
          ></small
        >
      </td>
      <td>
        <span class="badge ${outcome === 'delivered' ? 'good' : 'bad'}"
          >${texts.t(`webhooks.${outcome}`)}</span
        >
        ${nextAttemptAt === null ? nothing : html`<small>${texts.t('webhooks.next')} ${timeAgo(nextAttemptAt, texts.lang)}</small>`}
      </td>
      <td class="wide">
        ${status ?? texts.t('webhooks.noAnswer')}
        ${response === null || response === '' ? nothing : html`<small><code>${response.slice(0, 160)}</code></small>`}
      </td>
      <td class="wide number">${duration(durationMs, texts.lang)}</td>
      <td class="end">${timeAgo(at, texts.lang)}</td>
      <td class="wide end">
        ${
          kind === 'test'
            ? nothing
            : html`<button
                class="quiet"
                aria-label="${texts.t('webhooks.again')}: ${eventType}"
                title=${texts.t('webhooks.again')}
                @click=${() => void this.again(eventId)}
              >
                ${icons.draw('refresh')}
              </button>`
        }
      </td>
    </tr>`;
  }

  private dialogs(endpoint: Endpoint): TemplateResult {
    const { context, dialog, secret } = this;
    const away = () => this.show(undefined);
    return html`${
      dialog === 'edit'
        ? html`<console-endpoint-form
            .context=${context}
            .endpoint=${endpoint}
            @console-close=${away}
            @console-saved=${() => this.saved('webhooks.saved')}
          ></console-endpoint-form>`
        : nothing
    }
    ${
      dialog === 'rotate'
        ? html`<console-rotate-form
            .context=${context}
            .endpointId=${endpoint.id}
            @console-close=${away}
            @console-saved=${(event: CustomEvent<EndpointWithSecret>) => {
              this.secret = event.detail.secret;
              this.saved();
            }}
          ></console-rotate-form>`
        : nothing
    }
    ${
      secret === undefined
        ? nothing
        : html`<console-secret
            .context=${context}
            .secret=${secret}
            @console-close=${() => {
              this.secret = undefined;
              this.requestUpdate();
            }}
          ></console-secret>`
    }`;
  }

  private show(dialog: typeof this.dialog): void {
    this.dialog = dialog;
    this.requestUpdate();
  }

  private saved(said?: WebhooksText): void {
    if (said !== undefined) this.context.say(this.texts.t(said));
    this.show(undefined);
    void this.endpoint.load();
  }

  private async test(): Promise<void> {
    const { context, texts } = this;
    try {
      const path = endpointPath(this.params['id'] ?? '', '/test');
      const { outcome, status, response } = await context.api.post<WebhookAttempt>(path, {});
      const why = [status ?? '', response ?? ''].filter(Boolean).join(' ') || texts.t('webhooks.noAnswer');
      context.say(
        outcome === 'delivered'
          ? texts.t('webhooks.tested', { status: status ?? 0 })
          : texts.t('webhooks.testFailed', { why }),
      );
    } catch (error) {
      context.fail(error);
    }
    await this.attempts.load();
  }

  private async again(event: string): Promise<void> {
    try {
      await this.context.api.post(endpointPath(this.params['id'] ?? '', '/replay'), { event });
      this.context.say(this.texts.t('webhooks.sentAgain'));
    } catch (error) {
      this.context.fail(error);
    }
    await this.attempts.load();
  }

  private async enable(enabled: boolean): Promise<void> {
    const { context, texts } = this;
    const isSure =
      enabled ||
      (await context.confirm({
        title: texts.t('webhooks.disableTitle'),
        text: texts.t('webhooks.disableText'),
        confirm: texts.t('webhooks.disable'),
      }));
    if (!isSure) return;
    try {
      await context.api.patch(endpointPath(this.params['id'] ?? ''), { enabled });
      this.saved(enabled ? 'webhooks.isEnabled' : 'webhooks.isDisabled');
    } catch (error) {
      context.fail(error);
    }
  }

  private async forget(): Promise<void> {
    const { context, texts } = this;
    const isSure = await context.confirm({
      title: texts.t('webhooks.removeTitle'),
      text: texts.t('webhooks.removeText'),
      confirm: texts.t('webhooks.remove'),
      isDangerous: true,
    });
    if (!isSure) return;
    try {
      await context.api.delete(endpointPath(this.params['id'] ?? ''));
      context.go(href('webhooks'));
      context.say(texts.t('webhooks.removed'));
    } catch (error) {
      context.fail(error);
    }
  }
}

customElements.define('console-webhook', ConsoleWebhook);
