import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { CarillonClient } from '../../client/carillon-client.js';
import type { ThreadedItem } from '../../client/shapes.js';
import '../inbox/inbox.js';
import type { InboxText } from '../inbox/messages-en.js';
import { onArrivals } from '../shared/arrivals.js';
import { clientProperties, ClientSource, type ClientHost } from '../shared/client-source.js';
import { define } from '../shared/define.js';
import { isFocusLost } from '../shared/focus.js';
import { Localizer } from '../shared/i18n.js';
import { Icons } from '../shared/icons.js';
import { place } from '../shared/placement.js';
import { safeUrl } from '../shared/safe-url.js';
import { theme } from '../shared/theme.js';

/** A bell with the number of unread notifications, and the inbox under it: `<carillon-bell>`, see docs/inbox.md. */
export class CarillonBell extends LitElement implements ClientHost {
  static override properties = {
    ...clientProperties,
    lang: { reflect: true },
    theme: { reflect: true },
    placement: {},
    max: { type: Number },
    group: { type: Boolean },
    open: { type: Boolean, reflect: true },
  };
  static override styles = [
    theme,
    css`
      :host {
        display: inline-block;
      }
      .bell {
        position: relative;
        display: grid;
        place-items: center;
        width: 40px;
        height: 40px;
        border-radius: var(--carillon-bell-radius, 10px);
        color: var(--carillon-bell-color, inherit);
      }
      .bell:hover,
      .bell[aria-expanded='true'] {
        background: color-mix(in srgb, currentColor 9%, transparent);
      }
      .bell svg {
        width: var(--carillon-bell-size, 22px);
        height: var(--carillon-bell-size, 22px);
      }
      .badge {
        position: absolute;
        inset-block-start: 1px;
        inset-inline-start: 50%;
        min-width: 18px;
        padding: 0 4px;
        border-radius: 9px;
        background: var(--c-badge);
        color: var(--c-on-badge);
        font-size: 11px;
        font-weight: 700;
        line-height: 18px;
        text-align: center;
      }
      .popup {
        position: fixed;
        inset: auto;
        width: min(var(--carillon-width, 420px), 100vw - 16px);
        height: min(var(--carillon-height, 600px), 100dvh - 16px);
        margin: 0;
        padding: 0;
        overflow: hidden;
        border: 1px solid var(--c-line);
        border-radius: var(--c-radius);
        background: var(--c-background);
        box-shadow: var(--c-shadow);
        color: inherit;
      }
      .popup:focus-visible {
        outline-offset: -2px;
      }
      .popup:popover-open {
        display: flex;
        flex-direction: column;
      }
      carillon-inbox {
        flex: 1;
        min-height: 0;
        border-radius: 0;
      }
    `,
  ];

  declare client: CarillonClient | undefined;
  declare apiUrl: string | undefined;
  declare token: string | undefined;
  declare theme: 'light' | 'dark' | 'auto' | undefined;
  /** Which edge of the inbox is in line with the bell's: `start` or `end`. Default `end`. */
  declare placement: 'start' | 'end';
  /** The badge counts so far, then says "99+". 1-99, default 99. */
  declare max: number;
  /** One entry for each thread. Default false. */
  declare group: boolean;
  /** Whether the inbox is shown. */
  declare open: boolean;

  private unread = 0;
  private announced = '';
  private wasOpened = false;
  private stop: (() => void)[] = [];
  private readonly texts = new Localizer<InboxText>(this);
  private readonly icons = new Icons(this);
  private readonly source = new ClientSource(this, (client) => this.begin(client));
  private readonly move = () => this.place();

  constructor() {
    super();
    this.placement = 'end';
    this.max = 99;
    this.group = this.open = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.open = false;
    this.follow(false);
  }

  override firstUpdated(): void {
    // So that a press on the bell toggles, instead of closing from outside and opening again.
    (this.renderRoot.querySelector('.bell') as HTMLButtonElement).popoverTargetElement = this.popup;
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('open')) return;
    const { popup } = this;
    if (this.open === popup?.matches(':popover-open')) return;
    popup?.togglePopover(this.open);
  }

  override render(): TemplateResult {
    const { texts, unread, open } = this;
    const max = Math.min(this.max, 99);
    const isMore = unread > max;
    const label = isMore ? 'bell.many' : unread > 0 ? 'bell.unread' : 'bell.label';
    this.wasOpened ||= open;
    return html`
      <button
        class="bell"
        part="button"
        aria-haspopup="dialog"
        aria-expanded=${open}
        aria-label=${texts.t(label, { count: isMore ? max : unread })}
      >
        <slot name="icon">${this.icons.draw('bell')}</slot>
        ${unread > 0 ? html`<span class="badge" part="badge" aria-hidden="true">${isMore ? `${max}+` : unread}</span>` : nothing}
      </button>
      <div
        class="popup"
        part="popup"
        popover="auto"
        role="dialog"
        aria-label=${texts.t('bell.label')}
        tabindex="-1"
        @toggle=${(event: ToggleEvent) => this.toggled(event)}
        @focusout=${(event: FocusEvent) => this.left(event)}
      >
        ${
          this.wasOpened
            ? html`<carillon-inbox
                compact
                exportparts="header,tabs,list,item,title,message,time,action,count,pill,note,status,state"
                .client=${this.source.client}
                @carillon-item-click=${({ detail }: CustomEvent<ThreadedItem>) => this.leave(detail.actionUrl)}
                @carillon-action=${() => this.leave('/')}
                .active=${open}
                .group=${this.group}
                lang=${this.lang || nothing}
              >
                ${['header', 'empty'].map((name) =>
                  this.querySelector(`:scope > [slot=${name}]`)
                    ? html`<slot name=${name} slot=${name}></slot>`
                    : nothing,
                )}
              </carillon-inbox>`
            : nothing
        }
        <slot name="footer"></slot>
      </div>
      <div class="sr" role="status">${this.announced}</div>
    `;
  }

  private get popup(): HTMLElement | null {
    return this.renderRoot.querySelector('.popup');
  }

  private begin(client: CarillonClient | undefined): void {
    for (const stop of this.stop.splice(0)) stop();
    // Another element may have connected before, and heard them then.
    this.count(client?.knownCounts?.unread ?? 0);
    if (!client) return;
    this.stop = [
      client.retain(),
      client.on('ready', ({ counts }) => this.count(counts.unread)),
      client.on('counts', ({ unread }) => this.count(unread)),
      onArrivals(client, (count, title) => {
        this.announced = this.texts.t('inbox.arrived', { count, title });
        this.requestUpdate();
      }),
    ];
  }

  private count(unread: number): void {
    this.unread = unread;
    this.requestUpdate();
  }

  private toggled(event: ToggleEvent): void {
    if (event.target !== this.popup) return;
    this.open = event.newState === 'open';
    this.follow(this.open);
    if (!this.open) {
      if (isFocusLost()) this.renderRoot.querySelector<HTMLElement>('.bell')?.focus();
      return;
    }
    this.place();
    this.popup?.focus();
    this.dispatchEvent(new CustomEvent('carillon-open', { bubbles: true, composed: true }));
  }

  /** Whoever goes where an item leads does not want the inbox in front of it. */
  private leave(url: string | null): void {
    if (safeUrl(url)) this.open = false;
  }

  /** Focus that went on into the page leaves nothing in front of it. */
  private left({ relatedTarget }: FocusEvent): void {
    if (!(relatedTarget instanceof Node)) return;
    if (!this.renderRoot.contains(relatedTarget) && !this.contains(relatedTarget)) this.open = false;
  }

  private follow(isFollowing: boolean): void {
    const change = isFollowing ? addEventListener : removeEventListener;
    change('resize', this.move);
    change('scroll', this.move, true);
  }

  private place(): void {
    const button = this.renderRoot.querySelector('.bell');
    if (this.popup && button) place(this.popup, button, this.placement);
  }
}

define('carillon-bell', CarillonBell);

declare global {
  interface HTMLElementTagNameMap {
    'carillon-bell': CarillonBell;
  }
}
