import { css } from 'lit';

/** Fields with their labels, one below the other, and what stands around them. */
export const formStyles = css`
  .form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 13px;
  }
  .form label,
  .field {
    display: grid;
    gap: 4px;
  }
  .form label > span,
  .field > span,
  legend {
    padding: 0;
    font-weight: 500;
  }
  .form :is(input:not([type='checkbox'], [type='radio']), select, textarea) {
    width: 100%;
  }
  .form small,
  .hint {
    font-size: 12.5px;
    color: var(--c-muted);
  }
  textarea {
    height: auto;
    padding: 8px 10px;
    font:
      12.5px/1.5 ui-monospace,
      'SF Mono',
      'DejaVu Sans Mono',
      monospace;
    color: inherit;
    resize: vertical;
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-width: 0;
  }
  .form .check {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 28px;
  }
  .form .check > span {
    font-weight: 400;
  }
  .checks {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(180px, 1fr));
  }
  input[type='checkbox'] {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--c-accent);
    flex: none;
  }
  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(180px, 100%), 1fr));
    gap: 13px;
  }
  .problems {
    display: grid;
    gap: 2px;
    margin-block-start: 6px;
    padding-inline-start: 2px;
    font-size: 13px;
  }
  .problems code {
    font-weight: 600;
  }
  .facts {
    display: grid;
    grid-template-columns: minmax(110px, max-content) minmax(0, 1fr);
    gap: 7px 18px;
  }
  .facts dt {
    color: var(--c-muted);
  }
  .facts dd {
    overflow-wrap: anywhere;
  }
  .tabs {
    display: inline-flex;
    gap: 2px;
    padding: 3px;
    border-radius: 9px;
    background: var(--c-raised);
  }
  .tabs > * {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 26px;
    padding: 0 11px;
    border-radius: 7px;
    color: var(--c-muted);
    font-weight: 500;
    text-decoration: none;
  }
  .tabs > :is([aria-current='true'], [aria-pressed='true'], [aria-current='page']) {
    background: var(--c-background);
    color: var(--c-text);
    box-shadow: 0 1px 2px #0002;
  }
  .tabs svg {
    width: 15px;
    height: 15px;
  }
  .scroll {
    overflow-x: auto;
  }
  pre {
    margin: 0;
    font:
      12px/1.55 ui-monospace,
      'SF Mono',
      'DejaVu Sans Mono',
      monospace;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
`;
