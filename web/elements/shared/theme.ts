import { css } from 'lit';

/**
 * What every element begins with: the public custom properties (`--carillon-…`, docs/inbox.md) with their defaults for
 * light and dark, as private ones (`--c-…`) that the elements' own styles read. `theme="light"`, `"dark"` and `"auto"`
 * (the system's choice) set the scheme; without it the page's own `color-scheme` holds.
 */
export const theme = css`
  :host {
    --c-accent: var(--carillon-accent, light-dark(#3451c7, #93abff));
    --c-on-accent: var(--carillon-on-accent, light-dark(#fff, #10131c));
    --c-background: var(--carillon-background, light-dark(#fff, #17191f));
    --c-raised: var(--carillon-raised, light-dark(#f4f5f8, #22252d));
    --c-text: var(--carillon-text, light-dark(#1b1f28, #eceef2));
    --c-muted: var(--carillon-muted, light-dark(#596171, #a3abb9));
    --c-line: var(--carillon-line, light-dark(#e3e6eb, #30343e));
    --c-badge: var(--carillon-badge, #d0243a);
    --c-on-badge: var(--carillon-on-badge, #fff);
    --c-info: var(--carillon-info, light-dark(#2459c9, #86b2ff));
    --c-success: var(--carillon-success, light-dark(#146c37, #63d192));
    --c-warning: var(--carillon-warning, light-dark(#9a4a07, #f0b35c));
    --c-error: var(--carillon-error, light-dark(#b3201f, #ff9188));
    --c-radius: var(--carillon-radius, 12px);
    --c-shadow: var(--carillon-shadow, 0 12px 32px light-dark(#1b1f2829, #0009));
    font: var(--carillon-font-size, 14px) / 1.45 var(--carillon-font, system-ui, sans-serif);
    color: var(--c-text);
    text-align: start;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([theme='auto']) {
    color-scheme: light dark;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  * {
    box-sizing: border-box;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  button {
    border: 0;
    padding: 0;
    background: none;
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--c-accent);
    outline-offset: 2px;
  }
  svg {
    width: 18px;
    height: 18px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .quiet {
    display: inline-grid;
    place-items: center;
    min-width: 30px;
    height: 30px;
    border-radius: 7px;
    color: var(--c-muted);
  }
  .quiet:hover,
  .quiet[aria-expanded='true'] {
    background: var(--c-raised);
    color: var(--c-text);
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;

/** The custom property that holds a severity's colour, for use inside an element. */
export function severityColor(severity: string): string {
  return /^(success|warning|error)$/.test(severity) ? `var(--c-${severity})` : 'var(--c-info)';
}
