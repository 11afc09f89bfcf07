import { css } from 'lit';

export const pageStyles = css`
  :host {
    container: preferences / inline-size;
  }
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 20px;
  }
  .foot {
    display: flex;
    justify-content: flex-end;
  }
  .state {
    display: grid;
    gap: 14px;
    justify-items: center;
    margin: 0;
    text-align: center;
    color: var(--c-muted);
  }
  .state p {
    margin: 0;
  }
  .state strong {
    color: var(--c-text);
  }
  .status {
    position: sticky;
    inset-block-end: 16px;
    z-index: 2;
    display: flex;
    justify-content: center;
    height: 0;
    align-items: flex-end;
    pointer-events: none;
  }
  .pill,
  .failure {
    border: 1px solid var(--c-line);
    border-radius: 20px;
    background: var(--c-background);
    box-shadow: var(--carillon-shadow, 0 6px 16px light-dark(#1b1f281f, #0007));
  }
  .pill {
    padding: 4px 14px;
    font-size: 13px;
    color: var(--c-muted);
  }
  .pill:empty {
    display: block;
    visibility: hidden;
  }
  .pill[data-state='saved'] {
    animation: fade 0.4s 2.5s forwards;
  }
  @keyframes fade {
    to {
      opacity: 0;
    }
  }
  .failure {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 8px 8px 8px 14px;
    border-radius: var(--c-radius);
    border-color: color-mix(in oklab, var(--c-error) 45%, var(--c-line));
    pointer-events: auto;
    max-width: calc(100% - 24px);
  }
  .failure > svg {
    color: var(--c-error);
  }
  dialog {
    width: min(440px, calc(100vw - 32px));
    padding: 22px 24px;
    border: 1px solid var(--c-line);
    border-radius: var(--c-radius);
    background: var(--c-background);
    color: var(--c-text);
    box-shadow: var(--c-shadow);
  }
  dialog::backdrop {
    background: #0a0c1266;
  }
  dialog .hint {
    margin-top: 8px;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 10px;
    margin-top: 20px;
  }
  .danger,
  .danger:hover {
    border-color: transparent;
    background: var(--c-badge);
    color: var(--c-on-badge);
  }
`;
