import { css, html, LitElement, type TemplateResult } from 'lit';
import { theme } from '../../elements/shared/theme.js';
import { consoleStyles } from './styles.js';

/**
 * `<console-sheet heading="…">`: a dialog with whatever stands in it, open for as long as it is there. Whoever draws it
 * takes it away at `console-close`: the reader pressed Escape.
 */
export class ConsoleSheet extends LitElement {
  static override properties = { heading: {} };
  static override styles = [
    theme,
    consoleStyles,
    css`
      dialog {
        width: min(600px, calc(100vw - 24px));
        max-height: calc(100dvh - 32px);
        overflow: auto;
      }
      h2 {
        margin-block-end: 14px;
      }
    `,
  ];

  declare heading: string;

  protected override firstUpdated(): void {
    this.shadowRoot?.querySelector('dialog')?.showModal();
    const first = 'input:not([type=hidden]), select, textarea';
    (this.querySelector<HTMLElement>('[autofocus]') ?? this.querySelector<HTMLElement>(first))?.focus();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" @cancel=${(event: Event) => this.close(event)}>
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
    </dialog>`;
  }

  private close(event: Event): void {
    event.preventDefault();
    this.dispatchEvent(new Event('console-close'));
  }
}

customElements.define('console-sheet', ConsoleSheet);
