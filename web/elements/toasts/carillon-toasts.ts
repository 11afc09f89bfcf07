import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { CarillonClient } from '../../client/carillon-client.js';
import type { CarillonError } from '../../client/carillon-error.js';
import type { Item, Severity } from '../../client/shapes.js';
import { ClientSource, clientProperties } from '../shared/client-source.js';
import { addMessages, Localizer } from '../shared/i18n.js';
import { Icons } from '../shared/icons.js';
import { theme } from '../shared/theme.js';
import { FocusWay } from './focus-way.js';
import { leave } from './leave.js';
import { LiveRegions } from './live-regions.js';
import { hear, isFresh, type LiveToasts } from './live-toasts.js';
import { english, type ToastsText } from './messages-en.js';
import { SwipeAway } from './swipe.js';
import { TabTurn } from './tab-turn.js';
import { ToastQueue, toastOf, type Toast } from './toast-queue.js';
import { ToastTimers } from './toast-timers.js';
import { tintOf, toastContent, type Action, type ToastHost } from './toast-view.js';
import { toastsStyles } from './toasts-styles.js';

addMessages('en', english);
addMessages('fr', () => import('./messages-fr.js').then(({ french }) => french));

const isOff = (value: string | null) => value !== null && /^(false|off|none)$/.test(value);

/**
 * `<carillon-toasts>`: shows what arrives for a while, in a corner of the page.
 *
 * @fires carillon-toast-click - cancelable, `detail.item`: a toast was chosen. Cancelled, its link is not followed.
 * @fires carillon-action - cancelable, `detail.item` and `detail.action`: one of its actions was chosen.
 * @fires carillon-error - `detail`: a `CarillonError`, where it could not be marked as read.
 * @csspart toast - one toast
 * @csspart progress - its bar
 */
export class CarillonToasts extends LitElement implements LiveToasts, ToastHost {
  static override styles = [theme, toastsStyles];
  static override properties = {
    ...clientProperties,
    position: { reflect: true },
    timeout: { type: Number },
    progress: { converter: (value: string | null) => !isOff(value) },
    max: { type: Number },
    severities: {},
    missed: { type: Boolean },
    oneTab: { attribute: 'one-tab', type: Boolean },
    shortcut: {},
  };

  declare client?: CarillonClient;
  declare apiUrl?: string;
  declare token?: string;
  /** `top` or `bottom`, a hyphen, and `right`, `left`, `center`, `start` or `end`. Default `top-right`. */
  declare position: string;
  /** Milliseconds; 0: until it is closed. Default 5000. */
  declare timeout: number;
  /** Whether a bar shows how much of that is left. Default true; `progress="off"` hides it. */
  declare progress: boolean;
  /** Shown at once; the others wait. Default 4. */
  declare max: number;
  /** The severities that are shown, apart by spaces; what is critical always is. Default all. */
  declare severities?: string;
  /** Whether what arrived before the page was opened, and nobody has seen, is shown too. Default false. */
  declare missed: boolean;
  /** Whether of several tabs only one shows it: the one that is looked at. Default false. */
  declare oneTab: boolean;
  /** The key that leads into the toasts and back, as `KeyboardEvent.key` has it; empty: none. Default `F8`. */
  declare shortcut: string;

  readonly texts = new Localizer<ToastsText>(this);
  readonly icons = new Icons(this);
  private readonly queue = new ToastQueue();
  private readonly timers = new ToastTimers();
  private readonly focusWay = new FocusWay(() => this.shadowRoot);
  private readonly swipe = new SwipeAway((element) => void this.dismiss(element.dataset['key'] ?? ''));
  private readonly regions = new LiveRegions((key) => void this.fill(key));
  private readonly source = new ClientSource(this, (client) => {
    this.endHearing?.();
    this.closeAll();
    this.endHearing = client && hear(client, this, this.missed);
  });
  private turn?: TabTurn;
  private saidSoFar = 0;
  private endHearing?: () => void;

  constructor() {
    super();
    this.position = 'top-right';
    this.timeout = 5000;
    this.progress = true;
    this.max = 4;
    this.missed = false;
    this.oneTab = false;
    this.shortcut = 'F8';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.onShortcut);
    document.addEventListener('visibilitychange', this.onVisibility);
    this.onVisibility();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onShortcut);
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.turn?.close();
    this.turn = undefined;
  }

  arrived(item: Item): void {
    const wanted = this.severities?.trim();
    const isWanted = !wanted || item.critical || wanted.split(/[\s,]+/).includes(item.severity);
    if (isFresh(item) && isWanted) void this.show({ key: item.id, ...toastOf(item) });
  }

  changed(item: Item): void {
    if (!isFresh(item)) return void this.dismiss(item.id);
    this.queue.update(item.id, toastOf(item));
    this.requestUpdate();
  }

  removed(id: string): void {
    void this.dismiss(id);
  }

  allRead(): void {
    for (const { key, item } of [...this.queue.waiting, ...this.queue.shown])
      if (item) void this.dismiss(key);
  }

  said(message: string, severity: Severity): void {
    const key = `said ${(this.saidSoFar += 1)}`;
    // It stands in no inbox: what is grave would be gone for good.
    const stays = severity === 'error';
    const title = this.texts.t('toasts.said');
    void this.show({ key, severity, title, message, stays }, `${severity} ${message}`);
  }

  failed(error: CarillonError): void {
    this.tell('carillon-error', error);
  }

  /** Takes all of them away, those that wait too. They stay unread. */
  closeAll(): void {
    const wasIn = this.focusWay.isIn();
    for (const { key } of this.queue.shown) this.forget(key);
    this.queue.clear();
    this.requestUpdate();
    if (wasIn) this.focusWay.leave();
  }

  hasBar({ stays }: Toast): boolean {
    return this.progress && this.timeout > 0 && !stays;
  }

  choose(event: Event, item: Item): void {
    if (!this.tell('carillon-toast-click', { item }, true)) event.preventDefault();
    this.read(item);
  }

  act(event: Event, item: Item, action: Action): void {
    if (!this.tell('carillon-action', { item, action }, true)) event.preventDefault();
    this.read(item);
  }

  async dismiss(key: string): Promise<void> {
    const element = this.elementOf(key);
    if (!element) return this.drop(key);
    const refocus = this.focusWay.after(element);
    this.timers.stop(key);
    await leave(element);
    this.drop(key);
    await this.updateComplete;
    refocus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('max')) this.queue.resize(this.max);
    // At once, so that it hears what others take before it takes anything itself.
    if (this.oneTab) this.turn ??= new TabTurn();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { shown, waiting } = this.queue;
    const count = shown.length + waiting.length;
    if (count === 0) return nothing;
    const isBelow = this.position.startsWith('bottom');
    const key = this.shortcut;
    const toasts = repeat(
      isBelow ? shown.toReversed() : shown,
      (toast) => toast.key,
      (toast) => this.toast(toast),
    );
    const rest = count > 2 ? this.rest(waiting.length) : nothing;
    return html`<section
      aria-label=${this.texts.t(key ? 'toasts.regionKey' : 'toasts.region', { count, key })}
      @pointerover=${() => this.timers.pause('pointer')}
      @pointerleave=${() => this.timers.resume('pointer')}
      @focusin=${() => this.timers.pause('focus')}
      @focusout=${() => this.timers.resume('focus')}
      @keydown=${this.onKey}
    >
      ${isBelow ? [rest, toasts] : [toasts, rest]}
    </section>`;
  }

  protected override updated(): void {
    if (this.queue.shown.length === 0) {
      // What was pointed at is gone, and tells no more when the pointer leaves it.
      this.timers.resume('pointer');
      this.timers.resume('focus');
    }
    for (const { key } of this.queue.shown) this.regions.stands(key);
  }

  private toast(toast: Toast): TemplateResult {
    const { key, severity } = toast;
    return html`<div
      class="toast"
      part="toast"
      role=${severity === 'error' || severity === 'warning' ? 'alert' : 'status'}
      data-key=${key}
      data-severity=${severity}
      ?data-stays=${toast.stays}
      .style=${`--tint: ${tintOf(toast)}`}
      @pointerdown=${(event: PointerEvent) => this.swipe.start(event)}
      @pointermove=${(event: PointerEvent) => this.swipe.move(event)}
      @pointerup=${(event: PointerEvent) => this.swipe.end(event)}
      @pointercancel=${(event: PointerEvent) => this.swipe.end(event)}
      @click=${this.swipe.click}
    >
      ${this.regions.isFilled(key) ? toastContent(this, toast) : nothing}
    </div>`;
  }

  private rest(waiting: number): TemplateResult {
    return html`<div class="rest">
      ${waiting > 0 ? html`<span>${this.texts.t('toasts.waiting', { count: waiting })}</span>` : nothing}
      <button @click=${() => this.closeAll()}>${this.texts.t('toasts.closeAll')}</button>
    </div>`;
  }

  /** @param turnKey by which other tabs know it. */
  private async show(toast: Toast, turnKey = toast.key): Promise<void> {
    if (this.oneTab && !(await this.turn?.take(turnKey))) return;
    if (this.isConnected && this.queue.add(toast)) this.requestUpdate();
  }

  private async fill(key: string): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    const toast = this.queue.shown.find((one) => one.key === key);
    if (!toast || toast.stays || this.timeout <= 0) return;
    const bar = this.elementOf(key)?.querySelector('.bar');
    this.timers.start(key, this.timeout, bar, () => void this.dismiss(key));
  }

  private drop(key: string): void {
    this.forget(key);
    this.queue.remove(key);
    this.requestUpdate();
  }

  private forget(key: string): void {
    this.timers.stop(key);
    this.regions.forget(key);
  }

  private elementOf(key: string): HTMLElement | undefined {
    const toasts = this.shadowRoot?.querySelectorAll<HTMLElement>('.toast') ?? [];
    return [...toasts].find((toast) => toast.dataset['key'] === key);
  }

  private read(item: Item): void {
    void this.dismiss(item.id);
    this.source.client?.change(item.id, 'read').catch((error: CarillonError) => this.failed(error));
  }

  /** @returns whether nobody cancelled it. */
  private tell(name: string, detail: unknown, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
  }

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    const toast = (event.target as Element).closest<HTMLElement>('.toast');
    event.stopPropagation();
    if (toast) void this.dismiss(toast.dataset['key'] ?? '');
    else this.closeAll();
  };

  private readonly onShortcut = (event: KeyboardEvent) => {
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!this.shortcut || event.key !== this.shortcut || !isPlain || event.defaultPrevented) return;
    if (this.focusWay.toggle()) event.preventDefault();
  };

  private readonly onVisibility = () => {
    if (document.visibilityState === 'hidden') this.timers.pause('hidden');
    else this.timers.resume('hidden');
  };
}
