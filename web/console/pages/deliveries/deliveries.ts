import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import { relativeTime } from '../../../elements/shared/relative-time.js';
import type { Page } from '../../calls/api.js';
import { channelChoices, reasonChoices, statusChoices } from '../../parts/choices.js';
import { emptyPanel } from '../../parts/failure.js';
import { filterBar, type Filter } from '../../parts/filters.js';
import { channelIcon } from '../../parts/icons.js';
import { loadedPage } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { href } from '../../addresses.js';
import type { Delivery } from '../../calls/shapes.js';
import { badge, toneOf } from '../../parts/status.js';
import { table } from '../../parts/table.js';
import { inTime, timeAgo } from '../../parts/time.js';
import { channelInWords, plain, reasonInWords } from '../../parts/words.js';
import { english, type DeliveriesText } from './deliveries-messages-en.js';

addMessages('en', english);

const LIVE_MS = 2_500;
const LIMIT = 30;
/** Scrolled further than this, the reader reads: nothing moves under their eyes. In CSS pixels. */
const READING_PX = 160;

/** `/console/deliveries`: the delivery log, live while its newest page is in view. */
export class ConsoleDeliveries extends ConsolePage<DeliveriesText> {
  static override styles = [
    ...ConsolePage.styles,
    css`
      .live[aria-pressed='true'] svg {
        color: var(--c-success);
      }
      .fresh td:first-child {
        box-shadow: inset 3px 0 var(--c-accent);
      }
      .fresh td {
        background: color-mix(in oklab, var(--c-accent) 5%, var(--c-background));
      }
    `,
  ];

  /** Known since the list was opened, or marked as new long enough ago. */
  private known?: Set<string>;
  private isPaused = false;
  private readonly list = new Loader<Page<Delivery>>(
    this,
    (signal) => {
      const query = { limit: LIMIT, ...Object.fromEntries(this.query) };
      return this.context.api.get('/v1/deliveries', query, signal);
    },
    ({ items }) => {
      this.known ??= new Set(items.map(({ id }) => id));
    },
  );

  override get heading(): string {
    return this.texts.t('deliveries.title');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('scroll', this.scrolled, { passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('scroll', this.scrolled);
  }

  private readonly scrolled = () => this.follow();

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('query')) return;
    this.known = undefined;
    void this.list.restart();
    this.follow();
  }

  /** Live while the newest page's beginning is in view, unless the reader stopped it. */
  private follow(): void {
    const isLive = this.isNewest && !this.isPaused && scrollY < READING_PX;
    this.list.every(isLive ? LIVE_MS : undefined);
  }

  private get isNewest(): boolean {
    return !this.query.has('cursor');
  }

  protected override render(): TemplateResult {
    const { texts, icons, query, context, list } = this;
    const path = href('deliveries');
    const drawing = { texts, icons };
    return html`<div class="page">
      ${this.head({ text: texts.t('deliveries.text'), actions: this.live() })}
      ${filterBar(drawing, this.filters(), { query, path, context })}
      ${loadedPage(drawing, list, { query, path, lines: 10 }, (items) => this.table(items))}
    </div>`;
  }

  private live(): TemplateResult {
    const { texts, icons } = this;
    if (!this.isNewest) return html`<span class="muted small">${texts.t('deliveries.pausedPage')}</span>`;
    const toggle = () => {
      this.isPaused = !this.isPaused;
      this.follow();
      if (!this.isPaused) void this.list.load();
      this.requestUpdate();
    };
    return html`<button
      class="button live"
      aria-pressed=${!this.isPaused}
      title=${texts.t('deliveries.liveHelp')}
      @click=${toggle}
    >
      ${icons.draw(this.isPaused ? 'pause' : 'refresh')}
      ${texts.t(this.isPaused ? 'deliveries.paused' : 'deliveries.live')}
    </button>`;
  }

  private filters(): Filter[] {
    const { texts } = this;
    return [
      { name: 'status', label: texts.t('deliveries.status'), options: statusChoices() },
      { name: 'channel', label: texts.t('deliveries.channel'), options: channelChoices(texts) },
      { name: 'failureReason', label: texts.t('deliveries.reason'), options: reasonChoices(texts) },
      { name: 'recipient', label: texts.t('deliveries.recipient'), placeholder: 'u-42' },
      { name: 'type', label: texts.t('deliveries.type'), placeholder: 'approval_request' },
      { name: 'provider', label: texts.t('deliveries.provider'), placeholder: 'smtp' },
      { name: 'notification', label: texts.t('deliveries.notification'), placeholder: 'ntf_…' },
      { name: 'from', label: texts.t('deliveries.from'), type: 'datetime-local' },
      { name: 'to', label: texts.t('deliveries.to'), type: 'datetime-local' },
    ];
  }

  private table(items: readonly Delivery[]): TemplateResult {
    const { texts, icons } = this;
    if (items.length === 0) {
      const what = this.query.size > 0 ? 'deliveries.none' : 'deliveries.empty';
      return emptyPanel({ texts, icons }, texts.t(what), texts.t(`${what}Text`), 'list');
    }
    return html`<div class="panel">
      ${table(
        [
          [texts.t('deliveries.notification')],
          [texts.t('deliveries.status')],
          [texts.t('deliveries.channel'), 'wide'],
          [texts.t('deliveries.detail'), 'wide'],
          [texts.t('deliveries.time'), 'end'],
        ],
        items.map((delivery) => this.row(delivery)),
      )}
    </div>`;
  }

  private row(delivery: Delivery): TemplateResult {
    const { texts, icons } = this;
    const { id, notificationId, channel, provider, status, type, recipient, target, createdAt } = delivery;
    const isFresh = this.known?.has(id) === false;
    const named = channelInWords(texts, channel);
    // The inbox goes through nobody.
    const through = [provider, target]
      .filter((one) => !['inbox', 'none', recipient, ''].includes(one))
      .join(' · ');
    return html`<tr class=${isFresh ? 'fresh' : ''} data-id=${id}>
      <td>
        <a class="row-link" href=${href(`notifications/${encodeURIComponent(notificationId)}`)}
          >${plain(type)}</a
        >
        ${isFresh ? html`<span class="sr">${texts.t('deliveries.new')}</span>` : nothing}
        <small>${recipient}<span class="narrow"> · ${named}</span></small>
      </td>
      <td>${badge(status)}</td>
      <td class="wide">
        <span class="with-icon">${icons.draw(channelIcon(channel))}${named}</span>
        <small>${through}</small>
      </td>
      <td class="wide muted">${this.detail(delivery)}</td>
      <td class="end">${timeAgo(createdAt, texts.lang)}</td>
    </tr>`;
  }

  /** Why it is as it is, or what came of it. */
  private detail(delivery: Delivery): unknown {
    const { texts } = this;
    const { failureReason, reason, nextAttemptAt, attempts, openedAt, clickedAt, status } = delivery;
    const parts: string[] = [];
    const why = toneOf(status) === 'good' ? null : (failureReason ?? reason);
    if (why !== null) parts.push(plain(reasonInWords(texts, why)));
    if (nextAttemptAt !== null) {
      const seconds = (Date.parse(nextAttemptAt) - Date.now()) / 1000;
      if (seconds > 0) parts.push(texts.t('deliveries.next', { time: inTime(seconds, texts.lang) }));
    }
    if (attempts.length > 1) parts.push(texts.t('deliveries.attempts', { count: attempts.length }));
    if (clickedAt !== null)
      parts.push(texts.t('deliveries.clicked', { time: relativeTime(clickedAt, texts.lang) }));
    else if (openedAt !== null)
      parts.push(texts.t('deliveries.opened', { time: relativeTime(openedAt, texts.lang) }));
    return parts.join(' · ');
  }
}

customElements.define('console-deliveries', ConsoleDeliveries);
