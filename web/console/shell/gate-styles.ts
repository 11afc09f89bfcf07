import { css } from 'lit';

/** What stands in the middle of an otherwise empty page, before there is a tenant to show. */
export const gateStyles = css`
  :host {
    display: grid;
    place-items: start center;
    min-height: 100vh;
    padding: min(14vh, 120px) 16px 32px;
    background: var(--c-page);
  }
  .gate {
    display: grid;
    gap: 16px;
    width: min(420px, 100%);
    padding: 28px;
    border: 1px solid var(--c-line);
    border-radius: 16px;
    background: var(--c-background);
    box-shadow: var(--c-shadow);
  }
  form {
    display: grid;
    gap: 8px;
  }
  label {
    font-weight: 500;
  }
  .gate input {
    height: 40px;
    width: 100%;
  }
  .gate .button {
    min-height: 40px;
  }
  .over {
    padding: 10px 12px;
    border-radius: 10px;
    background: var(--c-raised);
  }
  .tenants {
    border: 1px solid var(--c-line);
    border-radius: 10px;
    overflow: hidden;
  }
  .tenants li + li {
    border-block-start: 1px solid var(--c-line);
  }
  .tenants button {
    display: flex;
    width: 100%;
    justify-content: space-between;
    gap: 12px;
    padding: 10px 14px;
    text-align: start;
  }
  .tenants button:hover {
    background: var(--c-raised);
  }
  .tenants button:focus-visible {
    outline-offset: -2px;
  }
  .row {
    display: flex;
    gap: 8px;
  }
`;
