import { html, nothing, type TemplateResult } from 'lit';

/** A column's heading, and the classes that it goes by: `wide` ones are left out on narrow screens, `number`, `end`. */
export type Column = readonly [heading: unknown, classes?: string];

/** A table with a row of headings above these rows. */
export function table(columns: readonly Column[], rows: unknown): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        ${columns.map(([heading, classes]) => html`<th class=${classes ?? nothing}>${heading}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
