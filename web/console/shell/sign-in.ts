import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../client/carillon-error.js';
import { Icons } from '../../elements/shared/icons.js';
import { Localizer } from '../../elements/shared/i18n.js';
import { theme } from '../../elements/shared/theme.js';
import { failure } from '../parts/failure.js';
import { gateStyles } from './gate-styles.js';
import type { ConsoleText } from '../messages-en.js';
import type { Session } from './session.js';
import { consoleStyles } from '../parts/styles.js';

/** `<console-sign-in>`: asks for a key. The key goes nowhere but into the session. */
export class ConsoleSignIn extends LitElement {
  static override styles = [
    theme,
    consoleStyles,
    gateStyles,
    css`
      .or {
        display: flex;
        align-items: center;
        gap: 12px;
        color: var(--c-muted);
      }
      .or::before,
      .or::after {
        content: '';
        flex: 1;
        border-block-start: 1px solid var(--c-line);
      }
      .here {
        display: grid;
        gap: 8px;
      }
    `,
  ];
  static override properties = { session: { attribute: false } };
  declare session: Session;

  private readonly texts = new Localizer<ConsoleText>(this);
  private readonly icons = new Icons(this);
  private error?: CarillonError;
  private isBusy = false;
  private isOfferedHere = false;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${this.texts.t('signIn.title')} – ${this.texts.t('brand')}`;
    void this.ask();
  }

  override firstUpdated(): void {
    this.shadowRoot?.querySelector('input')?.focus();
  }

  /** Whether a key is needed at all. */
  private async ask(): Promise<void> {
    const answer = await fetch('/console/session', { credentials: 'omit' })
      .then((response) => response.json() as Promise<{ tenantId?: string | null }>)
      .catch(() => undefined);
    this.isOfferedHere = typeof answer?.tenantId === 'string';
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { texts, session } = this;
    return html`<main class="gate">
      <img src="/console/icon.svg" alt="" width="44" height="44" />
      <h1>${texts.t('signIn.title')}</h1>
      ${session.isOver ? html`<p class="over" role="status">${texts.t('signIn.over')}</p>` : nothing}
      ${this.isOfferedHere ? this.here() : nothing}
      <form @submit=${(event: SubmitEvent) => this.submit(event)}>
        <label for="key">${texts.t('signIn.key')}</label>
        <input
          id="key"
          name="key"
          type="password"
          autocomplete="off"
          spellcheck="false"
          required
          placeholder="ck_…"
          aria-describedby="kept"
        />
        <button class="button ${this.isOfferedHere ? '' : 'primary'}" ?disabled=${this.isBusy}>
          ${texts.t('signIn.button')}
        </button>
        <p id="kept" class="muted small">${texts.t('signIn.text')} ${texts.t('signIn.kept')}</p>
      </form>
      ${this.error ? this.refusal(this.error) : nothing}
    </main>`;
  }

  private here(): TemplateResult {
    const { texts } = this;
    return html`<div class="here">
        <button
          class="button primary"
          ?disabled=${this.isBusy}
          @click=${() => this.attempt(() => this.session.signInHere())}
        >
          ${texts.t('signIn.here')}
        </button>
        <p class="muted small">${texts.t('signIn.hereText')}</p>
      </div>
      <div class="or" aria-hidden="true">${texts.t('signIn.or')}</div>`;
  }

  private refusal(error: CarillonError): TemplateResult {
    const { texts, icons } = this;
    if (error.code !== 'unauthenticated') return failure({ texts, icons }, error);
    return html`<div class="failure" role="alert">
      ${icons.draw('x-circle')}
      <div>
        <p><strong>${texts.t('signIn.refused')}</strong> ${texts.t('signIn.refusedText')}</p>
        <p class="codes">
          <code>${error.code}</code><span>${texts.t('error.request')} <code>${error.requestId}</code></span>
        </p>
      </div>
    </div>`;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const key = new FormData(event.target as HTMLFormElement).get('key');
    if (typeof key !== 'string') return;
    void this.attempt(() => this.session.signIn(key.trim().replace(/^Bearer\s+/i, '')));
  }

  private async attempt(signIn: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.error = undefined;
    this.requestUpdate();
    try {
      await signIn();
    } catch (error) {
      this.error = asCarillonError(error);
    }
    this.isBusy = false;
    this.requestUpdate();
  }
}

customElements.define('console-sign-in', ConsoleSignIn);
