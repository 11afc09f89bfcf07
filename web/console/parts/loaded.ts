import { html, nothing, type TemplateResult } from 'lit';
import type { Page } from '../calls/api.js';
import type { Drawing } from './drawing.js';
import { failure, skeleton } from './failure.js';
import type { Loader } from '../calls/loader.js';
import { pager } from './pager.js';

/**
 * What a loader has read, drawn. Before it came, grey lines; where it did not, why, with a way to try again. What was
 * there before stays in view.
 *
 * @param lines how many grey ones. Default 6
 */
export function loaded<T>(
  drawing: Drawing,
  loader: Pick<Loader<T>, 'value' | 'error' | 'load'>,
  contents: (value: T) => unknown,
  lines?: number,
): TemplateResult {
  const { value, error } = loader;
  return html`${error ? failure(drawing, error, () => void loader.load()) : nothing}
  ${
    value !== undefined
      ? contents(value)
      : error
        ? nothing
        : html`<div class="panel">${skeleton(drawing.texts, lines)}</div>`
  }`;
}

/** A page of a list, drawn like {@link loaded}, with the way to older entries below. */
export function loadedPage<T>(
  drawing: Drawing,
  loader: Pick<Loader<Page<T>>, 'value' | 'error' | 'load'>,
  { query, path, lines }: { query: URLSearchParams; path: string; lines?: number },
  contents: (items: readonly T[]) => unknown,
): TemplateResult {
  const draw = ({ items, nextCursor }: Page<T>) =>
    html`${contents(items)} ${pager(drawing, { query, path, nextCursor })}`;
  return loaded(drawing, loader, draw, lines);
}
