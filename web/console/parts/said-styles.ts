import { css } from 'lit';

/** What is said in place of contents: why there are none, that there is nothing, or that it is on its way. */
export const saidStyles = css`
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
`;
