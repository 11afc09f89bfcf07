import { html, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { emptyPanel } from '../../parts/failure.js';
import { loadedPage } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { searchForm, searchStyles } from '../../parts/search-form.js';
import { href } from '../../addresses.js';
import { table } from '../../parts/table.js';
import { timeAgo } from '../../parts/time.js';
import { english, type PeopleText } from './messages-en.js';
import type { Person } from './shapes.js';

addMessages('en', english);

const LIMIT = 25;

/** `/console/people`: finds a person, and lists those who came last. */
export class ConsolePeople extends ConsolePage<PeopleText> {
  static override styles = [...ConsolePage.styles, searchStyles];

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
    const path = href('people');
    return html`<div class="page">
      ${this.head({ text: texts.t('people.text') })}
      ${searchForm(drawing, {
        name: texts.t('people.find'),
        label: texts.t('people.findText'),
        value: query.get('email') ?? '',
        button: texts.t('people.findButton'),
        find: (who) => this.find(who),
        clear: query.has('email') ? path : undefined,
      })}
      ${loadedPage(drawing, list, { query, path, lines: 9 }, (items) => this.table(items))}
    </div>`;
  }

  private find(who: string): void {
    const isAddress = /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(who);
    this.context.go(isAddress ? href('people', { email: who }) : href(`people/${encodeURIComponent(who)}`));
  }

  private table(items: readonly Person[]): TemplateResult {
    const { texts, icons } = this;
    if (items.length === 0) {
      const what = this.query.has('email') ? 'people.none' : 'people.empty';
      return emptyPanel({ texts, icons }, texts.t(what), texts.t(`${what}Text`), 'person');
    }
    return html`<div class="panel">
      ${table(
        [
          [texts.t('people.person')],
          [texts.t('people.contact')],
          [texts.t('people.zone'), 'wide'],
          [texts.t('people.since'), 'end wide'],
        ],
        items.map(
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
        ),
      )}
    </div>`;
  }
}

customElements.define('console-people', ConsolePeople);
