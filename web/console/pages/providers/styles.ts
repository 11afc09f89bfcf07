import { css } from 'lit';

export const providersStyles = css`
  .providers > li {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 9px;
    padding: 13px 16px;
  }
  .providers > li + li {
    border-block-start: 1px solid var(--c-line);
  }
  .who {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  .who strong {
    font-size: 15px;
  }
  .who .actions {
    margin-inline-start: auto;
  }
  .quiet:disabled {
    opacity: 0.35;
    cursor: default;
  }
  .said {
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in oklab, var(--tone) 8%, var(--c-background));
  }
  .said.good {
    color: var(--tone);
  }
  details summary {
    color: var(--c-muted);
    cursor: pointer;
    width: max-content;
    max-width: 100%;
  }
  details .facts {
    margin-block-start: 8px;
  }
  .facts dd > code {
    display: block;
    color: var(--c-muted);
  }
  /* In view below a long form, too. */
  .form .choices {
    position: sticky;
    inset-block-end: -20px;
    margin-block: 4px -20px;
    padding-block: 12px 20px;
    background: var(--c-background);
  }
  @media (max-width: 720px) {
    .who .actions {
      margin-inline-start: 0;
      width: 100%;
    }
  }
`;
