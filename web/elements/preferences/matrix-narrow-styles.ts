import { css, unsafeCSS } from 'lit';

/** Each row as a card: the name, below it a switch for each channel with its name, then how often. */
const stacked = `
  table, tbody { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr.category, tr.type { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; padding: 10px 16px 12px; }
  tr > th, tr > td, .type th, tr > :first-child, tr > :last-child { width: auto; padding: 0; }
  tr > th { flex: 1 0 100%; }
  .type th { font-weight: 500; }
  .channel { display: block; font-size: 12px; color: var(--c-muted); }
  td.middle { flex: 1 0 66px; max-width: 96px; text-align: start; }
  td.empty { display: none; }
  .category .last { display: none; }
  .type .last { flex: 1 0 100%; }
  .often { justify-content: space-between; gap: 12px; }
  .cadence { display: flex; align-items: center; gap: 10px; }
  .cadence select { max-width: 190px; }
  .fixed, .cadence > .empty { padding: 0; }
  tr.details { display: block; padding: 0 16px 12px; }
  .details td, .details:dir(rtl) td { display: block; padding: 0; }
`;

const stackedTable = stacked.replace('table, tbody', '&, tbody');

/** With many channels sooner than with few. */
export const matrixNarrowStyles = css`
  @container preferences (width < 640px) {
    ${unsafeCSS(stacked)}
  }
  @container preferences (640px <= width < 800px) {
    table[data-channels='some'] {
      ${unsafeCSS(stackedTable)}
    }
  }
  @container preferences (640px <= width < 960px) {
    table[data-channels='many'] {
      ${unsafeCSS(stackedTable)}
    }
  }
`;
