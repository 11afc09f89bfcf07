import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../api.js';
import { empty, failure, skeleton } from '../../failure.js';
import { Loader } from '../../loader.js';
import { ConsolePage } from '../../page.js';
import { pager } from '../../pager.js';
import { filled } from '../../problems.js';
import { href } from '../../addresses.js';
import { timeAgo } from '../../time.js';
import { english, type PeopleText } from './messages-en.js';
import type { Person } from './shapes.js';

addMessages('en', english);

const LIMIT = 25;

/** `/console/people`: finds a person, and lists those who came last. */
export class ConsolePeople extends ConsolePage<PeopleText> {
  static override styles = [
    ...ConsolePage.styles,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 10px;
      }
      label {
        display: grid;
        gap: 4px;
        flex: 0 1 380px;
      }
      label span {
        font-size: 12px;
        color: var(--c-muted);
      }
    `,
  ];

  private readonly list = new Loader<Page<Person>>(this, (signal) => {
    const query = { limit: LIMIT, ...Object.fromEntries(this.query) };
    return this.context.api.get('/v1/subscribers', query, signal);
  });

  override get heading(): string {
    return this.texts.t('people.title');
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) void this.list.restart();
  }

  protected override render(): TemplateResult {
    const { texts, icons, query, list } = this;
    const drawing = { texts, icons };
    return html`<div class="page">
      <div class="head">
        <div>
          <h1 tabindex="-1">${this.heading}</h1>
          <p>${texts.t('people.text')}</p>
        </div>
      </div>
      <form
        role="search"
        aria-label=${texts.t('people.find')}
        @submit=${(event: SubmitEvent) => this.find(event)}
      >
        <label>
          <span>${texts.t('people.findText')}</span>
          <input
            name="who"
            type="search"
            required
            .value=${query.get('email') ?? ''}
            placeholder="u-42"
            autocomplete="off"
            spellcheck="false"
          />
        </label>
        <button class="button">${icons.draw('find')}${texts.t('people.findButton')}</button>
        ${query.has('email') ? html`<a class="link" href=${href('people')}>${icons.draw('close')}${texts.t('filters.clear')}</a>` : nothing}
      </form>
      ${list.error ? failure(drawing, list.error, () => void list.load()) : nothing}
      ${
        list.value
          ? this.table(list.value.items)
          : list.error
            ? nothing
            : html`<div class="panel">${skeleton(texts, 9)}</div>`
      }
      ${list.value ? pager(drawing, { query, path: href('people'), nextCursor: list.value.nextCursor }) : nothing}
    </div>`;
  }

  private find(event: SubmitEvent): void {
    event.preventDefault();
    const { who = '' } = filled(event.target as HTMLFormElement);
    if (who === '') return;
    const isAddress = /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(who);
    this.context.go(isAddress ? href('people', { email: who }) : href(`people/${encodeURIComponent(who)}`));
  }

  private table(items: readonly Person[]): TemplateResult {
    const { texts, icons } = this;
    if (items.length === 0) {
      const what = this.query.has('email') ? 'people.none' : 'people.empty';
      return html`<div class="panel">
        ${empty({ texts, icons }, texts.t(what), texts.t(`${what}Text`), 'person')}
      </div>`;
    }
    return html`<div class="panel">
      <table>
        <thead>
          <tr>
            <th>${texts.t('people.person')}</th>
            <th>${texts.t('people.contact')}</th>
            <th class="wide">${texts.t('people.zone')}</th>
            <th class="end wide">${texts.t('people.since')}</th>
          </tr>
        </thead>
        <tbody>
          ${items.map(
            ({ id, email, phone, locale, timezone, roles, createdAt }) =>
              html`<tr>
                <td>
                  <a class="row-link" href=${href(`people/${encodeURIComponent(id)}`)}>${id}</a>
                  <small>${roles.join(', ')}</small>
                </td>
                <td>${email ?? '–'}<small>${phone}</small></td>
                <td class="wide muted">${[locale, timezone].filter(Boolean).join(' · ') || '–'}</td>
                <td class="end wide">${timeAgo(createdAt, texts.lang)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

customElements.define('console-people', ConsolePeople);
