import { css } from 'lit';

export const sidebarStyles = css`
  header {
    display: flex;
    flex-direction: column;
    height: 100%;
    border-inline-end: 1px solid var(--c-line);
    background: var(--c-background);
  }
  .skip {
    position: absolute;
    inset: 8px auto auto 8px;
    z-index: 30;
    padding: 8px 12px;
    border-radius: 8px;
    background: var(--c-background);
    translate: 0 -200%;
  }
  .skip:focus {
    box-shadow: var(--c-shadow);
    translate: 0;
  }
  .top {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: 16px 16px 12px;
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 10px;
    color: inherit;
    text-decoration: none;
    border-radius: 8px;
  }
  .brand strong {
    font-size: 15px;
  }
  small {
    color: var(--c-muted);
  }
  .menu {
    display: none;
  }
  .places {
    display: flex;
    flex-direction: column;
    gap: 10px;
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    padding: 0 10px 12px;
  }
  .tenant {
    display: flex;
    align-items: center;
    gap: 9px;
    padding: 7px 6px 7px 10px;
    border-radius: 10px;
    background: var(--c-raised);
  }
  .tenant > svg {
    color: var(--c-muted);
  }
  .tenant span {
    flex: 1;
    min-width: 0;
    line-height: 1.3;
  }
  .tenant :is(strong, small) {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tenant small {
    font-size: 12px;
  }
  .tenant .quiet svg {
    width: 15px;
    height: 15px;
  }
  form {
    position: relative;
    display: flex;
    align-items: center;
  }
  form > svg {
    position: absolute;
    inset-inline-start: 10px;
    width: 15px;
    height: 15px;
    color: var(--c-muted);
    pointer-events: none;
  }
  form input {
    width: 100%;
    padding-inline: 32px 28px !important;
    font-size: 13px;
  }
  kbd {
    position: absolute;
    inset-inline-end: 8px;
    padding: 0 6px;
    border: 1px solid var(--c-line);
    border-radius: 5px;
    font: 11px/17px inherit;
    color: var(--c-muted);
    pointer-events: none;
  }
  nav h2 {
    padding: 8px 10px 4px;
    font-size: 12px;
    font-weight: 600;
    color: var(--c-muted);
  }
  nav a,
  .out {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 34px;
    padding: 0 10px;
    border-radius: 8px;
    color: var(--c-text);
    text-decoration: none;
  }
  nav a:hover,
  .out:hover {
    background: var(--c-raised);
  }
  nav svg,
  .out svg {
    width: 17px;
    height: 17px;
    color: var(--c-muted);
  }
  nav a[aria-current] {
    font-weight: 600;
    color: var(--c-accent);
    background: color-mix(in oklab, var(--c-accent) 10%, var(--c-background));
  }
  nav a[aria-current] svg {
    color: inherit;
  }
  .foot {
    display: grid;
    gap: 6px;
    margin-block-start: auto;
    padding-block-start: 12px;
  }
  .themes {
    display: flex;
    gap: 2px;
    margin: 0;
    padding: 2px;
    border: 0;
    border-radius: 9px;
    background: var(--c-raised);
  }
  .themes label {
    position: relative;
    flex: 1;
    text-align: center;
  }
  .themes input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .themes span {
    display: block;
    padding: 3px 0;
    border-radius: 7px;
    font-size: 12.5px;
    color: var(--c-muted);
  }
  .themes input:checked + span {
    color: var(--c-text);
    background: var(--c-background);
    box-shadow: 0 0 0 1px var(--c-line);
  }
  .themes input:focus-visible + span {
    outline: 2px solid var(--c-accent);
  }
  @media (max-width: 900px) {
    header {
      height: auto;
      border-inline-end: 0;
      border-block-end: 1px solid var(--c-line);
    }
    .top {
      padding: 9px 14px;
    }
    .menu {
      display: inline-flex;
    }
    .places {
      display: none;
      max-height: calc(100vh - 52px);
    }
    .places.open {
      display: flex;
    }
  }
`;
