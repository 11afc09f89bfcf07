import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ChannelName } from '../../client/shapes.js';
import { categoryRow } from './category-row.js';
import { matrixNarrowStyles } from './matrix-narrow-styles.js';
import { matrixStyles } from './matrix-styles.js';
import { channelLabel } from './names.js';
import { PreferencesSection } from './section.js';
import { categoriesOf, channelsShown, matching, type CategoryRows } from './shown.js';
import { sourceTexts } from './sources.js';
import { detailsRow, typeRow } from './type-row.js';
import type { PreferencesPatch } from '../../client/shapes.js';

/** With more types than this there is a search, and only the first category is open. */
const MANY = 12;

/** How much room so many columns take, as the styles know it. */
function widthOf(channels: number): 'few' | 'some' | 'many' {
  if (channels <= 3) return 'few';
  return channels <= 5 ? 'some' : 'many';
}

/** Types × channels. */
export class MatrixSection extends PreferencesSection {
  static override styles = [PreferencesSection.styles, matrixStyles, matrixNarrowStyles];
  static override properties = { ...PreferencesSection.properties, words: { state: true } };

  /** What is searched for. */
  declare private words: string;
  private readonly open = new Set<string>();
  private readonly detailed = new Set<string>();
  private isPrepared = false;

  constructor() {
    super();
    this.words = '';
  }

  protected override willUpdate(_changed: PropertyValues): void {
    if (this.isPrepared) return;
    this.isPrepared = true;
    const all = this.categories();
    const first = this.view.types.length > MANY ? all.slice(0, 1) : all;
    for (const { category } of first) this.open.add(category);
  }

  protected override render(): TemplateResult {
    const { texts, words } = this;
    const channels = channelsShown(this.view);
    const all = this.categories();
    const found = matching(all, words);
    const isMany = this.view.types.length > MANY;
    return html`<section class="card" aria-labelledby="title">
      <div class="pad">
        <h2 id="title">${texts.t('matrix.title')}</h2>
        <p class="hint">${texts.t('matrix.hint')}</p>
        ${isMany ? this.tools(all, found) : nothing}
      </div>
      ${found.length === 0 ? html`<p class="pad none">${texts.t('matrix.none')}</p>` : this.table(found, channels)}
      <div class="pad legend">
        <span><i class="own"></i>${texts.t('matrix.own')}</span>
        <span>${this.icons.draw('lock')}${texts.t('matrix.lock')}</span>
      </div>
      <div hidden>${sourceTexts(texts)}</div>
    </section>`;
  }

  private categories(): CategoryRows[] {
    return categoriesOf(this.view, this.texts, channelsShown(this.view));
  }

  private tools(all: CategoryRows[], found: CategoryRows[]): TemplateResult {
    const { texts, words } = this;
    const isAllOpen = all.every(({ category }) => this.open.has(category));
    const count = found.reduce((sum, { rows }) => sum + rows.length, 0);
    return html`<div class="tools">
      <input
        type="search"
        aria-label=${texts.t('matrix.search')}
        placeholder=${texts.t('matrix.search')}
        @input=${(event: Event) => (this.words = (event.target as HTMLInputElement).value)}
      />
      <button class="link" ?hidden=${words !== ''} @click=${() => this.openAll(all, !isAllOpen)}>
        ${texts.t(isAllOpen ? 'matrix.collapseAll' : 'matrix.expandAll')}
      </button>
      <span class="sr" role="status">${words ? texts.t('matrix.found', { count }) : nothing}</span>
    </div>`;
  }

  /** The roles are said because a table that is laid out as blocks, on narrow screens, is none for every browser. */
  private table(found: CategoryRows[], channels: ChannelName[]): TemplateResult {
    const { texts } = this;
    const heads = channels.map(
      (channel) =>
        html`<th scope="col" role="columnheader" class="middle">${channelLabel(texts, channel)}</th>`,
    );
    return html`<table role="table" aria-labelledby="title" data-channels=${widthOf(channels.length)}>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">${texts.t('matrix.type')}</th>
          ${heads}
          <th scope="col" role="columnheader">${texts.t('matrix.cadence')}</th>
        </tr>
      </thead>
      ${repeat(
        found,
        ({ category }) => category,
        (rows) => this.category(rows, channels),
      )}
    </table>`;
  }

  private category(group: CategoryRows, channels: ChannelName[]): TemplateResult {
    const { texts, icons } = this;
    const isOpen = this.words !== '' || this.open.has(group.category);
    const change = (patch: PreferencesPatch) => void this.model.change(patch, `categories.${group.category}`);
    return html`<tbody role="rowgroup">
      ${categoryRow({ texts, icons, group, channels, isOpen, change, toggle: () => this.toggle(this.open, group.category) })}
      ${
        isOpen
          ? repeat(
              group.rows,
              ({ type }) => type.name,
              (row) => this.type(row, channels),
            )
          : nothing
      }
    </tbody>`;
  }

  private type(row: CategoryRows['rows'][number], channels: ChannelName[]): TemplateResult {
    const { texts, icons } = this;
    const { name } = row.type;
    const isOpen = this.detailed.has(name);
    const change = (patch: NonNullable<PreferencesPatch['types']>[string]) =>
      void this.model.change({ types: { [name]: patch } }, `types.${name}`);
    const said = this.view.preferences.types[name];
    const view = { texts, icons, row, channels, isOpen, change, isChosen: said !== undefined };
    return html`${typeRow({ ...view, toggle: () => this.toggle(this.detailed, name) })}
    ${isOpen ? detailsRow(view) : nothing}`;
  }

  private toggle(set: Set<string>, name: string): void {
    if (!set.delete(name)) set.add(name);
    this.requestUpdate();
  }

  private openAll(all: CategoryRows[], isOpen: boolean): void {
    this.open.clear();
    if (isOpen) for (const { category } of all) this.open.add(category);
    this.requestUpdate();
  }
}
