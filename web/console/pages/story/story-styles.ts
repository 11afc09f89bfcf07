import { css } from 'lit';

export const storyStyles = css`
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 28px;
    padding: 12px 16px;
  }
  .facts dt {
    font-size: 12px;
    color: var(--c-muted);
  }
  .facts dd {
    overflow-wrap: anywhere;
  }
  .message {
    padding: 0 16px 14px;
    color: var(--c-muted);
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr);
    gap: 18px;
    align-items: start;
  }
  .column {
    display: grid;
    gap: 18px;
  }
  .decisions li,
  .line {
    display: flex;
    align-items: flex-start;
    gap: 11px;
  }
  .decisions li {
    padding: 10px 16px;
  }
  .decisions li + li,
  .deliveries > li + li {
    border-block-start: 1px solid var(--c-line);
  }
  :is(.decisions li, .line) > svg {
    margin-block-start: 2px;
    color: var(--c-muted);
  }
  :is(.decisions li, .line) > div {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .decisions div > span {
    display: block;
  }
  .not-asked {
    padding: 9px 16px 11px;
    border-block-start: 1px solid var(--c-line);
  }
  .deliveries > li {
    display: grid;
    gap: 8px;
    padding: 13px 16px;
  }
  .deliveries > li > :not(.line) {
    margin-inline-start: 29px;
  }
  .deliveries > li > p {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 6px;
  }
  .deliveries > li > p svg {
    width: 14px;
    height: 14px;
  }
  .advice {
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in oklab, var(--c-warning) 9%, var(--c-background));
  }
  .attempts,
  .timeline {
    display: grid;
  }
  .attempts li,
  .timeline li {
    position: relative;
    padding: 3px 0 8px 20px;
  }
  .attempts li {
    display: grid;
    gap: 4px;
  }
  :is(.attempts, .timeline) li::before {
    content: '';
    position: absolute;
    inset: 9px auto auto 2px;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--tone, var(--c-muted));
  }
  :is(.attempts, .timeline) li:not(:last-child)::after {
    content: '';
    position: absolute;
    inset: 20px auto -6px 5.5px;
    border-inline-start: 1px solid var(--c-line);
  }
  .attempts .what {
    font-weight: 500;
  }
  .attempts .small {
    display: block;
  }
  .attempts code {
    padding: 6px 10px;
    border-radius: 7px;
    background: var(--c-raised);
    white-space: pre-wrap;
  }
  .timeline {
    padding: 12px 16px 8px;
  }
  .timeline li {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    gap: 12px;
  }
  .timeline div {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .timeline strong {
    font-weight: 500;
  }
  .timeline time {
    font-size: 12px;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
    color: var(--c-muted);
  }
  @media (max-width: 1040px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media (max-width: 720px) {
    .deliveries > li > :not(.line) {
      margin-inline-start: 0;
    }
  }
`;
