import { css } from 'lit';
import { listStyles } from './list-styles.js';

/** What the console's pages share: headings, panels, buttons, badges, and what is said in place of contents. */
const basics = css`
  :host {
    display: block;
    --c-page: light-dark(#f6f7f9, #0f1115);
    --c-field: light-dark(#c3c9d4, #444b59);
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ol,
  ul {
    margin: 0;
    padding: 0;
  }
  ol,
  ul {
    list-style: none;
  }
  h1 {
    font-size: 21px;
    line-height: 1.3;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  h1:focus-visible {
    outline: none;
  }
  h2 {
    font-size: 15px;
    line-height: 1.4;
  }
  h3 {
    font-size: 12.5px;
    font-weight: 600;
    color: var(--c-muted);
  }
  a {
    color: var(--c-accent);
    text-decoration: none;
  }
  a:hover {
    text-decoration: underline;
  }
  code {
    font:
      12px/1.5 ui-monospace,
      'SF Mono',
      'DejaVu Sans Mono',
      monospace;
    overflow-wrap: anywhere;
  }
  .muted {
    color: var(--c-muted);
  }
  .small {
    font-size: 12.5px;
  }
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 18px;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  .head > :first-child {
    margin-inline-end: auto;
  }
  .head p {
    color: var(--c-muted);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .panel {
    border: 1px solid var(--c-line);
    border-radius: 12px;
    background: var(--c-background);
    overflow: clip;
  }
  .panel > header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 12px 16px;
    border-block-end: 1px solid var(--c-line);
  }
  .panel > header > :first-child {
    margin-inline-end: auto;
  }
  .pad {
    padding: 14px 16px;
  }
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
  .badge {
    --tone: var(--c-muted);
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 1px 9px 1px 8px;
    border-radius: 11px;
    font-size: 12.5px;
    font-weight: 500;
    white-space: nowrap;
    color: color-mix(in oklab, var(--tone) 90%, var(--c-text));
    background: color-mix(in oklab, var(--tone) 11%, var(--c-background));
  }
  .badge::before {
    content: '';
    width: 6px;
    height: 6px;
    border-radius: 50%;
    background: currentColor;
  }
  .good {
    --tone: var(--c-success);
  }
  .active {
    --tone: var(--c-info);
  }
  .waiting {
    --tone: var(--c-warning);
  }
  .bad {
    --tone: var(--c-error);
  }
  .failure {
    display: flex;
    align-items: flex-start;
    flex-wrap: wrap;
    gap: 10px;
    padding: 12px 14px;
    border: 1px solid color-mix(in oklab, var(--c-error) 40%, var(--c-line));
    border-radius: 10px;
    background: color-mix(in oklab, var(--c-error) 5%, var(--c-background));
  }
  .failure > svg {
    margin-block-start: 1px;
    color: var(--c-error);
  }
  .failure > div {
    flex: 1 1 200px;
    min-width: 0;
  }
  .codes {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    margin-block-start: 2px;
    font-size: 12px;
    color: var(--c-muted);
  }
  .with-away {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .with-away > * {
    grid-area: 1 / 1;
  }
  .with-away > .quiet {
    place-self: start end;
    margin: 4px;
  }
  .with-away > .failure {
    padding-inline-end: 36px;
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: 2px;
    padding: 44px 24px 48px;
    text-align: center;
    color: var(--c-muted);
  }
  .empty svg {
    width: 34px;
    height: 34px;
    margin-block-end: 8px;
    stroke-width: 1.4;
  }
  .empty b {
    color: var(--c-text);
    font-weight: 600;
  }
  .empty span {
    max-width: 52ch;
    text-wrap: pretty;
  }
  .skeleton {
    display: grid;
    gap: 16px;
    padding: 18px 16px;
  }
  .skeleton i {
    height: 13px;
    border-radius: 6px;
    background: var(--c-raised);
    animation: breathe 1.4s ease-in-out infinite alternate;
  }
  .skeleton i:nth-child(odd) {
    width: 78%;
  }
  .skeleton i:nth-child(3n) {
    width: 91%;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
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
  .progress {
    height: 8px;
    border-radius: 4px;
    overflow: hidden;
    background: var(--c-raised);
    display: flex;
    width: 100%;
  }
  .progress svg {
    width: 100%;
    height: 100%;
    stroke: none;
  }
`;

export const consoleStyles = [basics, listStyles];
