import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../client/carillon-error.js';
import { Icons } from '../../elements/shared/icons.js';
import { Localizer } from '../../elements/shared/i18n.js';
import { theme } from '../../elements/shared/theme.js';
import { empty, failure, skeleton } from '../parts/failure.js';
import { gateStyles } from './gate-styles.js';
import type { ConsoleText } from '../messages-en.js';
import type { Session, Tenant } from './session.js';
import { consoleStyles } from '../parts/styles.js';

/** `<console-choose-tenant>`: which tenant a platform operator looks at. */
export class ConsoleChooseTenant extends LitElement {
  static override styles = [theme, consoleStyles, gateStyles];
  static override properties = { session: { attribute: false } };
  declare session: Session;

  private readonly texts = new Localizer<ConsoleText>(this);
  private readonly icons = new Icons(this);
  private tenants?: Tenant[];
  private nextCursor: string | null = null;
  private error?: CarillonError;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${this.texts.t('tenants.title')} – ${this.texts.t('brand')}`;
    void this.more();
  }

  override firstUpdated(): void {
    this.shadowRoot?.querySelector('input')?.focus();
  }

  private async more(): Promise<void> {
    await this.attempt(async () => {
      const { items, nextCursor } = await this.session.tenants(this.nextCursor ?? undefined);
      this.tenants = [...(this.tenants ?? []), ...items];
      this.nextCursor = nextCursor;
    });
  }

  private async attempt(what: () => Promise<void>): Promise<void> {
    this.error = undefined;
    try {
      await what();
    } catch (error) {
      this.error = asCarillonError(error);
    }
    this.requestUpdate();
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const id = new FormData(event.target as HTMLFormElement).get('tenant');
    if (typeof id === 'string') void this.attempt(() => this.session.choose(id.trim()));
  }

  protected override render(): TemplateResult {
    const { texts, tenants } = this;
    return html`<main class="gate">
      <h1>${texts.t('tenants.title')}</h1>
      <p class="muted">${texts.t('tenants.text')}</p>
      <form @submit=${(event: SubmitEvent) => this.submit(event)}>
        <label for="tenant">${texts.t('tenants.id')}</label>
        <div class="row">
          <input id="tenant" name="tenant" required autocomplete="off" spellcheck="false" />
          <button class="button">${texts.t('tenants.open')}</button>
        </div>
      </form>
      ${this.error ? failure(this.drawing, this.error, tenants ? undefined : () => void this.more()) : nothing}
      ${tenants ? this.list(tenants) : this.error ? nothing : skeleton(texts, 4)}
      <button class="link" @click=${() => this.session.signOut()}>${texts.t('signOut')}</button>
    </main>`;
  }

  private list(tenants: readonly Tenant[]): TemplateResult {
    const { texts } = this;
    if (tenants.length === 0)
      return empty(this.drawing, texts.t('tenants.none'), texts.t('tenants.noneText'), 'building');
    return html`<ul class="tenants">
        ${tenants.map(
          ({ id, name }) =>
            html`<li>
              <button @click=${() => this.attempt(() => this.session.choose(id))}>
                <span>${name}</span><code class="muted">${id}</code>
              </button>
            </li>`,
        )}
      </ul>
      ${
        this.nextCursor === null
          ? nothing
          : html`<button class="button" @click=${() => this.more()}>${texts.t('tenants.more')}</button>`
      }`;
  }

  private get drawing() {
    return { texts: this.texts, icons: this.icons };
  }
}

customElements.define('console-choose-tenant', ConsoleChooseTenant);
