import { css } from 'lit';

export const analyticsStyles = css`
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(118px, 1fr));
    gap: 12px;
  }
  .tile {
    display: grid;
    align-content: start;
    padding: 12px 14px 13px;
  }
  .tile > span {
    font-weight: 500;
  }
  .tile b {
    font-size: 23px;
    line-height: 1.35;
    font-weight: 600;
    letter-spacing: -0.02em;
    font-variant-numeric: tabular-nums;
  }
  .columns {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(430px, 100%), 1fr));
    gap: 18px;
    align-items: start;
  }
  .columns > * {
    min-width: 0;
  }
  figure {
    margin: 0;
  }
  .plot {
    padding: 6px 10px 10px;
  }
  details {
    border-block-start: 1px solid var(--c-line);
  }
  summary {
    padding: 8px 16px;
    color: var(--c-muted);
    font-size: 13px;
    cursor: pointer;
  }
  details .scroll {
    max-height: 320px;
    overflow: auto;
    border-block-start: 1px solid var(--c-line);
  }
  .heatmap {
    border-collapse: separate;
    border-spacing: 2px;
    table-layout: fixed;
    min-width: 560px;
  }
  .heatmap :is(th, td) {
    padding: 0;
    border: 0;
    background: none;
    height: 22px;
    font-weight: 500;
    font-size: 11.5px;
    text-align: center;
    position: relative;
  }
  .heatmap th[scope='row'],
  .heatmap thead td {
    width: 42px;
    text-align: start;
  }
  .heatmap tbody td {
    border-radius: 4px;
  }
  .heat {
    padding: 12px 16px;
  }
  .scale {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 4px;
    margin-block-start: 8px;
    font-size: 12px;
    color: var(--c-muted);
  }
  .scale i {
    width: 14px;
    height: 14px;
    border-radius: 4px;
  }
  tbody td.l0,
  i.l0 {
    background: var(--c-raised);
  }
  tbody td.l1,
  i.l1 {
    background: color-mix(in oklab, var(--c-accent) 22%, var(--c-background));
  }
  tbody td.l2,
  i.l2 {
    background: color-mix(in oklab, var(--c-accent) 42%, var(--c-background));
  }
  tbody td.l3,
  i.l3 {
    background: color-mix(in oklab, var(--c-accent) 62%, var(--c-background));
  }
  tbody td.l4,
  i.l4 {
    background: color-mix(in oklab, var(--c-accent) 81%, var(--c-background));
  }
  tbody td.l5,
  i.l5 {
    background: var(--c-accent);
  }
  td .progress {
    min-width: 70px;
    height: 6px;
  }
  .progress rect {
    fill: var(--tone, var(--c-accent));
  }
  .more {
    padding: 8px 16px;
    border-block-start: 1px solid var(--c-line);
    font-size: 12.5px;
    color: var(--c-muted);
  }
`;
