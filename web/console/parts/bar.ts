import { svg, html, type TemplateResult } from 'lit';
import type { Tone } from './status.js';

/** Parts of a whole side by side; what is missing of the whole stays empty. Drawn, since no style may stand inline. */
export function bar(parts: readonly { tone: Tone; share: number }[], label: string): TemplateResult {
  let from = 0;
  const drawn = parts.map(({ tone, share }) => {
    const x = from;
    from += share * 100;
    return svg`<rect class=${tone} x=${x} width=${Math.max(0, share * 100)} height="8"></rect>`;
  });
  return html`<div class="progress" role="img" aria-label=${label}>
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${drawn}</svg>
  </div>`;
}
