import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { Icons } from '../../elements/shared/icons.js';
import { Localizer } from '../../elements/shared/i18n.js';
import { Clock } from '../../elements/shared/relative-time.js';
import { theme } from '../../elements/shared/theme.js';
import type { ConsoleContext } from '../context.js';
import type { ConsoleText } from '../messages-en.js';
import { consoleStyles } from './styles.js';

/** What stands around a page's heading. */
export interface PageHead {
  /** Above it: the way to the page that this one belongs to. */
  back?: { to: string; label: string };
  /** Beside it. */
  badge?: unknown;
  /** Below it: what the page is for, or about. */
  text?: unknown;
  /** Below it: of what it shows. */
  id?: string | undefined;
  /** At the end of its line: what can be done here. */
  actions?: unknown;
}

/**
 * What every page of the console begins with: its texts, its icons, and what it is told of the address. A page of the
 * same address gets new `query` values while it stays; another address makes a new one.
 */
export abstract class ConsolePage<Key extends string = never> extends LitElement {
  static override styles = [theme, consoleStyles];
  static override properties = {
    context: { attribute: false },
    params: { attribute: false },
    query: { attribute: false },
  };

  declare context: ConsoleContext;
  /** Of the address' path: `id` of `notifications/:id`. */
  declare params: Readonly<Record<string, string>>;
  /** Of the address' query. */
  declare query: URLSearchParams;

  protected readonly texts = new Localizer<ConsoleText | Key>(this);
  protected readonly icons = new Icons(this);

  constructor() {
    super();
    this.params = {};
    this.query = new URLSearchParams();
    new Clock(this);
  }

  /** What the page is called: its heading, and the title of its tab. */
  abstract get heading(): string;

  protected head({ back, badge, text, id, actions }: PageHead = {}): TemplateResult {
    return html`<div class="head">
      <div>
        ${back ? html`<a class="back" href=${back.to}>${back.label}</a>` : nothing}
        <div class="title">
          <h1 tabindex="-1">${this.heading}</h1>
          ${badge ?? nothing}
        </div>
        ${text ? html`<p>${text}</p>` : nothing}
        ${id === undefined ? nothing : html`<code class="muted">${id}</code>`}
      </div>
      ${actions ?? nothing}
    </div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    document.title = `${this.heading} – ${this.texts.t('brand')}`;
  }

  /** Puts what is read aloud next at the page's beginning. */
  focusHeading(): void {
    this.shadowRoot?.querySelector<HTMLElement>('h1')?.focus();
  }
}
