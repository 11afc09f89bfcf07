import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { theme } from '../../../elements/shared/theme.js';

const INDENT = '  ';

/**
 * `<console-code>`: a field for source text with numbered lines. Tab indents, and Shift+Tab takes back; after Escape, Tab
 * leaves the field as everywhere. Tells of changes with `input`.
 */
export class ConsoleCode extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      .editor {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        height: var(--code-height, 380px);
        min-height: 110px;
        border: 1px solid var(--c-field, var(--c-line));
        border-radius: 8px;
        overflow: hidden;
        resize: vertical;
        background: var(--c-background);
      }
      .editor:focus-within {
        outline: 2px solid var(--c-accent);
        outline-offset: 1px;
      }
      ol,
      textarea {
        margin: 0;
        padding: 9px 0;
        font:
          12.5px/19px ui-monospace,
          'SF Mono',
          'DejaVu Sans Mono',
          monospace;
        tab-size: 2;
      }
      ol {
        list-style: none;
        min-width: 38px;
        overflow: hidden;
        text-align: end;
        color: var(--c-muted);
        background: color-mix(in oklab, var(--c-raised) 60%, var(--c-background));
        user-select: none;
      }
      li {
        padding-inline: 8px;
      }
      .wrong {
        color: var(--c-on-badge);
        background: var(--c-badge);
      }
      /* The whole editor shows it. */
      textarea:focus-visible {
        outline: 0;
      }
      textarea {
        padding-inline: 10px;
        border: 0;
        resize: none;
        color: inherit;
        background: none;
        white-space: pre;
        overflow: auto;
        overflow-wrap: normal;
      }
    `,
  ];
  static override properties = {
    label: {},
    value: { attribute: false },
    wrongLines: { attribute: false },
  };

  declare label: string;
  declare value: string;
  /** From 1 on. */
  declare wrongLines: readonly number[];

  private leavesWithTab = false;

  constructor() {
    super();
    this.label = '';
    this.value = '';
    this.wrongLines = [];
  }

  /** Puts the cursor on a line, from 1 on. */
  showLine(line: number): void {
    const { field } = this;
    if (!field) return;
    const before = this.value.split('\n').slice(0, line - 1);
    const from = before.reduce((sum, text) => sum + text.length + 1, 0);
    const end = this.value.indexOf('\n', from);
    field.focus();
    field.setSelectionRange(from, end < 0 ? this.value.length : end);
    field.scrollTop = Math.max(0, (line - 5) * 19);
  }

  protected override updated(changed: PropertyValues): void {
    // What the reader types must not move the cursor.
    if (changed.has('value') && this.field && this.field.value !== this.value) this.field.value = this.value;
  }

  protected override render(): TemplateResult {
    const lines = this.value.split('\n').length;
    return html`<div class="editor">
      <ol aria-hidden="true">
        ${Array.from({ length: lines }, (_, at) => html`<li class=${this.wrongLines.includes(at + 1) ? 'wrong' : ''}>${at + 1}</li>`)}
      </ol>
      <textarea
        aria-label=${this.label}
        aria-invalid=${this.wrongLines.length > 0 ? 'true' : nothing}
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        wrap="off"
        @input=${() => this.typed()}
        @keydown=${(event: KeyboardEvent) => this.pressed(event)}
        @scroll=${() => this.scrolled()}
      ></textarea>
    </div>`;
  }

  private get field(): HTMLTextAreaElement | null | undefined {
    return this.shadowRoot?.querySelector('textarea');
  }

  private typed(): void {
    this.value = this.field?.value ?? '';
    this.dispatchEvent(new Event('input'));
  }

  private scrolled(): void {
    const numbers = this.shadowRoot?.querySelector('ol');
    if (numbers && this.field) numbers.scrollTop = this.field.scrollTop;
  }

  private pressed(event: KeyboardEvent): void {
    const wasLeaving = this.leavesWithTab;
    if (event.key !== 'Shift') this.leavesWithTab = event.key === 'Escape';
    if (event.key !== 'Tab' || wasLeaving || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.indent(event.shiftKey);
  }

  /** Of all lines that are selected; without a selection at the cursor. */
  private indent(isBack: boolean): void {
    const { field } = this;
    if (!field) return;
    const { selectionStart: start, selectionEnd: end, value } = field;
    if (start === end && !isBack) {
      field.setRangeText(INDENT, start, end, 'end');
    } else {
      const from = value.lastIndexOf('\n', start - 1) + 1;
      const lines = value.slice(from, end).split('\n');
      const moved = lines
        .map((line) => (isBack ? line.replace(/^(\t| {1,2})/, '') : INDENT + line))
        .join('\n');
      field.setRangeText(moved, from, end, 'select');
    }
    this.typed();
  }
}

customElements.define('console-code', ConsoleCode);
