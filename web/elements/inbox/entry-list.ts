import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ThreadedItem } from '../../client/shapes.js';
import type { Conduct } from './conduct.js';
import type { CarillonInbox } from './inbox.js';
import { renderGhost, renderItem } from './item-row.js';
import { tabs } from './tabs.js';
import type { renderVirtually } from './virtual-list.js';

/** From so many entries on, only those in view are in the page. */
const VIRTUAL_FROM = 200;

/** The entries of an inbox, or what stands in their place. */
export class EntryList {
  private virtual?: typeof renderVirtually;

  constructor(
    private readonly inbox: CarillonInbox,
    private readonly conduct: Conduct,
  ) {}

  render(): unknown {
    const { inbox, conduct } = this;
    const { texts } = inbox;
    const { items = [], loading = true, ended = false, error } = inbox.store?.state ?? {};
    const rows = conduct.remaining(items);
    if (rows.length === 0) {
      if (!loading && (ended || error)) return conduct.renderEmpty();
      return html`<span class="sr">${texts.t('inbox.loading')}</span>
        <ul class="list" aria-hidden="true">
          ${tabs.map(() => [renderGhost(), renderGhost()])}
        </ul>`;
    }
    if (!rows.some(({ id }) => id === inbox.activeId) && !inbox.shadowRoot?.activeElement?.closest('.row')) {
      inbox.activeId = rows[0]?.id;
    }
    const isLong = rows.length > VIRTUAL_FROM;
    if (isLong && !this.virtual) void this.loadVirtual();
    const row = (item: ThreadedItem, index: number) =>
      renderItem(item, inbox, isLong ? [index + 1, ended ? rows.length : -1] : undefined);
    return html`<ul
        class="list"
        part="list"
        role="list"
        @keydown=${(event: KeyboardEvent) => conduct.onKey(event)}
        @focusin=${(event: FocusEvent) => this.onFocus(event)}
      >
        ${isLong && this.virtual ? this.virtual(rows, row) : repeat(rows, ({ id }) => id, row)}
      </ul>
      ${
        loading
          ? html`<ul class="list" aria-hidden="true">
              ${renderGhost()}
            </ul>`
          : nothing
      }
      ${inbox.scrolling.isStuck ? conduct.renderStuck() : nothing}`;
  }

  private async loadVirtual(): Promise<void> {
    this.virtual = (await import('./virtual-list.js')).renderVirtually;
    this.inbox.requestUpdate();
  }

  private onFocus(event: FocusEvent): void {
    const { inbox } = this;
    inbox.activeId = (event.target as Element).closest<HTMLElement>('.row')?.dataset.id ?? inbox.activeId;
    inbox.requestUpdate();
  }
}
