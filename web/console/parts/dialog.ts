import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { asCarillonError, type CarillonError } from '../../client/carillon-error.js';
import { Icons } from '../../elements/shared/icons.js';
import { Localizer } from '../../elements/shared/i18n.js';
import { theme } from '../../elements/shared/theme.js';
import type { ConsoleContext } from '../context.js';
import { formStyles } from './form-styles.js';
import type { ConsoleText } from '../messages-en.js';
import { filled, refusal } from './problems.js';
import './sheet.js';
import { consoleStyles } from './styles.js';

/**
 * What every dialog with fields begins with. It is open for as long as it is there; whoever draws it takes it away at
 * `console-close`.
 */
export abstract class ConsoleDialog<Key extends string = never> extends LitElement {
  static override styles = [theme, consoleStyles, formStyles];
  static override properties: PropertyDeclarations = { context: { attribute: false } };

  declare context: ConsoleContext;

  protected readonly texts = new Localizer<ConsoleText | Key>(this);
  protected readonly icons = new Icons(this);
  /** What was asked for is under way. */
  protected isBusy = false;
  /** Why it was refused. */
  protected error?: CarillonError;

  protected sheet(heading: string, contents: unknown): TemplateResult {
    return html`<console-sheet heading=${heading} @console-close=${() => this.close()}
      >${contents}</console-sheet
    >`;
  }

  /**
   * What every form ends with: why it was refused, the way out, and the button that sends it.
   *
   * @param others between the two buttons
   */
  protected formEnd(label: string, others: unknown = nothing): TemplateResult {
    const { texts, icons } = this;
    return html`${refusal({ texts, icons }, this.error)}
      <div class="choices">
        <button type="button" class="button" @click=${() => this.close()}>${texts.t('cancel')}</button>
        ${others}
        <button class="button primary" ?disabled=${this.isBusy}>${label}</button>
      </div>`;
  }

  /** Makes a call with what the form's fields hold. Never rejects: why it was refused is shown in the form. */
  protected async submit(
    event: SubmitEvent,
    call: (given: Record<string, string>) => Promise<void> | void,
  ): Promise<void> {
    event.preventDefault();
    const given = filled(event.target as HTMLFormElement);
    this.isBusy = true;
    this.error = undefined;
    this.requestUpdate();
    try {
      await call(given);
    } catch (error) {
      this.error = asCarillonError(error);
    }
    this.isBusy = false;
    this.requestUpdate();
  }

  /** Tells whoever draws it that it was done, and what came of it. */
  protected saved(detail?: unknown): void {
    this.dispatchEvent(new CustomEvent('console-saved', { detail }));
  }

  protected close(): void {
    this.dispatchEvent(new Event('console-close'));
  }
}
