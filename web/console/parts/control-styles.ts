import { css } from 'lit';

/** What is pressed and filled in: buttons, fields, and the dialogs that ask. */
export const controlStyles = css`
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 32px;
    padding: 0 12px;
    border: 1px solid var(--c-line);
    border-radius: 8px;
    background: var(--c-background);
    color: var(--c-text);
    font-weight: 500;
    text-decoration: none !important;
    white-space: nowrap;
  }
  .button:hover {
    background: var(--c-raised);
  }
  .button svg {
    width: 15px;
    height: 15px;
  }
  .button:disabled,
  .button[aria-disabled='true'] {
    color: var(--c-muted);
    background: var(--c-raised);
    cursor: default;
  }
  .primary,
  .primary:hover {
    border-color: transparent;
    background: var(--c-accent);
    color: var(--c-on-accent);
  }
  .danger,
  .danger:hover {
    border-color: transparent;
    background: var(--c-badge);
    color: var(--c-on-badge);
  }
  .link {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-height: 28px;
    color: var(--c-accent);
    font-weight: 500;
  }
  .link:hover {
    text-decoration: underline;
  }
  .link svg {
    width: 14px;
    height: 14px;
  }
  input:not([type='checkbox'], [type='radio']),
  select,
  textarea {
    height: 34px;
    padding: 0 10px;
    border: 1px solid var(--c-field);
    border-radius: 8px;
    background: var(--c-background);
    min-width: 0;
    max-width: 100%;
  }
  input::placeholder {
    color: var(--c-muted);
    opacity: 1;
  }
  dialog {
    width: min(480px, calc(100vw - 32px));
    padding: 20px 22px;
    border: 1px solid var(--c-line);
    border-radius: 14px;
    background: var(--c-background);
    color: var(--c-text);
    box-shadow: var(--c-shadow);
  }
  dialog::backdrop {
    background: #0a0c1280;
  }
  dialog h2 {
    margin-block-end: 6px;
    font-size: 16px;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 10px;
    margin-block-start: 20px;
  }
`;
