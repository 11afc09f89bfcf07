import { html, nothing, type TemplateResult } from 'lit';
import type { ConsoleContext } from '../context.js';
import type { Drawing, Texts } from './drawing.js';

/** Filters that are always seen; the others are behind a click. */
const AT_HAND = 4;

/** One thing that a list can be narrowed to; `name` is the parameter's, in the address and in the API alike. */
export interface Filter {
  name: string;
  label: string;
  /** What can be chosen; without it any text can be typed. */
  options?: readonly { value: string; label: string }[];
  /** What stands for none being chosen. Default: any. */
  none?: string;
  type?: 'search' | 'datetime-local';
  placeholder?: string;
}

/** Whose filters they are. */
interface FilteredPage {
  query: URLSearchParams;
  path: string;
  /** Of the query, what clearing the filters leaves. */
  keep?: Record<string, string | null>;
  context: ConsoleContext;
}

/**
 * A row of filters that are kept in the address. Chosen ones take effect at once, typed ones with Enter or on leaving the
 * field.
 */
export function filterBar(
  { texts, icons }: Drawing,
  filters: readonly Filter[],
  { query, path, keep = {}, context }: FilteredPage,
): TemplateResult {
  const set = (name: string, value: string) => {
    const parameters = new URLSearchParams(query);
    parameters.delete('cursor');
    if (value === '') parameters.delete(name);
    else parameters.set(name, value);
    const text = parameters.toString();
    context.go(`${path}${text && `?${text}`}`);
  };
  const changed = (filter: Filter) => (event: Event) => {
    const { value } = event.target as HTMLInputElement | HTMLSelectElement;
    const isTime = filter.type === 'datetime-local' && value !== '';
    set(filter.name, isTime ? new Date(value).toISOString() : value.trim());
  };
  const kept = new URLSearchParams(
    Object.entries(keep).filter((entry): entry is [string, string] => entry[1] !== null),
  ).toString();
  const cleared = `${path}${kept && `?${kept}`}`;
  const one = (filter: Filter) =>
    html`<label class=${query.has(filter.name) ? 'set' : ''}>
      <span>${filter.label}</span>
      ${filter.options ? choice(texts, filter, query, changed(filter)) : field(filter, query, changed(filter))}
    </label>`;
  const isNarrowed = filters.some(({ name }) => query.has(name));
  return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
    ${filters.slice(0, AT_HAND).map(one)}
    ${
      filters.length > AT_HAND
        ? html`<details ?open=${filters.slice(AT_HAND).some(({ name }) => query.has(name))}>
            <summary>${texts.t('filters.more')}</summary>
            <div>${filters.slice(AT_HAND).map(one)}</div>
          </details>`
        : nothing
    }
    ${
      isNarrowed
        ? html`<button type="button" class="link" @click=${() => context.go(cleared)}>
            ${icons.draw('close')}${texts.t('filters.clear')}
          </button>`
        : nothing
    }
  </form>`;
}

function choice(texts: Texts, filter: Filter, query: URLSearchParams, changed: (event: Event) => void) {
  const chosen = query.get(filter.name) ?? '';
  return html`<select name=${filter.name} @change=${changed}>
    <option value="" .selected=${chosen === ''}>${filter.none ?? texts.t('filters.any')}</option>
    ${filter.options?.map(
      ({ value, label }) => html`<option value=${value} .selected=${chosen === value}>${label}</option>`,
    )}
  </select>`;
}

function field(filter: Filter, query: URLSearchParams, changed: (event: Event) => void) {
  const given = query.get(filter.name) ?? '';
  const value = filter.type === 'datetime-local' ? localTime(given) : given;
  return html`<input
    name=${filter.name}
    type=${filter.type ?? 'search'}
    .value=${value}
    placeholder=${filter.placeholder ?? nothing}
    autocomplete="off"
    spellcheck="false"
    @change=${changed}
  />`;
}

/** As a field for a date and time takes it: in the reader's own zone. */
function localTime(iso: string): string {
  const at = new Date(iso);
  if (iso === '' || Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
