import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { formStyles } from '../../parts/form-styles.js';
import { loaded } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { perform } from '../../parts/perform.js';
import { href } from '../../addresses.js';
import { attemptsLog, attemptStyles } from './attempts.js';
import { endpointFacts } from './endpoint-facts.js';
import './endpoint-form.js';
import { english, type WebhooksText } from './messages-en.js';
import './replays.js';
import './rotate-form.js';
import './secret.js';
import { endpointPath, type Endpoint, type EndpointWithSecret, type WebhookAttempt } from './shapes.js';

addMessages('en', english);

const EVERY_MS = 5_000;
const LIMIT = 20;

/** `/console/webhooks/:id`: one endpoint, what became of each call, and replays. */
export class ConsoleWebhook extends ConsolePage<WebhooksText> {
  static override styles = [...ConsolePage.styles, formStyles, attemptStyles];

  private dialog?: 'edit' | 'rotate';
  private secret?: string;
  private readonly endpoint = new Loader<Endpoint>(this, (signal) =>
    this.context.api.get(this.path(), {}, signal),
  );
  private readonly attempts = new Loader<Page<WebhookAttempt>>(this, (signal) => {
    const query = { limit: LIMIT, ...Object.fromEntries(this.query) };
    return this.context.api.get(this.path('/attempts'), query, signal);
  });

  private path(what = ''): string {
    return endpointPath(this.params['id'] ?? '', what);
  }

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
      ${this.head({
        back: { to: href('webhooks'), label: texts.t('webhooks.back') },
        actions: value && this.actions(value),
      })}
      ${loaded(drawing, endpoint, (one) => this.contents(one), 8)}
    </div>`;
  }

  private contents(endpoint: Endpoint): TemplateResult {
    const { texts, icons, attempts, query, context } = this;
    const drawing = { texts, icons };
    return html`${endpointFacts(drawing, endpoint)}
      ${attemptsLog(drawing, attempts, {
        query,
        path: href(`webhooks/${encodeURIComponent(endpoint.id)}`),
        context,
        again: (event) => void this.again(event),
      })}
      <console-replays .context=${context} .endpointId=${endpoint.id}></console-replays>
      ${this.dialogs(endpoint)}`;
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

  private test(): Promise<boolean> {
    const { context, texts } = this;
    return perform(context, {
      call: () => context.api.post<WebhookAttempt>(this.path('/test'), {}),
      said: ({ outcome, status, response }) => {
        if (outcome === 'delivered') return texts.t('webhooks.tested', { status: status ?? 0 });
        const why = [status ?? '', response ?? ''].filter(Boolean).join(' ') || texts.t('webhooks.noAnswer');
        return texts.t('webhooks.testFailed', { why });
      },
      after: () => this.attempts.load(),
    });
  }

  private again(event: string): Promise<boolean> {
    const { context, texts } = this;
    return perform(context, {
      call: () => context.api.post(this.path('/replay'), { event }),
      said: texts.t('webhooks.sentAgain'),
      after: () => this.attempts.load(),
    });
  }

  private enable(enabled: boolean): Promise<boolean> {
    const { context, texts } = this;
    const question = {
      title: texts.t('webhooks.disableTitle'),
      text: texts.t('webhooks.disableText'),
      confirm: texts.t('webhooks.disable'),
    };
    return perform(context, {
      question: enabled ? undefined : question,
      call: () => context.api.patch(this.path(), { enabled }),
      said: texts.t(enabled ? 'webhooks.isEnabled' : 'webhooks.isDisabled'),
      after: () => this.endpoint.load(),
    });
  }

  private forget(): Promise<boolean> {
    const { context, texts } = this;
    return perform(context, {
      question: {
        title: texts.t('webhooks.removeTitle'),
        text: texts.t('webhooks.removeText'),
        confirm: texts.t('webhooks.remove'),
        isDangerous: true,
      },
      call: async () => {
        await context.api.delete(this.path());
        context.go(href('webhooks'));
      },
      said: texts.t('webhooks.removed'),
    });
  }
}

customElements.define('console-webhook', ConsoleWebhook);
