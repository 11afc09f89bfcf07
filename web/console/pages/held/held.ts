import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import type { Question } from '../../parts/question.js';
import { emptyPanel } from '../../parts/failure.js';
import { filterBar } from '../../parts/filters.js';
import { loadedPage } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { perform } from '../../parts/perform.js';
import { href } from '../../addresses.js';
import type { Digest, Notification } from '../../calls/shapes.js';
import { table } from '../../parts/table.js';
import { timeAgo } from '../../parts/time.js';
import { channelInWords, plain, reasonInWords } from '../../parts/words.js';
import { digestCard, digestStyles, type DigestItem } from './digest-card.js';
import { english, type HeldText } from './held-messages-en.js';

addMessages('en', english);

const EVERY_MS = 3_000;

/** `/console/held`: what waits, with what an operator can do about it. */
export class ConsoleHeld extends ConsolePage<HeldText> {
  static override styles = [
    ...ConsolePage.styles,
    digestStyles,
    css`
      .views {
        display: flex;
        gap: 4px;
        border-block-end: 1px solid var(--c-line);
      }
      .views a {
        padding: 7px 12px;
        border-block-end: 2px solid transparent;
        margin-block-end: -1px;
        color: var(--c-muted);
        font-weight: 500;
        text-decoration: none;
      }
      .views a[aria-current] {
        color: var(--c-text);
        border-color: var(--c-accent);
      }
      td .actions {
        justify-content: flex-end;
        flex-wrap: nowrap;
      }
      @media (max-width: 720px) {
        td .actions {
          flex-direction: column;
        }
      }
    `,
  ];

  private readonly held = new Loader<Page<Notification>>(this, (signal) =>
    this.context.api.get('/v1/notifications', { ...this.filter, status: 'held' }, signal),
  );
  private readonly digests = new Loader<Page<Digest>>(this, (signal) =>
    this.context.api.get('/v1/digests', this.filter, signal),
  );

  override get heading(): string {
    return this.texts.t('held.title');
  }

  private get areDigests(): boolean {
    return this.query.get('show') === 'digests';
  }

  private get filter(): Record<string, string> {
    const { show: _view, ...filter } = Object.fromEntries(this.query);
    return filter;
  }

  private get list(): Loader<Page<Notification>> | Loader<Page<Digest>> {
    return this.areDigests ? this.digests : this.held;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('query')) return;
    (this.areDigests ? this.held : this.digests).every(undefined);
    this.list.every(EVERY_MS);
    void this.list.restart();
  }

  protected override render(): TemplateResult {
    const { texts, icons, query, context, areDigests } = this;
    const path = href('held');
    const drawing = { texts, icons };
    const show = areDigests ? 'digests' : null;
    const filters = [{ name: 'recipient', label: texts.t('held.recipient'), placeholder: 'u-42' }];
    if (!areDigests) filters.push({ name: 'type', label: texts.t('held.type'), placeholder: 'report_ready' });
    return html`<div class="page">
      ${this.head({ text: texts.t('held.text') })}
      <nav class="views" aria-label=${texts.t('held.views')}>
        <a href=${href('held')} aria-current=${areDigests ? nothing : 'page'}>${texts.t('held.held')}</a>
        <a href=${href('held', { show: 'digests' })} aria-current=${areDigests ? 'page' : nothing}>
          ${texts.t('held.digests')}
        </a>
      </nav>
      ${filterBar(drawing, filters, { query, path, keep: { show }, context })}
      ${
        areDigests
          ? loadedPage(drawing, this.digests, { query, path }, (items) => this.cards(items))
          : loadedPage(drawing, this.held, { query, path }, (items) => this.table(items))
      }
    </div>`;
  }

  private nothing(what: 'held.none' | 'digests.none'): TemplateResult {
    const { texts, icons } = this;
    return emptyPanel({ texts, icons }, texts.t(what), texts.t(`${what}Text`), 'hourglass');
  }

  private table(items: readonly Notification[]): TemplateResult {
    const { texts } = this;
    if (items.length === 0) return this.nothing('held.none');
    return html`<div class="panel">
      ${table(
        [
          [texts.t('held.notification')],
          [texts.t('held.why'), 'wide'],
          [texts.t('held.until')],
          [texts.t('held.actions'), 'end'],
        ],
        items.map((one) => this.row(one)),
      )}
    </div>`;
  }

  private row(held: Notification): TemplateResult {
    const { texts } = this;
    const { id, type, title, recipient, heldUntil } = held;
    const what = title ?? plain(type);
    const why = this.why(held);
    return html`<tr data-id=${id}>
      <td>
        <a class="row-link" href=${href(`notifications/${encodeURIComponent(id)}`)}>${what}</a>
        <small>${recipient}<span class="narrow"> · ${why}</span></small>
      </td>
      <td class="wide muted">${why}</td>
      <td>${timeAgo(heldUntil, texts.lang)}</td>
      <td>
        <div class="actions">
          <button
            class="button"
            aria-label=${texts.t('held.expediteOf', { what })}
            @click=${() => this.change(`/v1/notifications/${encodeURIComponent(id)}/expedite`, 'held.expedited')}
          >
            ${texts.t('held.expedite')}
          </button>
          <button
            class="button"
            aria-label=${texts.t('held.cancelOf', { what })}
            @click=${() =>
              this.ask(
                {
                  title: texts.t('held.cancelTitle'),
                  text: texts.t('held.cancelText', { what, recipient }),
                  confirm: texts.t('held.cancelConfirm'),
                },
                `/v1/notifications/${encodeURIComponent(id)}/cancel`,
                'held.cancelled',
              )}
          >
            ${texts.t('held.cancel')}
          </button>
        </div>
      </td>
    </tr>`;
  }

  /** "Quiet hours: Email, SMS" */
  private why({ waits }: Notification): string {
    const { texts } = this;
    const byReason = new Map<string, string[]>();
    for (const { channel, reason } of waits)
      byReason.set(reason, [...(byReason.get(reason) ?? []), channelInWords(texts, channel)]);
    return [...byReason]
      .map(([reason, channels]) => `${plain(reasonInWords(texts, reason))}: ${channels.join(', ')}`)
      .join(' · ');
  }

  private cards(items: readonly Digest[]): TemplateResult {
    const { texts, icons } = this;
    if (items.length === 0) return this.nothing('digests.none');
    return html`<ul class="digests">
      ${items.map((digest) =>
        digestCard(
          {
            texts,
            icons,
            expedite: ({ id }) =>
              void this.change(`/v1/digests/${encodeURIComponent(id)}/expedite`, 'digests.expedited'),
            cancel: (one) => void this.drop(one),
            remove: (one, item) => void this.takeOut(one, item),
          },
          digest,
        ),
      )}
    </ul>`;
  }

  private drop({ id, recipient }: Digest): Promise<void> {
    const { texts } = this;
    const question = {
      title: texts.t('digests.cancelTitle'),
      text: texts.t('digests.cancelText', { recipient }),
      confirm: texts.t('digests.cancelConfirm'),
    };
    return this.ask(question, `/v1/digests/${encodeURIComponent(id)}/cancel`, 'digests.cancelled');
  }

  private takeOut({ id }: Digest, item: DigestItem): Promise<void> {
    const { texts } = this;
    const question = {
      title: texts.t('digests.removeTitle'),
      text: texts.t('digests.removeText', { what: item.title }),
      confirm: texts.t('digests.remove'),
    };
    const path = `/v1/digests/${encodeURIComponent(id)}/items/${encodeURIComponent(item.id)}`;
    return this.ask(question, path, 'digests.removed', 'delete');
  }

  private ask(
    question: Question,
    path: string,
    said: HeldText,
    method: 'post' | 'delete' = 'post',
  ): Promise<void> {
    return this.change(path, said, method, { ...question, isDangerous: true });
  }

  private async change(
    path: string,
    said: HeldText,
    method: 'post' | 'delete' = 'post',
    question?: Question,
  ): Promise<void> {
    const { context, texts } = this;
    await perform<unknown>(context, {
      question,
      call: () => context.api[method](path),
      said: texts.t(said),
      // Its run takes it from there.
      after: () => this.list.load(),
    });
  }
}

customElements.define('console-held', ConsoleHeld);
