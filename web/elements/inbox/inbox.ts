import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { CarillonClient } from '../../client/carillon-client.js';
import type { CarillonError } from '../../client/carillon-error.js';
import { InboxStore } from '../../client/inbox-store.js';
import type { InboxFilter, ThreadedItem } from '../../client/shapes.js';
import { onArrivals } from '../shared/arrivals.js';
import { clientProperties, ClientSource, type ClientHost } from '../shared/client-source.js';
import { addMessages, Localizer } from '../shared/i18n.js';
import { Icons } from '../shared/icons.js';
import { Clock } from '../shared/relative-time.js';
import { theme } from '../shared/theme.js';
import { conductStyles } from './conduct-styles.js';
import { Conduct } from './conduct.js';
import type { Narrowing } from './filters.js';
import { inboxStyles } from './inbox-styles.js';
import { renderGhost, renderItem, type ItemAction, type ItemList } from './item-row.js';
import { itemStyles } from './item-styles.js';
import { english, type InboxText } from './messages-en.js';
import type { renderVirtually } from './virtual-list.js';

addMessages('en', english);
addMessages('fr', async () => (await import('./messages-fr.js')).french);

type Tab = NonNullable<InboxFilter['filter']>;
const tabs: Tab[] = ['all', 'unread', 'archived'];

/** From so many entries on, only those in view are in the page. */
const VIRTUAL_FROM = 200;
/** So near the end of the list, in pixels, the next page is asked for. */
const NEAR_END_PX = 600;
/** So far down, in pixels, somebody is reading: nothing is pushed in above. */
const SCROLLED_PX = 40;
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
  private readonly conduct = new Conduct(this);
  private virtual?: typeof renderVirtually;
  private stop: (() => void)[] = [];
  private showsFilters?: boolean;
  private isStuck = false;
  private isLoadingMore = false;
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
    this.loadMore();
  }

  override render(): TemplateResult {
    const { texts, store, conduct } = this;
    const { unread = 0 } = store?.state.counts ?? {};
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
      <div
        role="tablist"
        part="tabs"
        aria-label=${texts.t('inbox.title')}
        @keydown=${(event: KeyboardEvent) => this.onTabKey(event)}
      >
        ${tabs.map(
          (tab) =>
            html`<button
              role="tab"
              id=${tab}
              aria-controls="panel"
              aria-selected=${tab === this.filter}
              tabindex=${tab === this.filter ? 0 : -1}
              @click=${() => (this.filter = tab)}
            >
              ${texts.t(`inbox.${tab}`)}${
                tab === 'unread' && unread
                  ? html`<span class="count" part="count">${unread > 99 ? '99+' : unread}</span>`
                  : nothing
              }
            </button>`,
        )}
      </div>
      ${conduct.renderStatus()}
      <div class="body">
        ${
          store?.state.hasNewer
            ? html`<button class="pill" part="pill" @click=${() => this.toTop()}>
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
          @scroll=${(event: Event) => this.onScroll(event)}
        >
          ${this.renderList()}
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

  async more(): Promise<void> {
    const { store } = this;
    this.isLoadingMore = true;
    this.isStuck = false;
    await store?.more();
    this.isLoadingMore = false;
    this.isStuck = store?.state.error !== undefined;
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

  private renderList() {
    const { texts, conduct } = this;
    const { items = [], loading = true, ended = false, error } = this.store?.state ?? {};
    const rows = conduct.remaining(items);
    if (rows.length === 0) {
      if (!loading && (ended || error)) return conduct.renderEmpty();
      return html`<span class="sr">${texts.t('inbox.loading')}</span>
        <ul class="list" aria-hidden="true">
          ${tabs.map(() => [renderGhost(), renderGhost()])}
        </ul>`;
    }
    if (!rows.some(({ id }) => id === this.activeId) && !this.shadowRoot?.activeElement?.closest('.row')) {
      this.activeId = rows[0]?.id;
    }
    const isLong = rows.length > VIRTUAL_FROM;
    if (isLong && !this.virtual) void this.loadVirtual();
    const row = (item: ThreadedItem, index: number) =>
      renderItem(item, this, isLong ? [index + 1, ended ? rows.length : -1] : undefined);
    return html`<ul
        class="list"
        part="list"
        role="list"
        @keydown=${(event: KeyboardEvent) => this.conduct.onKey(event)}
        @focusin=${(event: FocusEvent) => this.onFocus(event)}
      >
        ${isLong && this.virtual ? this.virtual(rows, row) : repeat(rows, ({ id }) => id, row)}
      </ul>
      ${
        loading
          ? html`<ul class="list" aria-hidden="true">
              ${renderGhost()}
            </ul>`
          : nothing
      }
      ${this.isStuck ? conduct.renderStuck() : nothing}`;
  }

  private begin(client: CarillonClient | undefined): void {
    for (const stop of this.stop.splice(0)) stop();
    this.conduct.restart();
    this.isStuck = false;
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
    this.isStuck = false;
    this.store?.setFilter(this.query);
    this.scroller?.scrollTo(0, 0);
  }

  private toggleFilters(): void {
    this.showsFilters = !this.showsFilters;
    void import('./filters.js');
    this.requestUpdate();
  }

  private async loadVirtual(): Promise<void> {
    this.virtual = (await import('./virtual-list.js')).renderVirtually;
    this.requestUpdate();
  }

  private get scroller(): Element | null {
    return this.renderRoot.querySelector('.scroll');
  }

  private markSeen(): void {
    const { items, counts, loading } = this.store?.state ?? {};
    const newest = items?.[0]?.id;
    if (!this.active || loading || !counts?.unseen || newest === this.seenUpTo) return;
    if (document.visibilityState !== 'visible') return;
    this.seenUpTo = newest;
    void this.store?.seen();
  }

  private loadMore(): void {
    const { scroller } = this;
    const { items, ended, loading } = this.store?.state ?? {};
    if (!scroller?.clientHeight || !items?.length || ended || loading) return;
    if (this.isStuck || this.isLoadingMore) return;
    if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX) void this.more();
  }

  private onScroll(event: Event): void {
    this.store?.pin((event.target as Element).scrollTop > SCROLLED_PX);
    this.loadMore();
  }

  private toTop(): void {
    this.scroller?.scrollTo(0, 0);
    this.store?.pin(false);
    this.requestUpdate();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.title')?.focus());
  }

  private onFocus(event: FocusEvent): void {
    this.activeId = (event.target as Element).closest<HTMLElement>('.row')?.dataset.id ?? this.activeId;
    this.requestUpdate();
  }

  private onTabKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const isRightToLeft = getComputedStyle(this).direction === 'rtl';
    const at = tabs.indexOf(this.filter) + (isRightToLeft ? -step : step);
    this.filter = tabs.at(at % tabs.length) ?? 'all';
    this.renderRoot.querySelector<HTMLElement>(`#${this.filter}`)?.focus();
  }
}

customElements.define('carillon-inbox', CarillonInbox);

declare global {
  interface HTMLElementTagNameMap {
    'carillon-inbox': CarillonInbox;
  }
}
