import { css } from 'lit';

/** One entry of the list. */
export const itemStyles = css`
  .row {
    position: relative;
    display: grid;
    grid-template-columns: 36px minmax(0, 1fr);
    gap: 2px 12px;
    width: 100%;
    padding: 12px 16px 12px 20px;
    border-block-end: 1px solid var(--c-line);
    list-style: none;
  }
  .row:dir(rtl) {
    padding: 12px 20px 12px 16px;
  }
  .row:hover,
  .row:focus-within {
    background: var(--c-raised);
  }
  .mark {
    grid-row: span 5;
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    border-radius: 50%;
    --item-on: light-dark(
      color-mix(in srgb, var(--item, var(--c-info)) 85%, #000),
      color-mix(in srgb, var(--item, var(--c-info)) 50%, #fff)
    );
    color: var(--item-on);
    background: color-mix(in srgb, var(--item-on) 13%, transparent);
  }
  .unread > .mark::before {
    content: '';
    position: absolute;
    inset-block-start: 26px;
    inset-inline-start: 7px;
    width: 7px;
    height: 7px;
    border-radius: 50%;
    background: var(--c-accent);
  }
  .title {
    display: -webkit-box;
    overflow: hidden;
    min-height: 24px;
    padding-block: 1px;
    color: inherit;
    text-align: start;
    text-decoration: none;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .unread > .title {
    font-weight: 600;
  }
  .title::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  .title:focus-visible {
    outline: 0;
  }
  .title:focus-visible::after {
    outline: 2px solid var(--c-accent);
    outline-offset: -3px;
    border-radius: 6px;
  }
  .message,
  .meta {
    color: var(--c-muted);
    font-size: 0.93em;
  }
  .message {
    grid-column: 2;
    display: -webkit-box;
    overflow: hidden;
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-line;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .open > .title,
  .open > .message {
    -webkit-line-clamp: none;
  }
  .meta,
  .actions {
    grid-column: 2;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 6px;
    align-items: center;
  }
  .meta > :not(:last-child)::after {
    content: '·';
    padding-inline-start: 6px;
    color: var(--c-muted);
    font-weight: 400;
  }
  .meta > * {
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .warning {
    color: var(--c-warning);
    font-weight: 600;
  }
  .error {
    color: var(--c-error);
    font-weight: 600;
  }
  img {
    grid-column: 2;
    max-width: 100%;
    max-height: 140px;
    margin-block-start: 6px;
    border-radius: 8px;
    object-fit: cover;
  }
  .actions {
    padding-block-start: 6px;
  }
  .actions a,
  .thread {
    position: relative;
    z-index: 1;
    display: inline-flex;
    align-items: center;
    gap: 4px;
    max-width: 100%;
    min-height: 28px;
    padding: 2px 10px;
    border: 1px solid var(--c-line);
    border-radius: 7px;
    background: var(--c-background);
    color: inherit;
    font-size: 0.93em;
    font-weight: 500;
    text-decoration: none;
    overflow-wrap: anywhere;
  }
  .actions a:hover,
  .thread:hover {
    border-color: var(--c-muted);
  }
  .thread svg {
    width: 14px;
    height: 14px;
  }
  .tools {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-end: 10px;
    z-index: 1;
    display: flex;
    border-radius: 8px;
    background: var(--c-background);
    box-shadow: 0 0 0 1px var(--c-line);
    opacity: 0;
  }
  .row:hover > .tools,
  .row:focus-within > .tools {
    opacity: 1;
  }
  @media (hover: none) {
    .row {
      padding-inline-end: 44px;
    }
    .tools {
      background: none;
      box-shadow: none;
      opacity: 1;
    }
    .tools > :not(:last-child) {
      display: none;
    }
  }
`;
