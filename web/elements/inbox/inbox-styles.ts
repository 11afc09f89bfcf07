import { css } from 'lit';

/** What stands around the list. */
export const inboxStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    height: var(--carillon-inbox-height, 640px);
    min-width: 0;
    overflow: hidden;
    border: 1px solid var(--c-line);
    border-radius: var(--c-radius);
    background: var(--c-background);
  }
  :host([compact]) {
    height: auto;
    border: 0;
  }
  .head {
    display: flex;
    align-items: center;
    min-height: 52px;
    padding: 8px 10px 0 16px;
  }
  .head:dir(rtl) {
    padding: 8px 16px 0 10px;
  }
  slot[name='header'] {
    display: block;
    flex: 1;
    min-width: 0;
  }
  h2 {
    margin: 0;
    font-size: 1.15em;
    font-weight: 650;
  }
  [role='tablist'] {
    display: flex;
    gap: 4px;
    padding: 0 10px;
    border-block-end: 1px solid var(--c-line);
  }
  [role='tab'] {
    position: relative;
    display: flex;
    align-items: center;
    gap: 6px;
    padding: 8px;
    color: var(--c-muted);
    white-space: nowrap;
  }
  [role='tab']:hover,
  [aria-selected='true'] {
    color: var(--c-text);
  }
  [aria-selected='true'] {
    font-weight: 600;
  }
  [aria-selected='true']::after {
    content: '';
    position: absolute;
    inset: auto 4px -1px;
    height: 2px;
    border-radius: 2px;
    background: var(--c-accent);
  }
  [role='tab']:focus-visible {
    outline-offset: -2px;
  }
  .count {
    min-width: 20px;
    padding: 0 6px;
    border-radius: 10px;
    background: var(--c-raised);
    color: var(--c-text);
    font-size: 0.86em;
    font-weight: 600;
    line-height: 20px;
    text-align: center;
  }
  carillon-filters {
    margin-block-start: 4px;
  }
  .scroll {
    position: relative;
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    outline-offset: -2px;
  }
  .list {
    margin: 0;
    padding: 0;
  }
  .ghost::before,
  .ghost::after,
  .ghost > i {
    content: '';
    grid-column: 2;
    height: 10px;
    border-radius: 5px;
    background: var(--c-line);
    animation: breathe 1.2s ease-in-out infinite alternate;
  }
  .ghost > i {
    grid-column: 1;
    grid-row: 1 / 3;
    height: 36px;
    border-radius: 50%;
  }
  .ghost::before {
    width: 60%;
    margin-block-start: 6px;
  }
  .ghost::after {
    width: 85%;
  }
  @keyframes breathe {
    to {
      opacity: 0.4;
    }
  }
  .pill {
    position: absolute;
    inset-block-start: 10px;
    inset-inline: 0;
    z-index: 2;
    display: flex;
    align-items: center;
    gap: 6px;
    width: max-content;
    height: 32px;
    margin: 0 auto;
    padding: 0 16px;
    border-radius: 16px;
    background: var(--c-accent);
    color: var(--c-on-accent);
    font-weight: 600;
    box-shadow: var(--c-shadow);
  }
  .body {
    position: relative;
    display: flex;
    flex: 1;
    flex-direction: column;
    min-height: 0;
  }
`;
