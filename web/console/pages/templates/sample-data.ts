import { html, type TemplateResult } from 'lit';
import type { Texts } from '../../parts/drawing.js';
import './code-editor.js';
import type { ConsoleCode } from './code-editor.js';
import type { Draft } from './draft.js';
import type { TemplatesText } from './messages-en.js';
import type { VariableSchema } from './variable-schema.js';
import { variableList } from './variables.js';

/** The data that the preview is filled with, and the variables that there are. */
export function sampleData(
  texts: Texts<TemplatesText>,
  draft: Draft,
  variables: VariableSchema | null,
): TemplateResult {
  return html`<section class="panel" aria-labelledby="data">
    <header><h2 id="data">${texts.t('template.data')}</h2></header>
    <div class="form pad">
      <p class="hint">${texts.t('template.dataHint')}</p>
      <console-code
        class="small-code"
        data-field="data"
        .label=${texts.t('template.data')}
        .value=${draft.data ?? ''}
        @input=${(event: Event) => draft.writeData((event.target as ConsoleCode).value)}
      ></console-code>
      ${variableList(texts, variables)}
    </div>
  </section>`;
}
