import { html, nothing, type TemplateResult } from 'lit';
import type { Texts } from '../../parts/drawing.js';
import type { TemplatesText } from './messages-en.js';
import { variablesIn, type VariableSchema } from './variable-schema.js';

/** What a type says of its variables. */
export function variableList(texts: Texts<TemplatesText>, schema: VariableSchema | null): TemplateResult {
  const variables = schema ? variablesIn(schema) : [];
  if (variables.length === 0) return html`<p class="hint">${texts.t('template.noVariables')}</p>`;
  return html`<details class="variables">
    <summary>${texts.t('template.variables')}</summary>
    <ul>
      ${variables.map(
        ({ path, type, isRequired }) =>
          html`<li>
            <code>{{ ${path} }}</code> <span class="muted">${type}</span>
            ${isRequired ? html`<span class="muted">· ${texts.t('template.required')}</span>` : nothing}
          </li>`,
      )}
    </ul>
  </details>`;
}
