import { html, nothing, type TemplateResult } from 'lit';
import type { Drawing } from './drawing.js';

/**
 * The way to older entries of a list, and back to the newest. A page's cursor stands in the address, so that the back
 * button, a reload and a link lead to the same entries.
 */
export function pager(
  { texts, icons }: Drawing,
  { query, path, nextCursor }: { query: URLSearchParams; path: string; nextCursor: string | null },
): TemplateResult | typeof nothing {
  const address = (cursor: string | null) => {
    const parameters = new URLSearchParams(query);
    parameters.delete('cursor');
    if (cursor !== null) parameters.set('cursor', cursor);
    const text = parameters.toString();
    return `${path}${text && `?${text}`}`;
  };
  const isFirst = !query.has('cursor');
  if (isFirst && nextCursor === null) return nothing;
  return html`<nav class="pager" aria-label=${texts.t('pager.label')}>
    ${
      isFirst
        ? nothing
        : html`<a class="button" href=${address(null)}>${icons.draw('newer')}${texts.t('pager.newest')}</a>`
    }
    ${
      nextCursor === null
        ? nothing
        : html`<a class="button" href=${address(nextCursor)}
            >${texts.t('pager.older')}${icons.draw('older')}</a
          >`
    }
  </nav>`;
}
