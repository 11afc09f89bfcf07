import { css } from 'lit';

/** The frame: navigation at the side, or above where there is no room beside. */
export const appStyles = css`
  :host {
    display: grid;
    grid-template-columns: 232px minmax(0, 1fr);
    min-height: 100vh;
    background: var(--c-page);
  }
  console-sidebar {
    position: sticky;
    inset-block-start: 0;
    height: 100vh;
  }
  main {
    width: min(1240px, 100%);
    margin: 0 auto;
    padding: 26px 32px 64px;
    outline: none;
  }
  console-sign-in,
  console-choose-tenant,
  .alone {
    grid-column: 1 / -1;
  }
  .home {
    display: flex;
    justify-content: center;
    padding-block-end: 32px;
  }
  @media (max-width: 900px) {
    :host {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto 1fr;
    }
    console-sidebar {
      height: auto;
      z-index: 10;
    }
    main {
      padding: 18px 14px 48px;
    }
  }
`;
