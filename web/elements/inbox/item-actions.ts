import type { InboxStore } from '../../client/inbox-store.js';
import type { ThreadedItem } from '../../client/shapes.js';
import type { ConductText } from './messages-conduct-en.js';
import type { ItemAction } from './item-row.js';
import type { Note } from './notes.js';

/** Says what was done, with a way to undo it. */
type Say = (text: ConductText, note?: Omit<Note, 'text'>) => void;

/** Does to entries what the person asks for. What is deleted only hides as long as that can be undone. */
export class ItemActions {
  private removed?: ThreadedItem;

  constructor(private readonly say: Say) {}

  /** Of these, the ones that are not on their way out. */
  remaining(items: readonly ThreadedItem[]): readonly ThreadedItem[] {
    return this.removed ? items.filter(({ id }) => id !== this.removed?.id) : items;
  }

  /** @param asThread whether the entry stands for its thread, which is then changed as a whole. */
  do(store: InboxStore, item: ThreadedItem, action: Exclude<ItemAction, 'more'>, asThread: boolean): void {
    const key = asThread ? item.threadKey : null;
    const change = (to: typeof action) => {
      if (to === 'delete') void (key ? store.changeThread(key, to) : store.remove(item.id));
      else void (key && to !== 'unread' ? store.changeThread(key, to) : store[to](item.id));
    };
    if (action === 'delete') {
      const undo = () => (this.removed = undefined);
      const done = () => {
        undo();
        change(action);
      };
      this.say('inbox.deleted', { undo, done });
      this.removed = item;
      return;
    }
    change(action);
    if (action === 'archive') this.say('inbox.archivedNow', { undo: () => change('unarchive') });
    if (action === 'unarchive') this.say('inbox.unarchivedNow', { undo: () => change('archive') });
  }
}
