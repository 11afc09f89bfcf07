import { html, nothing, type TemplateResult } from 'lit';
import type { Texts } from '../../parts/drawing.js';
import type { Draft } from './draft.js';
import type { TemplatesText } from './messages-en.js';
import './rendered.js';
import type { Kind } from './shapes.js';

/** What the draft is filled to, and what the API warns of in it. */
export function previewPanel(texts: Texts<TemplatesText>, draft: Draft, kind: Kind): TemplateResult {
  const { preview, isFilling } = draft;
  const warnings = preview?.warnings ?? [];
  return html`<section class="panel" aria-labelledby="preview" aria-busy=${isFilling}>
    <header>
      <h2 id="preview">${texts.t('template.preview')}</h2>
      <span class="busy">${isFilling ? texts.t('template.previewing') : ''}</span>
    </header>
    ${
      warnings.length === 0
        ? nothing
        : html`<div class="errors waiting">
            <b>${texts.t('template.warnings')}</b>
            <ul>
              ${warnings.map(({ path, message }) => html`<li><code>${path}</code> ${message}</li>`)}
            </ul>
          </div>`
    }
    ${
      kind === 'partials'
        ? html`<p class="pad muted">${texts.t('template.noPreview')}</p>`
        : preview
          ? html`<console-rendered .rendered=${preview.rendered}></console-rendered>`
          : html`<p class="pad muted">${texts.t('template.fillIn')}</p>`
    }
  </section>`;
}
