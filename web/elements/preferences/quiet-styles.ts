import { css } from 'lit';

export const quietStyles = css`
  .head {
    display: flex;
    justify-content: space-between;
    gap: 16px;
  }
  .windows {
    display: grid;
    gap: 10px;
    margin: 16px 0 0;
    padding: 0;
    list-style: none;
  }
  .window {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px 20px;
    padding: 10px 12px;
    border-radius: 10px;
    background: var(--c-raised);
  }
  .days {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .day {
    min-width: 44px;
    height: 32px;
    padding: 0 6px;
    border: 1px solid transparent;
    border-radius: 8px;
    font-size: 13px;
    color: var(--c-muted);
  }
  .day:hover {
    border-color: var(--c-line);
    background: var(--c-background);
  }
  .day[aria-pressed='true'] {
    border-color: var(--c-accent);
    background: color-mix(in oklab, var(--c-accent) 12%, var(--c-background));
    color: var(--c-text);
    font-weight: 600;
  }
  .times {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .times .hint {
    margin: 0;
    font-size: 13px;
  }
  .window > .quiet {
    margin-inline-start: auto;
  }
  .window > .quiet:hover {
    background: var(--c-background);
  }
  .zone {
    margin-top: 14px;
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 18px;
  }
  .foot > * {
    margin-top: 14px;
  }
  @container preferences (width < 560px) {
    .days {
      flex-basis: 100%;
      gap: 2px;
    }
    .day {
      flex: 1;
      min-width: 36px;
      padding: 0;
    }
  }
`;
