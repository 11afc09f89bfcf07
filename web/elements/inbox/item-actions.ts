import type { InboxStore } from '../../client/inbox-store.js';
import type { ThreadedItem } from '../../client/shapes.js';
import type { ItemAction } from './item-row.js';
import type { InboxText } from './messages-en.js';
import type { Note } from './notes.js';

/** Says what was done, with a way to undo it. */
type Say = (text: InboxText, note?: Omit<Note, 'text'>) => void;

/** Does to entries what the person asks for. What is deleted only hides as long as that can be undone. */
export class ItemActions {
  private removed?: ThreadedItem;

  constructor(
    private readonly say: Say,
    private readonly check: (store: InboxStore, done: Promise<boolean>) => void,
  ) {}

  /** Of these, the ones that are not on their way out. */
  remaining(items: readonly ThreadedItem[]): readonly ThreadedItem[] {
    return this.removed ? items.filter(({ id }) => id !== this.removed?.id) : items;
  }

  /** @param asThread whether the entry stands for its thread, which is then changed as a whole. */
  do(store: InboxStore, item: ThreadedItem, action: Exclude<ItemAction, 'more'>, asThread: boolean): void {
    const key = asThread ? item.threadKey : null;
    const call = (to: typeof action) => {
      if (key && to !== 'unread') return store.changeThread(key, to);
      return to === 'delete' ? store.remove(item.id) : store[to](item.id);
    };
    const change = (to: typeof action) => this.check(store, call(to));
    const takeBack = async (to: typeof action) => {
      // What is not in the list any more comes back with what is heard, or with the list.
      const done = call(to);
      this.check(store, done);
      if ((await done) && store.state.status !== 'live') await store.reload();
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
    if (action === 'archive') this.say('inbox.archivedNow', { undo: () => void takeBack('unarchive') });
    if (action === 'unarchive') this.say('inbox.unarchivedNow', { undo: () => void takeBack('archive') });
  }
}
