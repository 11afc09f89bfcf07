import { css } from 'lit';

export const matrixStyles = css`
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px 16px;
    margin-top: 14px;
  }
  .tools input {
    flex: 0 1 320px;
    min-width: 0;
  }
  .none {
    margin: 0;
    color: var(--c-muted);
    text-align: center;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 8px 6px;
    text-align: start;
    font-weight: 400;
  }
  tr > :first-child {
    padding-inline-start: 20px;
  }
  tr > :last-child {
    padding-inline-end: 20px;
  }
  .middle {
    width: 84px;
    text-align: center;
  }
  [data-channels='many'] .middle {
    width: 72px;
  }
  thead th {
    position: sticky;
    inset-block-start: var(--carillon-sticky-top, 0);
    z-index: 1;
    background: var(--c-background);
    box-shadow: inset 0 -1px var(--c-line);
    font-size: 13px;
    color: var(--c-muted);
  }
  tbody tr {
    border-top: 1px solid var(--c-line);
  }
  tbody:first-of-type tr:first-child,
  tr.details {
    border-top: 0;
  }
  .category {
    background: var(--c-raised);
  }
  .category th {
    font-weight: 600;
  }
  button.fold:not(.quiet) {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: 32px;
    font-weight: 600;
    text-align: start;
    overflow-wrap: anywhere;
  }
  button.fold span {
    min-width: 0;
  }
  .fold svg {
    width: 16px;
    height: 16px;
    color: var(--c-muted);
    transition: rotate 0.15s;
  }
  .fold[aria-expanded='false'] svg {
    rotate: -90deg;
  }
  .fold[aria-expanded='false']:dir(rtl) svg {
    rotate: 90deg;
  }
  button.fold .count {
    flex: none;
    min-width: 22px;
    padding: 0 6px;
    border-radius: 10px;
    background: var(--c-background);
    color: var(--c-muted);
    font-size: 12px;
    font-weight: 500;
    text-align: center;
  }
  .type th {
    padding-inline-start: 44px;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
    text-align: left;
  }
  .type th:dir(rtl) {
    text-align: right;
  }
  label {
    display: inline-grid;
    cursor: pointer;
  }
  .held {
    position: relative;
    display: inline-grid;
  }
  .held > svg {
    position: absolute;
    inset-inline-start: calc(100% + 2px);
    inset-block-start: 5px;
    width: 14px;
    height: 14px;
    color: var(--c-muted);
  }
  i.own {
    position: absolute;
    inset-inline-start: calc(100% + 4px);
    inset-block-start: 9px;
    width: 6px;
    height: 6px;
    border-radius: 50%;
    background: var(--c-accent);
    forced-color-adjust: none;
  }
  .channel {
    display: none;
  }
  .empty {
    color: var(--c-muted);
  }
  .last {
    width: 220px;
    white-space: nowrap;
  }
  .last,
  .details li {
    color: var(--c-muted);
  }
  .often {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .cadence {
    flex: 1;
    min-width: 0;
  }
  .cadence select {
    width: 100%;
    color: var(--c-text);
  }
  .fixed,
  .cadence > .empty {
    padding-inline: 11px;
  }
  .details td {
    padding: 0 20px 14px 44px;
  }
  .details:dir(rtl) td {
    padding: 0 44px 14px 20px;
  }
  .details ul {
    display: grid;
    gap: 4px;
    margin: 0 0 6px;
    padding: 10px 14px;
    list-style: none;
    border-radius: 8px;
    background: var(--c-raised);
    font-size: 13px;
  }
  .details li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 12px;
    min-height: 34px;
  }
  .what {
    flex: 0 0 150px;
    color: var(--c-text);
  }
  .what strong {
    font-weight: 600;
  }
  .why {
    flex: 1 1 200px;
  }
  .details select {
    height: 30px;
    color: var(--c-text);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
    padding-block: 12px;
    border-top: 1px solid var(--c-line);
    font-size: 13px;
    color: var(--c-muted);
  }
  .legend span {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .legend svg {
    width: 14px;
    height: 14px;
  }
  .legend i.own {
    position: static;
  }
`;
