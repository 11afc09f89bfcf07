import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../client/carillon-error.js';
import { addMessages } from '../../elements/shared/i18n.js';
import { safeUrl } from '../../elements/shared/safe-url.js';
import { isAbort, type Page } from '../api.js';
import { bar } from '../bar.js';
import { empty, failure, skeleton } from '../failure.js';
import { filterBar } from '../filters.js';
import { Loader } from '../loader.js';
import { ConsolePage } from '../page.js';
import { pager } from '../pager.js';
import { href } from '../addresses.js';
import type { Broadcast, Decision } from '../shapes.js';
import { badge } from '../status.js';
import { duration, timeAgo } from '../time.js';
import { channelInWords, plain, reasonInWords } from '../words.js';
import { broadcastCounts, countTones, isOver, partsOf } from './broadcast-counts.js';
import { english, type BroadcastsText } from './broadcasts-messages-en.js';

addMessages('en', english);

/** How long until its progress is asked for again when the connection was lost, in milliseconds. */
const AGAIN_MS = 3_000;

interface Recipient {
  recipient: string;
  notificationId: string;
  status: string;
  channels: Record<string, Decision>;
}

/** `/console/broadcasts/{id}`: one broadcast, live. */
export class ConsoleBroadcast extends ConsolePage<BroadcastsText> {
  static override styles = [
    ...ConsolePage.styles,
    css`
      .title {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
      }
      .how {
        display: grid;
        gap: 10px;
        padding: 16px;
      }
      .how .line {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 4px 20px;
      }
      .how b {
        font-size: 18px;
        font-variant-numeric: tabular-nums;
      }
      .how .progress {
        height: 12px;
        border-radius: 6px;
      }
      .progress rect {
        fill: var(--tone, var(--c-muted));
      }
      .counts {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .counts a {
        display: flex;
        gap: 8px;
        align-items: center;
        padding: 5px 11px;
        border: 1px solid var(--c-line);
        border-radius: 9px;
        color: var(--c-text);
        text-decoration: none;
      }
      .counts a:hover,
      .counts a[aria-current] {
        border-color: var(--c-accent);
      }
      .counts a::before {
        content: '';
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--tone, var(--c-muted));
      }
    `,
  ];

  private broadcast?: Broadcast;
  private error?: CarillonError;
  private following?: AbortController;
  private timer?: ReturnType<typeof setTimeout>;
  private readonly recipients = new Loader<Page<Recipient>>(this, (signal) =>
    this.context.api.get(`${this.path}/recipients`, Object.fromEntries(this.query), signal),
  );

  override get heading(): string {
    return this.broadcast?.name ?? this.texts.t('broadcast.title');
  }

  private get path(): string {
    return `/v1/broadcasts/${encodeURIComponent(this.params.id ?? '')}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.following?.abort();
    clearTimeout(this.timer);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) void this.recipients.restart();
  }

  /** Its progress as it comes, until it is over. */
  private async follow(): Promise<void> {
    this.following?.abort();
    clearTimeout(this.timer);
    const { signal } = (this.following = new AbortController());
    try {
      for await (const { event, data } of this.context.api.events<Broadcast>(
        `${this.path}/progress`,
        signal,
      )) {
        this.broadcast = data;
        this.error = undefined;
        this.requestUpdate();
        if (event === 'end') {
          void this.recipients.load();
          return;
        }
      }
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.error = asCarillonError(error);
      this.requestUpdate();
      if (this.error.code === 'not_found' || this.error.code === 'forbidden') return;
    }
    if (!signal.aborted) this.timer = setTimeout(() => void this.follow(), AGAIN_MS);
  }

  protected override render(): TemplateResult {
    const { texts, icons, broadcast, error } = this;
    return html`<div class="page">
      <div class="head">
        <div>
          <div class="title">
            <h1 tabindex="-1">${this.heading}</h1>
            ${broadcast ? badge(broadcast.status) : nothing}
          </div>
          <code class="muted">${this.params.id}</code>
        </div>
        ${broadcast ? this.actions(broadcast) : nothing}
      </div>
      ${error ? failure({ texts, icons }, error, () => void this.follow()) : nothing}
      ${
        broadcast
          ? html`${this.how(broadcast)} ${this.people()}`
          : error
            ? nothing
            : html`<div class="panel">${skeleton(texts)}</div>`
      }
    </div>`;
  }

  private actions(broadcast: Broadcast): TemplateResult {
    const { texts, icons } = this;
    const { status } = broadcast;
    const url = safeUrl(broadcast.temporalUrl);
    const canStop = !isOver(broadcast) && status !== 'draft';
    return html`<div class="actions">
      ${
        url === undefined
          ? nothing
          : html`<a class="button" href=${url} target="_blank" rel="noopener">
              ${icons.draw('external')}${texts.t('broadcast.run')}
            </a>`
      }
      ${
        canStop
          ? html`<button class="button" @click=${() => this.cancel()}>
              ${icons.draw('close')}${texts.t('broadcast.cancel')}
            </button>`
          : nothing
      }
      ${
        status === 'paused'
          ? html`<button class="button primary" @click=${() => this.tell('resume', 'broadcast.resumed')}>
              ${icons.draw('play')}${texts.t('broadcast.resume')}
            </button>`
          : canStop
            ? html`<button class="button" @click=${() => this.tell('pause', 'broadcast.paused')}>
                ${icons.draw('pause')}${texts.t('broadcast.pause')}
              </button>`
            : nothing
      }
    </div>`;
  }

  private how(broadcast: Broadcast): TemplateResult {
    const { texts } = this;
    const { lang } = texts;
    const { processed, total, ratePerSecond, secondsLeft, counts, startedAt, finishedAt, sendAt } = broadcast;
    const progress = texts.t('broadcasts.of', { processed, total: total ?? '?' });
    const status = this.query.get('status');
    return html`<section class="panel how" aria-label=${texts.t('broadcasts.progress')}>
      <div class="line">
        <span aria-live="polite">
          ${
            total === null
              ? texts.t('broadcast.counting')
              : html`<b>${progress}</b> <span class="muted">${plain(broadcast.type)}</span>`
          }
        </span>
        <span class="muted">
          ${ratePerSecond === null ? nothing : texts.t('broadcast.rate', { rate: ratePerSecond })}
          ${
            secondsLeft === null
              ? nothing
              : html` · ${texts.t('broadcast.left', { time: duration(secondsLeft * 1000, lang) })}`
          }
          ${
            finishedAt === null
              ? startedAt === null
                ? html`${texts.t('broadcast.sendAt')} ${timeAgo(sendAt, lang)}`
                : nothing
              : html`${texts.t('broadcast.finished')} ${timeAgo(finishedAt, lang)}`
          }
        </span>
      </div>
      ${bar(partsOf(broadcast), progress)}
      <nav class="counts" aria-label=${texts.t('broadcast.outcome')}>
        ${broadcastCounts.map((name) =>
          counts[name] === 0
            ? nothing
            : html`<a
                class=${countTones[name]}
                aria-current=${status === name ? 'true' : nothing}
                href=${href(`broadcasts/${encodeURIComponent(broadcast.id)}`, {
                  status: status === name ? null : name,
                })}
              >
                ${texts.t(`count.${name}`)} <strong>${counts[name].toLocaleString(lang)}</strong>
              </a>`,
        )}
      </nav>
    </section>`;
  }

  private people(): TemplateResult {
    const { texts, icons, query, context, recipients } = this;
    const drawing = { texts, icons };
    const path = href(`broadcasts/${encodeURIComponent(this.params.id ?? '')}`);
    const options = broadcastCounts.map((value) => ({ value, label: texts.t(`count.${value}`) }));
    return html`<h2>${texts.t('broadcast.recipients')}</h2>
      ${filterBar(drawing, [{ name: 'status', label: texts.t('broadcasts.status'), options }], {
        query,
        path,
        context,
      })}
      ${recipients.error ? failure(drawing, recipients.error, () => void recipients.load()) : nothing}
      ${
        recipients.value
          ? html`${this.table(recipients.value.items)}
            ${pager(drawing, { query, path, nextCursor: recipients.value.nextCursor })}`
          : recipients.error
            ? nothing
            : html`<div class="panel">${skeleton(texts)}</div>`
      }`;
  }

  private table(items: readonly Recipient[]): TemplateResult {
    const { texts, icons } = this;
    if (items.length === 0)
      return html`<div class="panel">
        ${empty({ texts, icons }, texts.t('broadcast.noRecipients'), texts.t('broadcast.noRecipientsText'), 'find')}
      </div>`;
    return html`<div class="panel">
      <table>
        <thead>
          <tr>
            <th>${texts.t('broadcast.person')}</th>
            <th>${texts.t('broadcasts.status')}</th>
            <th class="wide">${texts.t('broadcast.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          ${items.map(
            ({ recipient, notificationId, status, channels }) =>
              html`<tr>
                <td>
                  <a class="row-link" href=${href(`notifications/${encodeURIComponent(notificationId)}`)}>
                    ${recipient}
                  </a>
                </td>
                <td>${badge(status)}</td>
                <td class="wide muted">${this.decisions(channels)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private decisions(channels: Record<string, Decision>): string {
    const { texts } = this;
    return Object.entries(channels)
      .filter(([, { reason }]) => reason !== 'not_requested')
      .map(([channel, { reason }]) => {
        const name = channelInWords(texts, channel);
        return reason === undefined ? name : `${name}: ${reasonInWords(texts, reason)}`;
      })
      .join(' · ');
  }

  private async cancel(): Promise<void> {
    const { texts } = this;
    const isSure = await this.context.confirm({
      title: texts.t('broadcast.cancelTitle'),
      text: texts.t('broadcast.cancelText'),
      confirm: texts.t('broadcast.cancelConfirm'),
      isDangerous: true,
    });
    if (isSure) await this.tell('cancel', 'broadcast.cancelled');
  }

  private async tell(action: 'pause' | 'resume' | 'cancel', said: BroadcastsText): Promise<void> {
    try {
      await this.context.api.post(`${this.path}/${action}`);
      this.context.say(this.texts.t(said));
    } catch (error) {
      this.context.fail(error);
    }
  }
}

customElements.define('console-broadcast', ConsoleBroadcast);
