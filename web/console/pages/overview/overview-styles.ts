import { css } from 'lit';

export const overviewStyles = css`
  .banner {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 11px 16px;
    border: 1px solid var(--c-line);
    border-radius: 12px;
    background: var(--c-background);
    font-weight: 500;
  }
  .banner svg {
    color: var(--tone, var(--c-muted));
  }
  .trouble {
    border-color: color-mix(in oklab, var(--c-error) 45%, var(--c-line));
  }
  .trouble h2 {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--c-error);
  }
  .trouble header {
    background: color-mix(in oklab, var(--c-error) 6%, var(--c-background));
  }
  .trouble li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    padding: 12px 16px;
  }
  .trouble li > div {
    flex: 1 1 300px;
  }
  .trouble li + li {
    border-block-start: 1px solid var(--c-line);
  }
  .trouble strong {
    display: block;
  }
  .over {
    margin-block-end: 8px;
    font-size: 13px;
    color: var(--c-muted);
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
    gap: 12px;
  }
  .tile {
    position: relative;
    display: grid;
    align-content: start;
    padding: 12px 16px 13px;
  }
  .tile:has(.row-link):hover {
    border-color: var(--c-muted);
  }
  .tile > :first-child {
    font-weight: 500;
  }
  .tile b {
    font-size: 25px;
    line-height: 1.3;
    font-weight: 600;
    letter-spacing: -0.02em;
    font-variant-numeric: tabular-nums;
  }
  .tile.bad b,
  .tile.waiting b {
    color: var(--tone);
  }
  .columns {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr));
    gap: 18px;
    align-items: start;
  }
  .reasons li,
  .latest li {
    position: relative;
    padding: 10px 16px;
  }
  .reasons li + li,
  .latest li + li {
    border-block-start: 1px solid var(--c-line);
  }
  li:has(> .row-link, .row-link):hover {
    background: color-mix(in oklab, var(--c-raised) 60%, var(--c-background));
  }
  .reasons li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 12px;
  }
  .reasons small {
    grid-area: 2 / 1;
  }
  .reasons b {
    grid-area: 1 / 2 / span 2;
    align-self: center;
    font-variant-numeric: tabular-nums;
  }
  .reasons .progress {
    grid-column: 1 / -1;
    height: 4px;
    margin-block-start: 7px;
  }
  .progress rect {
    fill: var(--tone);
  }
  .latest li {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .latest svg {
    color: var(--c-muted);
  }
  .latest div {
    flex: 1;
    min-width: 0;
  }
  .latest small,
  .reasons small {
    display: block;
    overflow-wrap: anywhere;
  }
  .latest time {
    white-space: nowrap;
    color: var(--c-muted);
    font-size: 12.5px;
  }
`;
