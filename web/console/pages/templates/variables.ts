import { html, nothing, type TemplateResult } from 'lit';
import type { Localizer } from '../../../elements/shared/i18n.js';
import type { ConsoleText } from '../../messages-en.js';
import type { TemplatesText } from './messages-en.js';

/** The part of a JSON schema that names variables. */
export interface VariableSchema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, VariableSchema>;
  items?: VariableSchema;
  required?: string[];
  sensitive?: boolean;
}

interface Variable {
  path: string;
  type: string;
  isRequired: boolean;
}

const MAX_DEPTH = 4;

/** The variables that a schema names, as templates write them. */
export function variablesIn(schema: VariableSchema, path = '', depth = 0): Variable[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const own = path === '' ? name : `${path}.${name}`;
    const deeper = depth < MAX_DEPTH && field.properties ? variablesIn(field, own, depth + 1) : [];
    const type = [field.type ?? ''].flat().join(' | ');
    return deeper.length > 0 ? deeper : [{ path: own, type, isRequired: required.includes(name) }];
  });
}

/** What a type says of its variables. */
export function variableList(
  texts: Localizer<ConsoleText | TemplatesText>,
  schema: VariableSchema | null,
): TemplateResult {
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
