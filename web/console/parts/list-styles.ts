import { css } from 'lit';

/** Tables, the filters above them and the pager below. On a narrow screen a table keeps the columns that matter. */
export const listStyles = css`
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    padding: 8px 12px;
    border-block-end: 1px solid var(--c-line);
    font-size: 12px;
    font-weight: 600;
    text-align: start;
    white-space: nowrap;
    color: var(--c-muted);
    background: color-mix(in oklab, var(--c-raised) 55%, var(--c-background));
  }
  td {
    padding: 9px 12px;
    border-block-end: 1px solid var(--c-line);
    vertical-align: middle;
  }
  tbody tr:last-child td {
    border-block-end: 0;
  }
  th:first-child,
  td:first-child {
    padding-inline-start: 16px;
  }
  th:last-child,
  td:last-child {
    padding-inline-end: 16px;
  }
  tbody tr {
    position: relative;
  }
  tbody tr:has(.row-link):hover td {
    background: color-mix(in oklab, var(--c-raised) 60%, var(--c-background));
  }
  /* The whole row leads where its link does. */
  .row-link {
    color: var(--c-text);
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .row-link::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  .row-link:focus-visible {
    outline: none;
  }
  .row-link:focus-visible::after {
    outline: 2px solid var(--c-accent);
    outline-offset: -2px;
  }
  td .button,
  td .above {
    position: relative;
    z-index: 1;
  }
  td small {
    display: block;
    font-size: 12.5px;
    color: var(--c-muted);
    overflow-wrap: anywhere;
  }
  td time {
    white-space: nowrap;
    color: var(--c-muted);
  }
  .end {
    text-align: end;
  }
  .number {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .with-icon {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    white-space: nowrap;
  }
  .with-icon svg {
    width: 15px;
    height: 15px;
    color: var(--c-muted);
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 10px;
  }
  .filters label {
    display: grid;
    gap: 3px;
    flex: 0 1 165px;
    min-width: 110px;
  }
  .filters details {
    display: contents;
  }
  .filters summary {
    min-height: 32px;
    padding: 6px 2px;
    font-size: 13px;
    color: var(--c-accent);
    cursor: pointer;
  }
  .filters details > div {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    flex: 1 0 100%;
  }
  .filters :is(label:has([type='datetime-local'])) {
    flex-basis: 205px;
  }
  .filters label > span {
    font-size: 12px;
    color: var(--c-muted);
  }
  .filters :is(input, select) {
    width: 100%;
    height: 32px;
    font-size: 13px;
  }
  .filters .set :is(input, select) {
    border-color: var(--c-accent);
    background: color-mix(in oklab, var(--c-accent) 6%, var(--c-background));
  }
  .filters .link {
    min-height: 32px;
  }
  .pager {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
  }
  @media (max-width: 720px) {
    .wide {
      display: none;
    }
    th,
    td {
      padding-inline: 8px;
    }
    .filters label {
      flex: 1 1 40%;
    }
  }
  @media (min-width: 721px) {
    .narrow {
      display: none !important;
    }
  }
`;
