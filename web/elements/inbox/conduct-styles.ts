import { css } from 'lit';

/** What is seen only once something was done, went wrong or is not there. */
export const conductStyles = css`
  .state {
    display: grid;
    place-items: center;
    gap: 4px;
    padding: 56px 32px;
    color: var(--c-muted);
    text-align: center;
  }
  .state svg {
    width: 40px;
    height: 40px;
    margin-block-end: 8px;
    stroke-width: 1.25;
  }
  .state b {
    color: var(--c-text);
    font-size: 1.07em;
    font-weight: 600;
  }
  .state.small {
    padding: 16px;
  }
  .text {
    min-height: 28px;
    padding: 0 10px;
    border-radius: 7px;
    color: var(--c-accent);
    font-weight: 600;
    white-space: nowrap;
  }
  .text:hover {
    text-decoration: underline;
  }
  .status {
    padding: 6px 16px;
    border-block-end: 1px solid var(--c-line);
    background: var(--c-raised);
    color: var(--c-muted);
    font-size: 0.93em;
  }
  .note {
    position: absolute;
    inset-block-end: 12px;
    inset-inline: 12px;
    z-index: 3;
    display: flex;
    align-items: center;
    gap: 4px;
    width: fit-content;
    min-height: 44px;
    margin: 0 auto;
    padding: 6px 8px 6px 16px;
    border: 1px solid var(--c-line);
    border-radius: 10px;
    background: var(--c-background);
    box-shadow: var(--c-shadow);
  }
  .note:dir(rtl) {
    padding: 6px 16px 6px 8px;
  }
  .note.bad {
    border-color: var(--c-error);
  }
  .thread[aria-expanded='true'] svg {
    rotate: 180deg;
  }
  .replies {
    grid-column: 1 / 3;
    z-index: 1;
    margin: 8px -16px -12px -20px;
    padding: 0;
    padding-inline-start: 28px;
    border-block-start: 1px solid var(--c-line);
    background: var(--c-background);
  }
  .replies > :last-child {
    border: 0;
  }
`;
