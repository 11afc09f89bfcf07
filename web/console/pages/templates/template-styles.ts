import { css } from 'lit';

export const templateStyles = css`
  .desk {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 18px;
    align-items: start;
  }
  @media (min-width: 1080px) {
    .desk {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
    .preview {
      position: sticky;
      inset-block-start: 16px;
    }
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 18px;
  }
  .head h1 {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .label {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: 8px;
    font-weight: 500;
  }
  .label select {
    width: auto !important;
    height: 28px;
    font-size: 13px;
  }
  .small-code {
    --code-height: 190px;
  }
  .save {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    align-items: end;
    padding: 12px 16px;
    border-block-start: 1px solid var(--c-line);
  }
  .save label {
    flex: 1 1 180px;
  }
  .errors {
    padding: 10px 16px;
    border-block-end: 1px solid var(--c-line);
    background: color-mix(in oklab, var(--tone) 7%, var(--c-background));
  }
  .errors b {
    color: var(--tone);
  }
  .errors li {
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .errors button {
    color: var(--c-accent);
    font-weight: 500;
    text-decoration: underline;
  }
  .versions li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 14px;
    padding: 10px 16px;
  }
  .versions li + li {
    border-block-start: 1px solid var(--c-line);
  }
  .versions li > :first-child {
    flex: 1 1 200px;
    min-width: 0;
  }
  .versions small {
    display: block;
  }
  .old {
    color: var(--tone);
  }
  .variables {
    padding: 0 0 4px;
    font-size: 13px;
  }
  .variables summary {
    color: var(--c-muted);
    cursor: pointer;
  }
  .variables li {
    margin-block-start: 4px;
  }
  .busy {
    color: var(--c-muted);
    font-size: 12.5px;
  }
`;
