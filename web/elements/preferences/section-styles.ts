import { css } from 'lit';

/** What the parts of the preference page share: cards, switches, fields. */
export const sectionStyles = css`
  :host {
    display: block;
  }
  .card {
    border: 1px solid var(--c-line);
    border-radius: var(--c-radius);
    background: var(--c-background);
  }
  .pad {
    padding: 18px 20px;
  }
  h2 {
    margin: 0;
    font-size: 1.0715em;
    line-height: 1.4;
    font-weight: 600;
  }
  .hint {
    margin: 2px 0 0;
    color: var(--c-muted);
  }
  .switch {
    appearance: none;
    flex: none;
    position: relative;
    width: 38px;
    height: 24px;
    margin: 0;
    border-radius: 12px;
    cursor: pointer;
  }
  .switch::before {
    content: '';
    position: absolute;
    inset: 2px 1px;
    border: 1.5px solid var(--c-muted);
    border-radius: 10px;
    background: var(--c-background);
    transition: background-color 0.15s;
  }
  .switch::after {
    content: '';
    position: absolute;
    inset-block-start: 6px;
    inset-inline-start: 5px;
    width: 12px;
    height: 12px;
    border-radius: 6px;
    background: var(--c-muted);
    transition: translate 0.15s;
  }
  .switch:checked::before,
  .switch:indeterminate::before {
    border-color: var(--c-accent);
  }
  .switch:checked::before {
    background: var(--c-accent);
  }
  .switch:checked::after {
    background: var(--c-on-accent);
    translate: 16px;
  }
  .switch:checked:dir(rtl)::after {
    translate: -16px;
  }
  .switch:indeterminate::after {
    background: var(--c-accent);
    width: 14px;
    height: 3px;
    inset-block-start: 10.5px;
    inset-inline-start: 12px;
    translate: 0;
  }
  .switch[aria-disabled='true'] {
    cursor: not-allowed;
  }
  .switch[aria-disabled='true']::before {
    border-color: var(--c-muted);
    background: var(--c-raised);
  }
  .switch[aria-disabled='true']::after {
    background: var(--c-muted);
  }
  select,
  input:not([type='checkbox']) {
    height: 34px;
    padding: 0 10px;
    border: 1px solid color-mix(in oklab, var(--c-muted) 75%, var(--c-background));
    border-radius: 8px;
    background: var(--c-background);
    max-width: 100%;
    color-scheme: inherit;
  }
  select {
    appearance: none;
    border-color: var(--c-line);
    cursor: pointer;
    padding-inline-end: 28px;
    /* A chevron of two gradients: an image would have to be allowed by the page's policy. */
    background:
      linear-gradient(45deg, #0000 50%, var(--c-muted) 50% 65%, #0000 65%) right 15px center / 6px 6px
        no-repeat,
      linear-gradient(-45deg, #0000 50%, var(--c-muted) 50% 65%, #0000 65%) right 10px center / 6px 6px
        no-repeat,
      var(--c-background);
    text-overflow: ellipsis;
  }
  select:hover {
    border-color: var(--c-muted);
  }
  select:dir(rtl) {
    background-position:
      left 10px center,
      left 15px center,
      0 0;
  }
  .button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 34px;
    padding: 0 14px;
    border: 1px solid var(--c-line);
    border-radius: 8px;
    background: var(--c-background);
    font-weight: 500;
  }
  .button:hover {
    background: var(--c-raised);
  }
  .button svg {
    width: 16px;
    height: 16px;
  }
  .primary,
  .primary:hover {
    border-color: transparent;
    background: var(--c-accent);
    color: var(--c-on-accent);
  }
  .link {
    min-height: 24px;
    color: var(--c-accent);
    font-weight: 500;
  }
  .link:hover {
    text-decoration: underline;
  }
  .rows {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 52px;
    padding: 8px 20px;
    border-top: 1px solid var(--c-line);
  }
  .name {
    flex: 1;
    min-width: 0;
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .field {
    display: grid;
    gap: 6px;
    justify-items: start;
  }
  .field > span,
  .field > label {
    font-size: 13px;
    color: var(--c-muted);
  }
  .fields {
    display: flex;
    flex-wrap: wrap;
    gap: 16px;
    margin-top: 14px;
    align-items: end;
  }
  .error {
    margin: 8px 0 0;
    color: var(--c-error);
  }
  [aria-invalid='true'] {
    border-color: var(--c-error) !important;
  }
  @media (forced-colors: active) {
    .switch::before {
      border-color: ButtonText;
    }
    .switch::after {
      background: ButtonText;
      forced-color-adjust: none;
    }
    .switch:checked::before {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
