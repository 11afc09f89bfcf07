import { html, nothing, type TemplateResult } from 'lit';
import type { CarillonError } from '../../client/carillon-error.js';
import type { Drawing } from './drawing.js';
import { failure } from './failure.js';

/** Why a form was not taken, with every field that is wrong. */
export function refusal(drawing: Drawing, error: CarillonError | undefined): TemplateResult | typeof nothing {
  if (!error) return nothing;
  const { errors } = error;
  return html`<div>
    ${failure(drawing, error)}
    ${
      errors.length < 2
        ? nothing
        : html`<ul class="problems">
            ${errors.map(({ path, message }) => html`<li><code>${path}</code> ${message}</li>`)}
          </ul>`
    }
  </div>`;
}

/** What a form's fields hold, trimmed; empty ones are left out. */
export function filled(form: HTMLFormElement): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string' && value.trim() !== '') given[name] = value.trim();
  return given;
}
