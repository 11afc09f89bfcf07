import { html, nothing, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { emptyPanel, sentence } from '../../parts/failure.js';
import { formStyles } from '../../parts/form-styles.js';
import { channelIcon } from '../../parts/icons.js';
import { loaded } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { perform } from '../../parts/perform.js';
import { href } from '../../addresses.js';
import type { ChannelState } from '../../calls/shapes.js';
import { timeAgo } from '../../parts/time.js';
import { channelInWords, plain, reasonInWords } from '../../parts/words.js';
import './credentials-form.js';
import { english, type ProvidersText } from './messages-en.js';
import { asText, providerPath, type Channel, type Provider, type Verified } from './shapes.js';
import { providersStyles } from './styles.js';

addMessages('en', english);

const EVERY_MS = 15_000;
const tones = { up: 'good', down: 'bad', unknown: '' } as const;

/** `/console/providers`: who sends on each channel, how each does, and its credentials. */
export class ConsoleProviders extends ConsolePage<ProvidersText> {
  static override styles = [...ConsolePage.styles, formStyles, providersStyles];

  /** Whose credentials are being written; without a provider a new one's. */
  private edited?: { channel: Channel; provider?: Provider };
  /** What verifying said last, or that it is under way, by `channel/provider`. */
  private readonly verified = new Map<string, Verified | 'running'>();
  private readonly channels = new Loader(this, (signal) => this.read(signal));

  override get heading(): string {
    return this.texts.t('providers.title');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.channels.every(EVERY_MS);
    void this.channels.load();
  }

  private async read(signal: AbortSignal): Promise<Channel[]> {
    const { api } = this.context;
    const { items } = await api.get<Page<ChannelState>>('/v1/tenant/channels', {}, signal);
    return Promise.all(
      items.map(async (state) => {
        if (state.own.length === 0) return { ...state, providers: [] };
        const path = `/v1/tenant/channels/${encodeURIComponent(state.channel)}/providers`;
        return { ...state, providers: (await api.get<Page<Provider>>(path, {}, signal)).items };
      }),
    );
  }

  protected override render(): TemplateResult {
    const { texts, icons, channels, edited } = this;
    const drawing = { texts, icons };
    return html`<div class="page">
      ${this.head({ text: texts.t('providers.text') })}
      ${loaded(drawing, channels, (all) => this.all(all), 9)}
      ${
        edited
          ? html`<console-credentials
              .context=${this.context}
              .channel=${edited.channel}
              .provider=${edited.provider}
              @console-close=${() => this.edit(undefined)}
              @console-saved=${() => this.saved()}
            ></console-credentials>`
          : nothing
      }
    </div>`;
  }

  private all(channels: readonly Channel[]): unknown {
    const { texts, icons } = this;
    if (channels.length === 0)
      return emptyPanel({ texts, icons }, texts.t('providers.none'), texts.t('providers.noneText'), 'plug');
    return channels.map((channel) => this.channel(channel));
  }

  private edit(edited: typeof this.edited): void {
    this.edited = edited;
    this.requestUpdate();
  }

  private saved(): void {
    this.verified.clear();
    this.edit(undefined);
    void this.channels.load();
  }

  private channel(channel: Channel): TemplateResult {
    const { texts, icons } = this;
    const { providers, deployment, known } = channel;
    const name = channelInWords(texts, channel.channel);
    const id = `channel-${channel.channel}`;
    const canAdd = known.some((one) => !channel.own.includes(one));
    return html`<section class="panel" aria-labelledby=${id}>
      <header>
        <h2 id=${id} class="with-icon">${icons.draw(channelIcon(channel.channel))}${name}</h2>
        ${
          canAdd
            ? html`<button
                class="button"
                aria-label=${texts.t('providers.addTo', { channel: name })}
                @click=${() => this.edit({ channel })}
              >
                ${icons.draw('add')}${texts.t('providers.add')}
              </button>`
            : nothing
        }
      </header>
      <ul class="providers">
        ${providers.map((provider, place) => this.provider(channel, provider, place))}
        ${deployment.map((provider) => this.behind(channel, provider))}
        ${
          providers.length + deployment.length === 0
            ? html`<li class="nobody muted">${texts.t('providers.nobody')}</li>`
            : nothing
        }
      </ul>
    </section>`;
  }

  private provider(channel: Channel, provider: Provider, place: number): TemplateResult {
    const { texts, icons } = this;
    const { health, problem } = provider;
    const name = provider.provider;
    const verified = this.verified.get(`${provider.channel}/${name}`);
    const last = channel.providers.length - 1;
    const move = (label: ProvidersText, icon: string, to: number) =>
      html`<button
        class="quiet"
        aria-label=${texts.t(label, { provider: name })}
        title=${texts.t(label, { provider: name })}
        ?disabled=${to < 0 || to > last}
        @click=${() => void this.order(channel, place, to)}
      >
        ${icons.draw(icon)}
      </button>`;
    return html`<li data-provider=${name}>
      <div class="who">
        <strong>${place + 1}. ${name}</strong>
        <span class="badge ${tones[health.status]}">${texts.t(`providers.${health.status}`)}</span>
        ${last > 0 ? html`<span>${move('providers.earlier', 'up', place - 1)}${move('providers.later', 'down', place + 1)}</span>` : nothing}
        <div class="actions">
          <button
            class="button"
            ?disabled=${verified === 'running'}
            @click=${() => void this.verify(provider)}
          >
            ${icons.draw('check-circle')}${texts.t(verified === 'running' ? 'providers.verifying' : 'providers.verify')}
          </button>
          <button class="button" @click=${() => this.edit({ channel, provider })}>
            ${icons.draw('pencil')}${texts.t('providers.replace')}
          </button>
          <button class="button" @click=${() => void this.forget(provider)}>
            ${texts.t('providers.remove')}
          </button>
        </div>
      </div>
      ${problem === null ? nothing : html`<p class="bad said">${texts.t('providers.problem', { problem })}</p>`}
      ${verified === undefined || verified === 'running' ? nothing : this.verdict(name, verified)}
      ${this.health(provider)}
      <details>
        <summary>${texts.t('providers.credentials', { provider: name })}</summary>
        <dl class="facts">
          ${Object.entries(provider.credentials).map(
            ([field, value]) =>
              html`<dt><code>${field}</code></dt>
                <dd>${asText(value)}</dd>`,
          )}
        </dl>
      </details>
    </li>`;
  }

  private verdict(provider: string, verified: Verified): TemplateResult {
    const { texts } = this;
    if (verified.ok)
      return html`<p class="good said" role="status">
        ${texts.t('providers.worksNow', { provider })} ${verified.note ? sentence(verified.note) : nothing}
      </p>`;
    return html`<p class="bad said" role="alert">
      <strong>${texts.t('providers.broken', { provider })}:</strong>
      ${reasonInWords(texts, verified.reason)}. <code>${verified.detail}</code>
    </p>`;
  }

  private health({ channel, provider, health }: Provider): TemplateResult {
    const { texts } = this;
    const { since, waiting, lastSentAt, lastFailure } = health;
    const { lang } = texts;
    return html`<dl class="facts">
      ${
        waiting > 0 || (health.status === 'down' && since !== null)
          ? html`<dt>${texts.t('providers.down')}</dt>
              <dd>
                ${since === null ? nothing : html`${texts.t('providers.since')} ${timeAgo(since, lang)} · `}
                <a href=${href('deliveries', { channel, provider, status: 'parked' })}>
                  ${texts.t('providers.waiting', { count: waiting })}
                </a>
              </dd>`
          : nothing
      }
      <dt>${texts.t('providers.lastSent')}</dt>
      <dd>${timeAgo(lastSentAt, lang)}</dd>
      ${
        lastFailure
          ? html`<dt>${texts.t('providers.lastFailure')}</dt>
              <dd>
                ${plain(reasonInWords(texts, lastFailure.failureReason))}, ${timeAgo(lastFailure.at, lang)}
                ${lastFailure.providerResponse === null ? nothing : html`<code>${lastFailure.providerResponse}</code>`}
              </dd>`
          : nothing
      }
    </dl>`;
  }

  /** The deployment's: seen, but not the tenant's to change. */
  private behind(channel: Channel, provider: string): TemplateResult {
    const { texts } = this;
    const down = channel.down.find((one) => one.provider === provider);
    return html`<li>
      <div class="who">
        <strong>${provider}</strong>
        ${
          down
            ? html`<span class="badge bad">${texts.t('providers.down')}</span>
                <a href=${href('deliveries', { channel: channel.channel, provider, status: 'parked' })}
                  >${texts.t('providers.waiting', { count: down.waiting })}</a
                >`
            : html`<span class="badge">${texts.t('providers.deployment')}</span>`
        }
        <span class="muted">${texts.t('providers.deploymentText')}</span>
      </div>
    </li>`;
  }

  private async verify({ channel, provider }: Provider): Promise<void> {
    const key = `${channel}/${provider}`;
    this.verified.set(key, 'running');
    this.requestUpdate();
    try {
      const path = `${providerPath(channel, provider)}/verify`;
      this.verified.set(key, await this.context.api.post<Verified>(path, {}));
    } catch (error) {
      this.verified.delete(key);
      this.context.fail(error);
    }
    this.requestUpdate();
  }

  private async order({ channel, providers }: Channel, from: number, to: number): Promise<void> {
    const names = providers.map(({ provider }) => provider);
    const [moved = ''] = names.splice(from, 1);
    names.splice(to, 0, moved);
    const { texts, context } = this;
    const path = `/v1/tenant/channels/${encodeURIComponent(channel)}/order`;
    await perform(context, {
      call: () => context.api.put(path, { providers: names }),
      said: texts.t('providers.ordered'),
      after: () => this.channels.load(),
    });
  }

  private async forget({ channel, provider }: Provider): Promise<void> {
    const { texts, context } = this;
    await perform(context, {
      question: {
        title: texts.t('providers.removeTitle', { provider, channel: channelInWords(texts, channel) }),
        text: texts.t('providers.removeText'),
        confirm: texts.t('providers.remove'),
        isDangerous: true,
      },
      call: async () => {
        await context.api.delete(providerPath(channel, provider));
        this.verified.delete(`${channel}/${provider}`);
      },
      said: texts.t('providers.removed', { provider }),
      after: () => this.channels.load(),
    });
  }
}

customElements.define('console-providers', ConsoleProviders);
