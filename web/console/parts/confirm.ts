import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { Localizer } from '../../elements/shared/i18n.js';
import { theme } from '../../elements/shared/theme.js';
import type { ConsoleText } from '../messages-en.js';
import type { Question } from './question.js';
import { consoleStyles } from './styles.js';

/** `<console-confirm>`: asks one question at a time, in a dialog. */
export class ConsoleConfirm extends LitElement {
  static override styles = [theme, consoleStyles];
  private readonly texts = new Localizer<ConsoleText>(this);
  private question?: Question;
  private answer?: (isYes: boolean) => void;

  async ask(question: Question): Promise<boolean> {
    this.answer?.(false);
    this.question = question;
    this.requestUpdate();
    await this.updateComplete;
    const dialog = this.shadowRoot?.querySelector('dialog');
    dialog?.showModal();
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  protected override render(): TemplateResult {
    const { question } = this;
    return html`<dialog aria-labelledby="title" aria-describedby="text" @close=${() => this.end(false)}>
      ${
        question === undefined
          ? nothing
          : html`<h2 id="title">${question.title}</h2>
              <div id="text" class="muted">${question.text}</div>
              <div class="choices">
                <button class="button" autofocus @click=${() => this.end(false)}>
                  ${this.texts.t('cancel')}
                </button>
                <button
                  class="button ${question.isDangerous ? 'danger' : 'primary'}"
                  @click=${() => this.end(true)}
                >
                  ${question.confirm}
                </button>
              </div>`
      }
    </dialog>`;
  }

  private end(isYes: boolean): void {
    const { answer } = this;
    this.answer = undefined;
    this.shadowRoot?.querySelector('dialog')?.close();
    answer?.(isYes);
  }
}

customElements.define('console-confirm', ConsoleConfirm);
