import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { Icons } from '../../elements/shared/icons.js';
import { Localizer } from '../../elements/shared/i18n.js';
import { theme } from '../../elements/shared/theme.js';
import { applyTheme, storedTheme, themes } from '../../elements/shared/page-theme.js';
import type { ConsoleContext } from '../context.js';
import { whereToFind } from '../parts/find-target.js';
import type { ConsoleText } from '../messages-en.js';
import { pages, type PageEntry } from './pages.js';
import { href } from '../addresses.js';
import type { Tenant } from './session.js';
import { sidebarStyles } from './sidebar-styles.js';
import { consoleStyles } from '../parts/styles.js';

const groups = ['now', 'setup'] as const;

/**
 * `<console-sidebar>`: whose tenant this is, where one can go, and the way out.
 *
 * @fires console-skip - past all of it, to the contents.
 */
export class ConsoleSidebar extends LitElement {
  static override styles = [theme, consoleStyles, sidebarStyles];
  static override properties = {
    context: { attribute: false },
    tenant: { attribute: false },
    current: { attribute: false },
    isOpen: { state: true },
  };

  declare context: ConsoleContext;
  declare tenant: Tenant;
  /** The path of the page that is shown. */
  declare current?: string;
  /** On a narrow screen, where the navigation is not always there. */
  declare isOpen: boolean;

  private readonly texts = new Localizer<ConsoleText>(this);
  private readonly icons = new Icons(this);

  constructor() {
    super();
    this.isOpen = false;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('current')) this.isOpen = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.pressed);
  }

  /** `/` goes to the search, wherever nothing is being typed. */
  private readonly pressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && this.isOpen) this.isOpen = false;
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    const [target] = event.composedPath();
    if (target instanceof HTMLElement && target.matches('input, select, textarea, [contenteditable]')) return;
    event.preventDefault();
    this.isOpen = true;
    void this.updateComplete.then(() =>
      this.shadowRoot?.querySelector<HTMLElement>('input[type=search]')?.focus(),
    );
  };

  protected override render(): TemplateResult {
    const { texts, icons, tenant, context } = this;
    return html`<header>
      <button class="skip" @click=${() => this.dispatchEvent(new Event('console-skip'))}>
        ${texts.t('skip')}
      </button>
      <div class="top">
        <a class="brand" href=${href()}>
          <img src="/console/icon.svg" alt="" width="28" height="28" />
          <span><strong>${texts.t('brand')}</strong> <small>${texts.t('brand.console')}</small></span>
        </a>
        <button
          class="button menu"
          aria-expanded=${this.isOpen}
          aria-controls="places"
          @click=${() => (this.isOpen = !this.isOpen)}
        >
          ${icons.draw(this.isOpen ? 'close' : 'menu')}${texts.t('nav.menu')}
        </button>
      </div>
      <div id="places" class="places ${this.isOpen ? 'open' : ''}">
        <div class="tenant">
          ${icons.draw('building')}
          <span title=${tenant.id}><strong>${tenant.name}</strong><small>${tenant.id}</small></span>
          ${
            context.session.isPlatform
              ? html`<button
                  class="quiet"
                  aria-label=${texts.t('tenants.change')}
                  title=${texts.t('tenants.change')}
                  @click=${() => context.session.leaveTenant()}
                >
                  ${icons.draw('refresh')}
                </button>`
              : nothing
          }
        </div>
        <form
          role="search"
          aria-label=${texts.t('go.label')}
          @submit=${(event: SubmitEvent) => this.find(event)}
        >
          ${icons.draw('find')}
          <input
            type="search"
            name="what"
            aria-label=${texts.t('go.label')}
            placeholder=${texts.t('go.placeholder')}
            autocomplete="off"
            spellcheck="false"
          />
          <kbd aria-hidden="true">/</kbd>
        </form>
        <nav aria-label=${texts.t('nav.label')}>${groups.map((group) => this.group(group))}</nav>
        <div class="foot">
          ${this.themes()}
          <button class="out" @click=${() => context.session.signOut()}>
            ${icons.draw('out')}${texts.t('signOut')}
          </button>
        </div>
      </div>
    </header>`;
  }

  private group(group: (typeof groups)[number]): TemplateResult | typeof nothing {
    const shown = pages.filter(({ nav }) => nav?.group === group);
    if (shown.length === 0) return nothing;
    return html`<h2>${this.texts.t(`nav.${group}`)}</h2>
      <ul>
        ${shown.map((entry) => this.link(entry))}
      </ul>`;
  }

  private link({ path, nav }: PageEntry): TemplateResult | typeof nothing {
    if (!nav) return nothing;
    const isCurrent = this.current === path;
    return html`<li>
      <a href=${href(path)} aria-current=${isCurrent ? 'page' : nothing}>
        ${this.icons.draw(nav.icon)}${this.texts.t(nav.label)}
      </a>
    </li>`;
  }

  private themes(): TemplateResult {
    const current = storedTheme('console');
    return html`<fieldset class="themes">
      <legend class="sr">${this.texts.t('theme.label')}</legend>
      ${themes.map(
        (one) =>
          html`<label>
            <input
              type="radio"
              name="theme"
              .checked=${one === current}
              @change=${() => applyTheme('console', one)}
            />
            <span>${this.texts.t(`theme.${one}`)}</span>
          </label>`,
      )}
    </fieldset>`;
  }

  private find(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const what = new FormData(form).get('what');
    if (typeof what !== 'string' || what.trim() === '') return;
    form.reset();
    this.isOpen = false;
    this.context.go(whereToFind(what.trim()));
  }
}

customElements.define('console-sidebar', ConsoleSidebar);
