import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { InboxStore } from '../../client/inbox-store.js';
import type { ThreadedItem } from '../../client/shapes.js';
import type { Localizer } from '../shared/i18n.js';
import { fullTime } from '../shared/relative-time.js';
import type { CarillonInbox } from './inbox.js';
import { ItemActions } from './item-actions.js';
import { isUnread, renderGhost, renderItem, type ItemAction } from './item-row.js';
import { actionOfKey, focusRow, moveFocus, rowsIn } from './list-focus.js';
import type { InboxText } from './messages-en.js';
import type * as Menus from './menus.js';
import type { MoreText } from './messages-more-en.js';
import { Notes, type Note } from './notes.js';
import { errorText, renderState } from './states.js';
import { OpenThreads } from './threads.js';

/** How an inbox answers what a person does in it, and what it says when something went wrong or is not there. */
export class Conduct {
  readonly notes: Notes;
  private readonly threads: OpenThreads;
  private readonly actions: ItemActions;
  private readonly texts: Localizer<InboxText | MoreText>;
  private lostIndex = -1;

  constructor(private readonly inbox: CarillonInbox) {
    this.texts = inbox.texts;
    this.notes = new Notes(inbox);
    this.threads = new OpenThreads(() => inbox.requestUpdate());
    this.actions = new ItemActions(
      (text, note) => this.say(text, note),
      (store, done) => void this.check(store, done),
    );
  }

  /** The list is another one: another person's, or other entries. */
  restart(): void {
    this.notes.close();
    this.threads.closeAll();
  }

  remaining(items: readonly ThreadedItem[]): readonly ThreadedItem[] {
    return this.actions.remaining(items);
  }

  act(item: ThreadedItem, action: ItemAction): void {
    const store = this.storeOf(item);
    if (!store) return;
    if (action === 'more') void this.openItemMenu(item, store);
    else this.actions.do(store, item, action, store === this.inbox.store && (item.threadCount ?? 1) > 1);
    this.inbox.requestUpdate();
  }

  /** The list that an entry belongs to: the inbox's, or an open thread's. */
  storeOf(item: ThreadedItem): InboxStore | undefined {
    const { store } = this.inbox;
    return store?.state.items.some(({ id }) => id === item.id)
      ? store
      : (this.threads.storeOf(item) ?? store);
  }

  read(item: ThreadedItem): void {
    const store = this.storeOf(item);
    if (store && !item.readAt) void this.check(store, store.read(item.id));
  }

  /** Says so where something could not be done. */
  async check(store: InboxStore | undefined, done: Promise<boolean> | undefined): Promise<void> {
    if ((await done) !== false || !store?.state.error) return;
    const text = `${this.texts.t('error.undone')} ${errorText(store.state.error, this.texts)}`;
    this.notes.show({ text, isBad: true });
  }

  isThreadOpen(item: ThreadedItem): boolean {
    return this.threads.storeOf(item) !== undefined;
  }

  toggleThread(item: ThreadedItem): void {
    const { store, query } = this.inbox;
    if (store) this.threads.toggle(store.client, query, item);
  }

  renderThread(item: ThreadedItem): unknown {
    const store = this.threads.storeOf(item);
    const { items = [], loading, ended } = store?.state ?? {};
    const rest = this.remaining(items.filter(({ id }) => id !== item.id));
    return html`<ul class="replies" role="list">
      ${repeat(
        rest,
        ({ id }) => id,
        (reply) => renderItem(reply, this.inbox),
      )}
      ${loading ? renderGhost() : nothing}
      ${
        items.length > 0 && !ended && !loading
          ? html`<li class="row">
              <button class="text" @click=${() => store?.more()}>${this.texts.t('inbox.showMore')}</button>
            </li>`
          : nothing
      }
    </ul>`;
  }

  renderStatus(): unknown {
    const status = this.inbox.store?.state.status;
    if (!status || status === 'live' || status === 'idle') return nothing;
    if (status === 'connecting' && !this.inbox.wasLive) return nothing;
    return html`<div class="status" part="status" role="status">${this.texts.t(`status.${status}`)}</div>`;
  }

  /** What stands where there are no entries. */
  renderEmpty(): unknown {
    const { texts } = this;
    const { icons, store, filter } = this.inbox;
    const error = store?.state.error;
    if (error) {
      return renderState(icons, 'alert-triangle', texts.t('inbox.loadFailed'), errorText(error, texts), {
        label: texts.t('inbox.retry'),
        act: () => void store?.reload(),
      });
    }
    if (Object.values(this.inbox.narrowing).some((value) => value !== undefined)) {
      return renderState(icons, 'filter', texts.t('inbox.noMatch'), undefined, {
        label: texts.t('inbox.clearFilters'),
        act: () => this.inbox.narrow({}),
      });
    }
    const kind = filter === 'archived' ? 'inbox.emptyArchive' : 'inbox.empty';
    return html`<slot name="empty"
      >${renderState(icons, filter === 'archived' ? 'archive' : 'bell', texts.t(kind), texts.t(`${kind}Hint`))}</slot
    >`;
  }

  /** What stands below the list where its next page could not be had. */
  renderStuck(): unknown {
    const error = this.inbox.store?.state.error;
    return html`<div class="state small">
      ${error ? errorText(error, this.texts) : nothing}
      <button class="text" @click=${() => void this.inbox.scrolling.more()}>
        ${this.texts.t('inbox.retry')}
      </button>
    </div>`;
  }

  renderNote(): unknown {
    const { notes, texts } = this;
    const note = notes.current;
    const hold = () => notes.hold(true);
    const release = () => notes.hold(false);
    const leave = (isUndone: boolean) => {
      notes.close(isUndone);
      void this.inbox.updateComplete.then(() => this.focusList());
    };
    if (!note) return nothing;
    return html`<div
      class="note ${note.isBad ? 'bad' : ''}"
      part="note"
      @pointerenter=${hold}
      @pointerleave=${release}
      @focusin=${hold}
      @focusout=${release}
    >
      <span>${note.text}</span>
      ${
        note.undo
          ? html`<button class="text" @click=${() => leave(true)}>${texts.t('inbox.undo')}</button>`
          : nothing
      }
      <button class="quiet" aria-label=${texts.t('inbox.dismiss')} @click=${() => leave(false)}>
        ${this.inbox.icons.draw('close')}
      </button>
    </div>`;
  }

  /** Before the list changes. */
  keepFocus(): void {
    const row = this.focusedRow();
    this.lostIndex = row ? rowsIn(this.inbox.renderRoot).indexOf(row) : -1;
  }

  /** Focus that was on an entry that is gone goes to the one that took its place. */
  catchFocus(): void {
    if (this.lostIndex < 0 || this.inbox.shadowRoot?.activeElement) return;
    const rows = rowsIn(this.inbox.renderRoot);
    const row = rows[Math.min(this.lostIndex, rows.length - 1)];
    this.lostIndex = -1;
    if (row) focusRow(row);
    else this.focusList();
  }

  async openInboxMenu(): Promise<void> {
    const { inbox } = this;
    const button = inbox.renderRoot.querySelector('#tool-more');
    const menus = await this.menus();
    if (!button || !menus) return;
    const clear = (which: 'read' | 'all') => void this.check(inbox.store, inbox.store?.clear(which));
    const group = () => (inbox.group = !inbox.group);
    const entries = menus.inboxEntries(this.texts, inbox.group, group, clear);
    await menus.menuIn(inbox.renderRoot).openAt(button, this.texts.t('inbox.more'), entries);
  }

  private async openItemMenu(item: ThreadedItem, store: InboxStore): Promise<void> {
    const { renderRoot } = this.inbox;
    const menus = await this.menus();
    const button = renderRoot.querySelector(`[data-id="${CSS.escape(item.id)}"] > .tools > .more`);
    if (!button || !menus) return;
    const snooze = (until: Date) => {
      this.say('inbox.snoozedNow', {}, { time: fullTime(until.toISOString(), this.texts.lang) });
      void this.check(store, store.snooze(item.id, until));
    };
    const entries = menus.itemEntries(item, this.texts, (action) => this.act(item, action), snooze);
    await menus.menuIn(renderRoot).openAt(button, this.texts.t('item.more'), entries);
  }

  private async menus(): Promise<typeof Menus | undefined> {
    try {
      return await import('./menus.js');
    } catch {
      // Not loaded yet, and now out of reach.
      this.say('error.unreachable', { isBad: true });
      return undefined;
    }
  }

  private say(text: InboxText, note?: Omit<Note, 'text'>, values?: Record<string, string>): void {
    this.notes.show({ ...note, text: this.texts.t(text, values) });
  }

  private focusList(): void {
    const rows = rowsIn(this.inbox.renderRoot);
    const row = rows.find(({ dataset }) => dataset.id === this.inbox.activeId) ?? rows[0];
    if (row) focusRow(row);
    else this.inbox.renderRoot.querySelector<HTMLElement>('#panel')?.focus();
  }

  private focusedRow(): HTMLElement | undefined {
    return this.inbox.shadowRoot?.activeElement?.closest<HTMLElement>('.row[data-id]') ?? undefined;
  }

  onKey(event: KeyboardEvent): void {
    const row = this.focusedRow();
    if (!row) return;
    if (moveFocus(this.inbox.renderRoot, row, event.key)) return event.preventDefault();
    const item = [this.inbox.store, ...this.threads.stores]
      .flatMap((store) => store?.state.items ?? [])
      .find(({ id }) => id === row.dataset.id);
    const action = item && actionOfKey(event, isUnread(item), item.archivedAt !== null);
    if (!action) return;
    event.preventDefault();
    this.act(item, action);
  }
}
