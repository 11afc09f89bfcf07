import { html, LitElement, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../client/carillon-error.js';
import { Icons } from '../../elements/shared/icons.js';
import { Localizer } from '../../elements/shared/i18n.js';
import { theme } from '../../elements/shared/theme.js';
import { appStyles } from './app-styles.js';
import './choose-tenant.js';
import { ConsoleConfirm } from '../parts/confirm.js';
import type { ConsoleContext } from '../context.js';
import { empty, failure, skeleton } from '../parts/failure.js';
import type { ConsoleText } from '../messages-en.js';
import { ConsoleNotices } from './notices.js';
import type { ConsolePage } from '../parts/page.js';
import { openPage, pageOf, type Found } from './pages.js';
import { href } from '../addresses.js';
import { Router, type Place } from './router.js';
import { Session } from './session.js';
import './sidebar.js';
import './sign-in.js';
import { consoleStyles } from '../parts/styles.js';

/** `<carillon-console>`: who is signed in, where they are, and the page of that place. */
export class CarillonConsole extends LitElement {
  static override styles = [theme, consoleStyles, appStyles];

  private readonly texts = new Localizer<ConsoleText>(this);
  private readonly icons = new Icons(this);
  private readonly session = new Session(() => this.entered());
  private readonly router = new Router((place) => void this.show(place));
  /** What the page was made for: another tenant's is another page. */
  private shown?: { found: Found; tenantId: string };
  private page?: ConsolePage;
  private error?: CarillonError;
  /** True once the reader has gone somewhere: only then is a page's beginning brought to their attention. */
  private hasMoved = false;

  private readonly context: ConsoleContext = {
    api: this.session.api,
    session: this.session,
    go: (address, options) => this.router.go(address, options),
    say: (text) => this.overlay(ConsoleNotices)?.say(text),
    fail: (error) => this.overlay(ConsoleNotices)?.fail(error),
    confirm: async (question) => (await this.overlay(ConsoleConfirm)?.ask(question)) ?? false,
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.router.start();
    void this.resume();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.router.stop();
  }

  private async resume(): Promise<void> {
    this.error = undefined;
    try {
      await this.session.resume();
    } catch (error) {
      const { code } = (this.error = asCarillonError(error));
      // Of a tenant that is gone.
      if (code === 'not_found') this.session.leaveTenant();
    }
    this.requestUpdate();
    await this.show(this.router.place);
  }

  private entered(): void {
    if (!this.session.tenant) this.drop();
    this.requestUpdate();
    void this.show(this.router.place);
  }

  private drop(): void {
    this.page = undefined;
    this.shown = undefined;
  }

  private async show(place: Place): Promise<void> {
    const { tenant } = this.session;
    if (!tenant) return;
    this.overlay(ConsoleNotices)?.clear();
    const isFirst = !this.hasMoved;
    this.hasMoved = true;
    const found = pageOf(place.path);
    const isSame = found && this.isShown(found, tenant.id);
    if (!isSame) {
      this.drop();
      this.error = undefined;
      if (found) await this.open(found, tenant.id);
    }
    // The reader may have gone on meanwhile.
    if (found && this.isShown(found, tenant.id) && this.page) this.page.query = place.query;
    this.requestUpdate();
    if (!isSame && !isFirst) await this.announce();
  }

  private isShown({ entry, params }: Found, tenantId: string): boolean {
    const { shown } = this;
    return (
      shown !== undefined &&
      shown.tenantId === tenantId &&
      shown.found.entry === entry &&
      JSON.stringify(shown.found.params) === JSON.stringify(params)
    );
  }

  private async open(found: Found, tenantId: string): Promise<void> {
    this.shown = { found, tenantId };
    this.requestUpdate();
    try {
      const page = await openPage(found);
      if (!this.isShown(found, tenantId)) return;
      page.context = this.context;
      page.params = found.params;
      page.query = this.router.place.query;
      this.page = page;
    } catch (error) {
      if (this.isShown(found, tenantId)) this.error = asCarillonError(error);
    }
  }

  private async announce(): Promise<void> {
    await this.updateComplete;
    await this.page?.updateComplete;
    scrollTo(0, 0);
    this.page?.focusHeading();
  }

  protected override render(): TemplateResult {
    const { session, texts } = this;
    if (!session.isSignedIn) return html`<console-sign-in .session=${session}></console-sign-in>`;
    if (!session.tenant) {
      if (this.error)
        return html`<main class="alone">${this.failed(this.error, () => void this.resume())}</main>`;
      if (session.isChoosing)
        return html`<console-choose-tenant .session=${session}></console-choose-tenant>`;
      return html`<main class="alone">${skeleton(texts)}</main>`;
    }
    const { entry } = this.shown?.found ?? {};
    return html`
      <console-sidebar
        .context=${this.context}
        .tenant=${session.tenant}
        .current=${entry?.under ?? entry?.path}
        @console-skip=${() => this.skip()}
      ></console-sidebar>
      <main id="contents" tabindex="-1">${this.contents()}</main>
      <console-notices></console-notices>
      <console-confirm></console-confirm>
    `;
  }

  private contents(): unknown {
    const { shown, page, error, texts } = this;
    if (error) return this.failed(error, () => void this.again());
    if (page) return page;
    if (shown) return html`<div class="panel">${skeleton(texts)}</div>`;
    return html`<div class="panel">
      ${empty(this.drawing, texts.t('notFound.title'), texts.t('notFound.text'), 'find')}
      <p class="home"><a class="button" href=${href()}>${texts.t('notFound.home')}</a></p>
    </div>`;
  }

  private failed(error: CarillonError, again: () => void): TemplateResult {
    return html`<div class="page">
      <h1 tabindex="-1">${this.texts.t('load.failed')}</h1>
      ${failure(this.drawing, error, again)}
    </div>`;
  }

  private again(): void {
    this.drop();
    void this.show(this.router.place);
  }

  private skip(): void {
    this.shadowRoot?.querySelector<HTMLElement>('main')?.focus();
  }

  private overlay<T extends Element>(kind: new () => T): T | undefined {
    const parts = [...(this.shadowRoot?.querySelectorAll('console-notices, console-confirm') ?? [])];
    return parts.find((one): one is T => one instanceof kind);
  }

  private get drawing() {
    return { texts: this.texts, icons: this.icons };
  }
}

customElements.define('carillon-console', CarillonConsole);
