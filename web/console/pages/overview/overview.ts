import { html, nothing, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../../client/carillon-error.js';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { bar } from '../../parts/bar.js';
import { empty, failure } from '../../parts/failure.js';
import { channelIcon } from '../../parts/icons.js';
import { loaded } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { href } from '../../addresses.js';
import type {
  Backlog,
  Broadcast,
  ChannelState,
  Delivery,
  FailurePattern,
  Figures,
} from '../../calls/shapes.js';
import { duration, timeAgo } from '../../parts/time.js';
import { channelInWords, plain, reasonInWords } from '../../parts/words.js';
import { english, type OverviewText } from './overview-messages-en.js';
import { overviewStyles } from './overview-styles.js';

addMessages('en', english);

const EVERY_MS = 10_000;
const DAY_MS = 86_400_000;
/** Reasons, and the latest failures, that are shown. */
const SHOWN = 6;

interface Overview {
  /** Or why they are not known: to a key that is no admin's, say. */
  channels: ChannelState[] | CarillonError;
  backlog: Backlog;
  figures: Figures;
  failed: Delivery[];
  broadcasts: Broadcast[];
}

/** `/console`: what an operator looks at first when something is wrong. */
export class ConsoleOverview extends ConsolePage<OverviewText> {
  static override styles = [...ConsolePage.styles, overviewStyles];

  private readonly overview = new Loader(this, (signal) => this.read(signal));

  override get heading(): string {
    return this.texts.t('overview.title');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.overview.every(EVERY_MS);
    void this.overview.load();
  }

  private async read(signal: AbortSignal): Promise<Overview> {
    const { api } = this.context;
    const from = new Date(Date.now() - DAY_MS).toISOString();
    const [channels, backlog, figures, failed, running] = await Promise.all([
      api.get<Page<ChannelState>>('/v1/tenant/channels', {}, signal).then(({ items }) => items, refusalOf),
      api.get<Backlog>('/v1/backlog', {}, signal),
      api.get<Figures>('/v1/analytics', { from }, signal),
      api.get<Page<Delivery>>('/v1/deliveries', { status: 'failed', from, limit: SHOWN }, signal),
      api.get<Page<Broadcast>>('/v1/broadcasts', { status: 'running', limit: SHOWN }, signal),
    ]);
    return { channels, backlog, figures, failed: failed.items, broadcasts: running.items };
  }

  protected override render(): TemplateResult {
    const { texts, icons, overview } = this;
    return html`<div class="page">
      ${this.head()} ${loaded({ texts, icons }, overview, (one) => this.contents(one), 9)}
    </div>`;
  }

  private contents(overview: Overview): TemplateResult {
    const { backlog, figures, failed, broadcasts } = overview;
    return html`
      ${this.providers(overview)} ${this.lastDay(figures)} ${this.waiting(backlog)}
      ${broadcasts.length === 0 ? nothing : this.broadcasts(broadcasts)}
      <div class="columns">${this.failures(figures.failure_patterns)} ${this.latest(failed)}</div>
    `;
  }

  private providers({ channels }: Overview): TemplateResult {
    const { texts, icons } = this;
    if (!Array.isArray(channels)) {
      if (channels.code !== 'forbidden') return failure({ texts, icons }, channels);
      return html`<p class="banner">${icons.draw('info')}${texts.t('overview.noChannels')}</p>`;
    }
    const down = channels.flatMap(({ channel, down }) => down.map((one) => ({ channel, ...one })));
    if (down.length === 0)
      return html`<p class="banner good">${icons.draw('check-circle')}${texts.t('overview.well')}</p>`;
    return html`<section class="panel trouble" aria-labelledby="down">
      <header>
        <h2 id="down">${icons.draw('alert')}${texts.t('overview.down', { count: down.length })}</h2>
      </header>
      <ul>
        ${down.map(
          ({ channel, provider, since, waiting }) =>
            html`<li>
              <div>
                <strong>
                  ${texts.t('overview.downRow', { channel: channelInWords(texts, channel), provider })}
                </strong>
                ${since === null ? nothing : html`${texts.t('overview.since')} ${timeAgo(since, texts.lang)}.`}
                ${
                  waiting === 0
                    ? texts.t('overview.nothingWaits')
                    : texts.t('overview.waiting', { count: waiting })
                }
              </div>
              <a class="button" href=${href('deliveries', { channel, provider, status: 'parked' })}>
                ${texts.t('overview.seeWaiting')}
              </a>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private lastDay({ total_sent, total_failed, success_rate, latency_ms }: Figures): TemplateResult {
    const { texts } = this;
    const { lang } = texts;
    const rate = success_rate === null ? '–' : percent(success_rate, lang);
    return html`<section aria-labelledby="day">
      <h2 id="day" class="over">${texts.t('overview.day')}</h2>
      <ul class="tiles">
        ${this.tile('overview.sent', total_sent.toLocaleString(lang), '', href('deliveries'))}
        ${this.tile(
          'overview.failed',
          total_failed.toLocaleString(lang),
          success_rate === null ? '' : `${rate} ${texts.t('overview.rate')}`,
          href('failures'),
          total_failed > 0 ? 'bad' : '',
        )}
        ${this.tile(
          'overview.latency',
          latency_ms.p50 === null ? '–' : duration(latency_ms.p50, lang),
          latency_ms.p95 === null ? '' : texts.t('overview.p95', { time: duration(latency_ms.p95, lang) }),
        )}
      </ul>
    </section>`;
  }

  private waiting({ notifications, deliveries, cap }: Backlog): TemplateResult {
    const { texts } = this;
    const count = (value: number) => `${value.toLocaleString(texts.lang)}${value >= cap ? '+' : ''}`;
    const parts: [OverviewText, OverviewText, number, string, boolean?][] = [
      ['overview.held', 'overview.heldText', notifications.held, href('held')],
      [
        'overview.digesting',
        'overview.digestingText',
        notifications.digesting,
        href('held', { show: 'digests' }),
      ],
      ['overview.sending', 'overview.sendingText', notifications.sending, href('deliveries')],
      [
        'overview.retrying',
        'overview.retryingText',
        deliveries.retrying,
        href('deliveries', { status: 'retrying' }),
        true,
      ],
      [
        'overview.parked',
        'overview.parkedText',
        deliveries.parked,
        href('deliveries', { status: 'parked' }),
        true,
      ],
    ];
    return html`<section aria-labelledby="now">
      <h2 id="now" class="over">${texts.t('overview.now')}</h2>
      <ul class="tiles">
        ${parts.map(([label, text, value, address, isTrouble]) =>
          this.tile(label, count(value), texts.t(text), address, isTrouble && value > 0 ? 'waiting' : ''),
        )}
      </ul>
    </section>`;
  }

  private tile(
    label: OverviewText,
    value: string,
    text: string,
    address?: string,
    tone = '',
  ): TemplateResult {
    const name = this.texts.t(label);
    return html`<li class="panel tile ${tone}">
      ${address === undefined ? html`<span>${name}</span>` : html`<a class="row-link" href=${address}>${name}</a>`}
      <b>${value}</b><small class="muted">${text}</small>
    </li>`;
  }

  private failures(patterns: readonly FailurePattern[]): TemplateResult {
    const { texts, icons } = this;
    const most = Math.max(...patterns.map(({ count }) => count), 1);
    return html`<section class="panel" aria-labelledby="why">
      <header>
        <h2 id="why">${texts.t('overview.failures')}</h2>
        <a href=${href('failures')}>${texts.t('overview.failuresAll')}</a>
      </header>
      ${
        patterns.length === 0
          ? empty({ texts, icons }, texts.t('overview.noFailures'), texts.t('overview.noFailuresText'))
          : html`<ul class="reasons">
              ${patterns.slice(0, SHOWN).map(
                ({ failure_reason: failureReason, channel, provider, count }) =>
                  html`<li>
                    <a class="row-link" href=${href('failures', { failureReason, channel, provider })}>
                      ${plain(reasonInWords(texts, failureReason))}
                    </a>
                    <small class="muted">${channelInWords(texts, channel)} · ${provider}</small>
                    <b>${count.toLocaleString(texts.lang)}</b>
                    ${bar([{ tone: 'bad', share: count / most }], `${count}`)}
                  </li>`,
              )}
            </ul>`
      }
    </section>`;
  }

  private latest(failed: readonly Delivery[]): TemplateResult | typeof nothing {
    const { texts, icons } = this;
    if (failed.length === 0) return nothing;
    return html`<section class="panel" aria-labelledby="latest">
      <header>
        <h2 id="latest">${texts.t('overview.latest')}</h2>
        <a href=${href('deliveries', { status: 'failed' })}>${texts.t('overview.latestAll')}</a>
      </header>
      <ul class="latest">
        ${failed.map(
          ({ notificationId, channel, type, recipient, failureReason, createdAt }) =>
            html`<li>
              ${icons.draw(channelIcon(channel))}
              <div>
                <a class="row-link" href=${href(`notifications/${encodeURIComponent(notificationId)}`)}>
                  ${plain(type)}
                </a>
                <small class="muted">
                  ${recipient} · ${failureReason === null ? '' : reasonInWords(texts, failureReason)}
                </small>
              </div>
              ${timeAgo(createdAt, texts.lang)}
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private broadcasts(broadcasts: readonly Broadcast[]): TemplateResult {
    const { texts } = this;
    return html`<section class="panel" aria-labelledby="broadcasts">
      <header>
        <h2 id="broadcasts">${texts.t('overview.broadcasts')}</h2>
        <a href=${href('broadcasts')}>${texts.t('overview.broadcastsAll')}</a>
      </header>
      <ul class="reasons">
        ${broadcasts.map(({ id, name, processed, total }) => {
          const progress = texts.t('overview.progress', { processed, total: total ?? '?' });
          return html`<li>
            <a class="row-link" href=${href(`broadcasts/${encodeURIComponent(id)}`)}>${name}</a>
            <small class="muted">${progress}</small>
            <b>${total ? percent(processed / total, texts.lang) : ''}</b>
            ${bar([{ tone: 'active', share: total ? processed / total : 0 }], progress)}
          </li>`;
        })}
      </ul>
    </section>`;
  }
}

function refusalOf(error: unknown): CarillonError {
  const known = asCarillonError(error);
  // Of what is away, all of it is.
  if (known.code !== 'forbidden') throw error;
  return known;
}

function percent(share: number, lang: string): string {
  // What is not whole is not shown as whole.
  const floored = Math.floor(share * 1000) / 1000;
  return new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1 }).format(floored);
}

customElements.define('console-overview', ConsoleOverview);
