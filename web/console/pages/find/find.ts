import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { asCarillonError } from '../../../client/carillon-error.js';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { emptyPanel } from '../../parts/failure.js';
import { whereToFind } from '../../parts/find-target.js';
import { channelIcon } from '../../parts/icons.js';
import { loaded } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { pager } from '../../parts/pager.js';
import { searchForm, searchStyles } from '../../parts/search-form.js';
import { href } from '../../addresses.js';
import type { Delivery, Notification } from '../../calls/shapes.js';
import { badge, toneOf } from '../../parts/status.js';
import { timeAgo } from '../../parts/time.js';
import { channelInWords, plain, reasonInWords } from '../../parts/words.js';
import { english, type FindText } from './find-messages-en.js';
import type { Person } from '../people/shapes.js';

addMessages('en', english);

const LIMIT = 12;
/** Of the same notifications: each has one for every channel that it asked for. */
const DELIVERIES = 100;

interface Found {
  /** Undefined where nobody is known by that ID. */
  person?: Person;
  notifications: Page<Notification>;
  deliveries: Delivery[];
}

/** `/console/find?recipient=…`: why a person got something, or did not. */
export class ConsoleFind extends ConsolePage<FindText> {
  static override styles = [
    ...ConsolePage.styles,
    searchStyles,
    css`
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 28px;
        padding: 12px 16px;
      }
      dt {
        font-size: 12px;
        color: var(--c-muted);
      }
      dd {
        overflow-wrap: anywhere;
      }
      .stories > li {
        position: relative;
        display: grid;
        gap: 7px;
        padding: 12px 16px;
      }
      .stories > li + li {
        border-block-start: 1px solid var(--c-line);
      }
      .stories > li:hover {
        background: color-mix(in oklab, var(--c-raised) 60%, var(--c-background));
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
      }
      .line > :first-child {
        flex: 1 1 180px;
      }
      .why {
        display: grid;
        gap: 3px;
      }
      .why li {
        display: flex;
        align-items: baseline;
        gap: 8px;
      }
      .why svg {
        width: 14px;
        height: 14px;
        align-self: center;
        color: var(--tone, var(--c-muted));
      }
      .why span {
        color: var(--c-muted);
      }
    `,
  ];

  private readonly found = new Loader<Found>(this, (signal) => this.read(signal));

  override get heading(): string {
    return this.texts.t('find.title');
  }

  private get recipient(): string {
    return this.query.get('recipient') ?? '';
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query') && this.recipient !== '') void this.found.restart();
  }

  private async read(signal: AbortSignal): Promise<Found> {
    const { api } = this.context;
    const { recipient } = this;
    const { type, cursor } = Object.fromEntries(this.query);
    const path = `/v1/subscribers/${encodeURIComponent(recipient)}`;
    const [person, notifications] = await Promise.all([
      api.get<Person>(path, {}, signal).catch((error: unknown) => {
        if (asCarillonError(error).code !== 'not_found') throw error;
        return undefined;
      }),
      api.get<Page<Notification>>('/v1/notifications', { recipient, type, cursor, limit: LIMIT }, signal),
    ]);
    const [newest, oldest] = [notifications.items[0], notifications.items.at(-1)];
    if (!newest || !oldest) return { ...(person ? { person } : {}), notifications, deliveries: [] };
    // What was triggered in the same time; `to` is not a part of it.
    const to = new Date(Date.parse(newest.createdAt) + 1).toISOString();
    const query = { recipient, type, from: oldest.createdAt, to, limit: DELIVERIES };
    const { items: deliveries } = await api.get<Page<Delivery>>('/v1/deliveries', query, signal);
    return { ...(person ? { person } : {}), notifications, deliveries };
  }

  protected override render(): TemplateResult {
    const { texts, icons, found, recipient } = this;
    const drawing = { texts, icons };
    return html`<div class="page">
      ${this.head({ text: texts.t('find.text') })}
      ${searchForm(drawing, {
        name: this.heading,
        label: texts.t('find.recipient'),
        value: recipient,
        button: texts.t('find.button'),
        find: (what) => this.context.go(whereToFind(what)),
      })}
      ${
        recipient === ''
          ? emptyPanel(drawing, texts.t('find.start'), texts.t('find.startText'), 'find')
          : loaded(drawing, found, (value) => this.contents(value))
      }
    </div>`;
  }

  private contents({ person, notifications, deliveries }: Found): TemplateResult {
    const { texts, icons, query } = this;
    const drawing = { texts, icons };
    const { items, nextCursor } = notifications;
    if (!person && items.length === 0)
      return emptyPanel(drawing, texts.t('find.unknown'), texts.t('find.unknownText'), 'find');
    return html`${person ? this.person(person) : nothing}
    ${
      items.length === 0
        ? emptyPanel(drawing, texts.t('find.none'), texts.t('find.noneText'), 'inbox')
        : html`<ul class="panel stories">
            ${items.map((one) =>
              this.story(
                one,
                deliveries.filter(({ notificationId }) => notificationId === one.id),
              ),
            )}
          </ul>`
    }
    ${pager(drawing, { query, path: href('find'), nextCursor })}`;
  }

  private person({ email, phone, locale, timezone, roles, pushTokens }: Person): TemplateResult {
    const { texts } = this;
    const none = texts.t('find.noAddress');
    const facts: [FindText, string][] = [
      ['find.email', email ?? none],
      ['find.phone', phone ?? none],
      ['find.push', pushTokens.length === 0 ? none : pushTokens.length.toLocaleString(texts.lang)],
      ['find.locale', locale ?? '–'],
      ['find.timezone', timezone ?? '–'],
      ['find.roles', roles.length === 0 ? none : roles.join(', ')],
    ];
    return html`<div class="panel">
      <dl class="facts">
        ${facts.map(
          ([label, value]) =>
            html`<div>
              <dt>${texts.t(label)}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
    </div>`;
  }

  private story(notification: Notification, deliveries: readonly Delivery[]): TemplateResult {
    const { texts } = this;
    const { id, type, title, status, createdAt } = notification;
    return html`<li data-id=${id}>
      <div class="line">
        <a class="row-link" href=${href(`notifications/${encodeURIComponent(id)}`)}
          >${title ?? plain(type)}</a
        >
        ${badge(status)}
        <span class="muted small">${timeAgo(createdAt, texts.lang)}</span>
      </div>
      <ul class="why" aria-label=${texts.t('find.why')}>
        ${this.reasons(notification, deliveries)}
      </ul>
    </li>`;
  }

  /** A line for each channel that was asked for. */
  private reasons({ waits }: Notification, deliveries: readonly Delivery[]): TemplateResult[] {
    const { texts, icons } = this;
    return deliveries
      .filter(({ reason }) => reason !== 'not_requested')
      .map(({ channel, status, reason, failureReason }) => {
        const waiting = waits.find((one) => one.channel === channel);
        const why = waiting?.reason ?? (toneOf(status) === 'good' ? null : (failureReason ?? reason));
        return html`<li class=${toneOf(status)} data-channel=${channel}>
          ${icons.draw(channelIcon(channel))} ${channelInWords(texts, channel)}
          <span>
            ${plain(waiting ? 'held' : status).toLowerCase()}${why === null ? nothing : `: ${reasonInWords(texts, why)}`}
          </span>
        </li>`;
      });
  }
}

customElements.define('console-find', ConsoleFind);
