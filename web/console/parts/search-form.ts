import { css, html, nothing, type TemplateResult } from 'lit';
import type { Drawing } from './drawing.js';
import { filled } from './problems.js';

/** What is searched for, and how that is asked. */
export interface Search {
  /** What the form is called where it is not seen. */
  name: string;
  /** Of its field. */
  label: string;
  /** What the field holds at first. */
  value: string;
  button: string;
  /** Told what was typed, trimmed; not of nothing. */
  find: (what: string) => void;
  /** Where clearing it leads; without it, it cannot be cleared. */
  clear?: string | undefined;
}

/** One field to find somebody or something by; it takes effect with Enter, or with its button. */
export function searchForm({ texts, icons }: Drawing, search: Search): TemplateResult {
  const { name, label, value, button, find, clear } = search;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const { what } = filled(event.target as HTMLFormElement);
    if (what !== undefined) find(what);
  };
  return html`<form class="search" role="search" aria-label=${name} @submit=${submit}>
    <label>
      <span>${label}</span>
      <input
        name="what"
        type="search"
        required
        .value=${value}
        placeholder="u-42"
        autocomplete="off"
        spellcheck="false"
      />
    </label>
    <button class="button primary">${icons.draw('find')}${button}</button>
    ${
      clear === undefined
        ? nothing
        : html`<a class="link" href=${clear}>${icons.draw('close')}${texts.t('filters.clear')}</a>`
    }
  </form>`;
}

export const searchStyles = css`
  .search {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 10px;
  }
  .search label {
    display: grid;
    gap: 3px;
    flex: 0 1 360px;
  }
  .search label > span {
    font-size: 12px;
    color: var(--c-muted);
  }
`;
