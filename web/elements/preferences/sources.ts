import { html, type TemplateResult } from 'lit';
import type { PreferenceSource } from '../../client/shapes.js';
import type { Texts } from './names.js';

const sources: readonly PreferenceSource[] = [
  'type',
  'category',
  'channel',
  'type_default',
  'tenant',
  'default',
  'locked',
];

/** Where values come from, once for all switches that refer to it by `aria-describedby`. */
export function sourceTexts(texts: Texts): TemplateResult[] {
  return sources.map((source) => html`<span id="source-${source}">${texts.t(`source.${source}`)}</span>`);
}
