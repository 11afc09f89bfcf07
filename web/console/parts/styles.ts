import { css } from 'lit';
import { controlStyles } from './control-styles.js';
import { listStyles } from './list-styles.js';
import { saidStyles } from './said-styles.js';

/** What the console's pages share: headings, panels, badges and bars. */
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
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
  }
  .back {
    font-size: 13px;
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

export const consoleStyles = [basics, controlStyles, saidStyles, listStyles];
