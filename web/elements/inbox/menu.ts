import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { define } from '../shared/define.js';
import { addMessages, Localizer } from '../shared/i18n.js';
import { Icons } from '../shared/icons.js';
import { isFocusLost } from '../shared/focus.js';
import { place } from '../shared/placement.js';
import { theme } from '../shared/theme.js';
import { english, type MoreText } from './messages-more-en.js';

addMessages('en', english);

/** One line of a menu: a heading, or something to do, perhaps after a question. */
export interface MenuEntry {
  label: string;
  icon?: string;
  /** Beside the label, e.g. the time that it stands for. */
  hint?: string;
  /** Absent for a heading. */
  act?: () => void;
  /** Of something that is on or off. */
  isOn?: boolean;
  /** Asked before `act`. */
  question?: string;
  /** Asked for a time, at which it calls with the time chosen. */
  chooseTime?: (until: Date) => void;
}

/** From the pointer's release to what its click leads to, at most. */
const PRESS_MS = 100;

/** A menu under a button, in the top layer. Escape or a click elsewhere closes it, and focus goes back to the button. */
export class Menu extends LitElement {
  static override properties = { entries: { attribute: false } };
  static override styles = [
    theme,
    css`
      :host {
        position: fixed;
        inset: auto;
        margin: 0;
        width: max-content;
        min-width: 200px;
        max-width: min(320px, 100vw - 16px);
        padding: 6px;
        border: 1px solid var(--c-line);
        border-radius: var(--c-radius);
        background: var(--c-background);
        box-shadow: var(--c-shadow);
        outline: 0;
      }
      .entry {
        display: flex;
        align-items: center;
        gap: 10px;
        width: 100%;
        min-height: 34px;
        padding: 6px 10px;
        border-radius: 7px;
        text-align: start;
      }
      .entry:hover,
      .entry:focus-visible {
        background: var(--c-raised);
      }
      .entry:focus-visible {
        outline-offset: -2px;
      }
      .entry svg {
        color: var(--c-muted);
      }
      .hint {
        margin-inline-start: auto;
        padding-inline-start: 16px;
        color: var(--c-muted);
        font-size: 0.9em;
      }
      .heading {
        padding: 8px 10px 4px;
        color: var(--c-muted);
        font-size: 0.9em;
      }
      form {
        display: grid;
        gap: 10px;
        padding: 8px;
        max-width: 264px;
      }
      p {
        margin: 0;
      }
      label {
        display: grid;
        gap: 4px;
      }
      input {
        height: 34px;
        padding: 0 8px;
        border: 1px solid var(--c-muted);
        border-radius: 7px;
        background: var(--c-background);
      }
      .buttons {
        display: flex;
        justify-content: end;
        gap: 8px;
      }
      .buttons button {
        height: 32px;
        padding: 0 12px;
        border: 1px solid var(--c-line);
        border-radius: 7px;
      }
      .buttons .main {
        border-color: transparent;
        background: var(--c-accent);
        color: var(--c-on-accent);
        font-weight: 600;
      }
    `,
  ];
  declare entries: MenuEntry[];
  private asking?: MenuEntry;
  private button?: Element;
  /** What had focus before. */
  private opener?: HTMLElement;
  private closedAtMs = 0;
  private readonly localizer = new Localizer<MoreText>(this);
  private readonly icons = new Icons(this);

  constructor() {
    super();
    this.entries = [];
    this.addEventListener('keydown', (event) => this.moved(event));
    this.addEventListener('beforetoggle', ({ newState, timeStamp }) => {
      if (newState === 'closed') this.closedAtMs = timeStamp;
    });
    this.addEventListener('toggle', ({ newState }) => {
      if (newState === 'closed' && isFocusLost()) this.opener?.focus();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.popover = 'auto';
  }

  /** Shows the entries under the button. */
  async openAt(button: Element, label: string, entries: MenuEntry[]): Promise<void> {
    // The press on its button that closed it is not one that opens it.
    if (button === this.button && performance.now() - this.closedAtMs < PRESS_MS) return;
    this.button = button;
    this.opener = ((this.getRootNode() as ShadowRoot).activeElement ?? button) as HTMLElement;
    this.asking = undefined;
    this.entries = entries;
    this.ariaLabel = label;
    this.showPopover();
    await this.updateComplete;
    place(this, button, 'end');
    this.focusFirst();
  }

  override render() {
    this.role = this.asking ? 'dialog' : 'menu';
    return this.asking
      ? this.renderQuestion(this.asking)
      : this.entries.map((entry) => this.renderEntry(entry));
  }

  private renderEntry(entry: MenuEntry): TemplateResult {
    const { label, icon, hint, act, isOn, question, chooseTime } = entry;
    if (!act && !chooseTime) return html`<div class="heading" role="presentation">${label}</div>`;
    return html`<button
      class="entry"
      role=${isOn === undefined ? 'menuitem' : 'menuitemcheckbox'}
      aria-checked=${isOn ?? nothing}
      tabindex="-1"
      @click=${() => (question || chooseTime ? this.ask(entry) : this.do(() => act?.()))}
    >
      ${isOn === undefined ? (icon ? this.icons.draw(icon) : nothing) : this.icons.draw(isOn ? 'check' : 'blank')}
      <span>${label}</span>${hint ? html`<span class="hint">${hint}</span>` : nothing}
    </button>`;
  }

  private renderQuestion({ act, question, chooseTime }: MenuEntry): TemplateResult {
    const t = this.localizer.t.bind(this.localizer);
    const now = new Date();
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      const time = this.renderRoot.querySelector('input')?.value;
      if (!chooseTime) this.do(() => act?.());
      else if (time) this.do(() => chooseTime(new Date(time)));
    };
    return html`<form @submit=${submit}>
      ${
        chooseTime
          ? html`<label
              >${t('menu.time')}
              <input
                type="datetime-local"
                required
                min=${localTime(new Date(now.getTime() + 60_000))}
                max=${localTime(new Date(now.getTime() + 365 * 86_400_000))}
                .value=${localTime(new Date(now.getTime() + 3 * 3_600_000))}
              />
            </label>`
          : html`<p>${question}</p>`
      }
      <div class="buttons">
        <button type="button" @click=${() => this.ask(undefined)}>${t('menu.back')}</button>
        <button class="main">${t(chooseTime ? 'menu.set' : 'menu.confirm')}</button>
      </div>
    </form>`;
  }

  private do(action: () => void): void {
    this.hidePopover();
    action();
  }

  private ask(entry: MenuEntry | undefined): void {
    this.asking = entry;
    this.requestUpdate();
    void this.updateComplete.then(() => this.focusFirst());
  }

  private focusFirst(): void {
    this.renderRoot.querySelector<HTMLElement>('.entry, input, .buttons button')?.focus();
  }

  private moved(event: KeyboardEvent): void {
    // What is pressed in a menu is not for the list under it.
    event.stopPropagation();
    if (this.asking) return;
    const entries = [...this.renderRoot.querySelectorAll<HTMLElement>('.entry')];
    const at = entries.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === 'Tab') this.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    entries.at(to % entries.length)?.focus();
  }
}

/** What `datetime-local` takes: the wall clock here, to the minute. */
function localTime(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

define('carillon-menu', Menu);

declare global {
  interface HTMLElementTagNameMap {
    'carillon-menu': Menu;
  }
}
