import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CarillonClient } from '../../client/carillon-client.js';
import type { CarillonError } from '../../client/carillon-error.js';
import { InboxStore } from '../../client/inbox-store.js';
import type { InboxFilter, ThreadedItem } from '../../client/shapes.js';
import { onArrivals } from '../shared/arrivals.js';
import { clientProperties, ClientSource, type ClientHost } from '../shared/client-source.js';
import { define } from '../shared/define.js';
import { addMessages, Localizer } from '../shared/i18n.js';
import { Icons } from '../shared/icons.js';
import { Clock } from '../shared/relative-time.js';
import { theme } from '../shared/theme.js';
import { conductStyles } from './conduct-styles.js';
import { Conduct } from './conduct.js';
import { EntryList } from './entry-list.js';
import type { Narrowing } from './filters.js';
import { inboxStyles } from './inbox-styles.js';
import type { ItemAction, ItemList } from './item-row.js';
import { itemStyles } from './item-styles.js';
import { english, type InboxText } from './messages-en.js';
import { Scrolling } from './scrolling.js';
import { renderTabs, type Tab } from './tabs.js';

addMessages('en', english);
addMessages('fr', async () => (await import('./messages-fr.js')).french);

/** From this width on, search and filters are open at first. */
const WIDE_PX = 560;

/** A person's notifications: `<carillon-inbox>`. Attributes, events, parts and slots are listed in docs/inbox.md. */
export class CarillonInbox extends LitElement implements ItemList, ClientHost {
  static override properties = {
    ...clientProperties,
    lang: { reflect: true },
    theme: { reflect: true },
    filter: {},
    group: { type: Boolean },
    pageSize: { type: Number, attribute: 'page-size' },
    hideToolbar: { type: Boolean, attribute: 'hide-toolbar' },
    compact: { type: Boolean, reflect: true },
    active: { attribute: false },
  };
  static override styles = [theme, inboxStyles, itemStyles, conductStyles];

  declare client: CarillonClient | undefined;
  declare apiUrl: string | undefined;
  declare token: string | undefined;
  declare theme: 'light' | 'dark' | 'auto' | undefined;
  /** The tab: `all` (default), `unread` or `archived`. */
  declare filter: Tab;
  /** One entry for each thread. Default false. */
  declare group: boolean;
  /** How many are loaded at once, 1-100. Default 20. */
  declare pageSize: number;
  /** Without search, filters and menu. */
  declare hideToolbar: boolean;
  /** Without a frame, and with search and filters folded: as the bell shows it. */
  declare compact: boolean;
  /** Whether the person can see it, so that what is there counts as seen. Default true. */
  declare active: boolean;

  readonly texts = new Localizer<InboxText>(this);
  readonly icons = new Icons(this);
  store?: InboxStore;
  activeId?: string;
  /** Search and filters. */
  narrowing: Narrowing = {};
  /** Whether it was connected before, so that connecting is worth a word. */
  wasLive = false;
  readonly scrolling = new Scrolling(this);
  private readonly conduct = new Conduct(this);
  private readonly entries = new EntryList(this, this.conduct);
  private stop: (() => void)[] = [];
  private showsFilters?: boolean;
  private lastError?: CarillonError;
  private seenUpTo?: string;
  private announced = '';
  private readonly expanded = new Set<string>();
  private readonly source = new ClientSource(this, (client) => this.begin(client));

  constructor() {
    super();
    this.filter = 'all';
    this.group = this.hideToolbar = this.compact = false;
    this.pageSize = 20;
    this.active = true;
    new Clock(this);
  }

  isExpanded({ id }: ThreadedItem): boolean {
    return this.expanded.has(id);
  }

  isThreadOpen(item: ThreadedItem): boolean {
    return this.conduct.isThreadOpen(item);
  }

  renderThread(item: ThreadedItem): unknown {
    return this.conduct.renderThread(item);
  }

  toggleThread(item: ThreadedItem): void {
    this.conduct.toggleThread(item);
  }

  follows(
    item: ThreadedItem,
    name: 'carillon-item-click' | 'carillon-action',
    detail: unknown,
    event: Event,
  ): void {
    if (!this.tell(name, detail)) event.preventDefault();
    this.conduct.read(item);
    if (!this.expanded.delete(item.id)) this.expanded.add(item.id);
    this.requestUpdate();
  }

  act(item: ThreadedItem, action: ItemAction): void {
    this.conduct.act(item, action);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated) return;
    if (changed.has('group') || changed.has('pageSize')) this.begin(this.source.client);
    else if (changed.has('filter')) this.refilter();
    if (changed.has('active')) this.seenUpTo = undefined;
    this.conduct.keepFocus();
  }

  override firstUpdated(): void {
    if (!this.compact && !this.hideToolbar && this.clientWidth >= WIDE_PX) this.toggleFilters();
  }

  override updated(): void {
    this.conduct.catchFocus();
    this.markSeen();
    this.scrolling.loadMore();
  }

  override render(): TemplateResult {
    const { texts, store, conduct } = this;
    return html`
      <div class="head" part="header">
        <slot name="header"><h2>${texts.t('inbox.title')}</h2></slot>
        ${this.hideToolbar ? nothing : this.renderTool('filters', 'filter', () => this.toggleFilters())}
        ${this.renderTool('readAll', 'check-all', () => void conduct.check(store, store?.readAll()))}
        ${this.hideToolbar ? nothing : this.renderTool('more', 'more', () => void conduct.openInboxMenu())}
      </div>
      ${
        this.showsFilters
          ? html`<carillon-filters
              .client=${this.source.client}
              .value=${this.narrowing}
              @narrow=${({ detail }: CustomEvent<Narrowing>) => this.narrow(detail)}
            ></carillon-filters>`
          : nothing
      }
      ${renderTabs(this)} ${conduct.renderStatus()}
      <div class="body">
        ${
          store?.state.hasNewer
            ? html`<button class="pill" part="pill" @click=${() => this.scrolling.toTop()}>
                ${texts.t('inbox.newer')}
              </button>`
            : nothing
        }
        <div
          class="scroll"
          id="panel"
          role="tabpanel"
          aria-labelledby=${this.filter}
          aria-busy=${store?.state.loading ?? true}
          tabindex="-1"
          @scroll=${() => this.scrolling.scrolled()}
        >
          ${this.entries.render()}
        </div>
        <div role="status">${conduct.renderNote()}</div>
      </div>
      <div class="sr" role="status">${this.announced}</div>
    `;
  }

  get query(): InboxFilter {
    return { ...this.narrowing, filter: this.filter };
  }

  narrow(narrowing: Narrowing): void {
    this.narrowing = narrowing;
    this.refilter();
    this.requestUpdate();
  }

  /** @returns false where a listener prevented what would follow. */
  tell(name: string, detail: unknown): boolean {
    return this.dispatchEvent(
      new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }),
    );
  }

  private renderTool(name: 'filters' | 'readAll' | 'more', icon: string, act: () => void) {
    const label = this.texts.t(`inbox.${name}`);
    return html`<button
      class="quiet"
      id="tool-${name}"
      title=${label}
      aria-label=${label}
      aria-haspopup=${name === 'more' ? 'menu' : nothing}
      aria-expanded=${name === 'filters' ? !!this.showsFilters : nothing}
      @click=${act}
    >
      ${this.icons.draw(icon)}
    </button>`;
  }

  private begin(client: CarillonClient | undefined): void {
    for (const stop of this.stop.splice(0)) stop();
    this.conduct.restart();
    this.scrolling.restart();
    const options = { filter: this.query, group: this.group, limit: this.pageSize };
    this.store = client && new InboxStore(client, options);
    if (!client || !this.store) return;
    this.stop = [this.store.subscribe(() => this.changed())];
    if (this.compact) return;
    this.stop.push(
      onArrivals(client, (count, title) => {
        this.announced = this.texts.t('inbox.arrived', { count, title });
        this.requestUpdate();
      }),
    );
  }

  private changed(): void {
    const { error, status } = this.store?.state ?? {};
    if (error && error !== this.lastError) this.tell('carillon-error', error);
    this.lastError = error;
    this.wasLive ||= status === 'live';
    this.requestUpdate();
  }

  private refilter(): void {
    this.conduct.restart();
    this.scrolling.restart();
    this.store?.setFilter(this.query);
  }

  private toggleFilters(): void {
    this.showsFilters = !this.showsFilters;
    void import('./filters.js');
    this.requestUpdate();
  }

  private markSeen(): void {
    const { items, counts, loading } = this.store?.state ?? {};
    const newest = items?.[0]?.id;
    if (!this.active || loading || !counts?.unseen || newest === this.seenUpTo) return;
    if (document.visibilityState !== 'visible') return;
    this.seenUpTo = newest;
    void this.store?.seen();
  }
}

define('carillon-inbox', CarillonInbox);

declare global {
  interface HTMLElementTagNameMap {
    'carillon-inbox': CarillonInbox;
  }
}
