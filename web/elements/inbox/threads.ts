import type { InboxFilter, ThreadedItem } from '../../client/shapes.js';
import type { CarillonClient } from '../../client/carillon-client.js';
import { InboxStore } from '../../client/inbox-store.js';

/** The threads that are open in a list, each with a live list of its own. */
export class OpenThreads {
  private readonly open = new Map<string, { store: InboxStore; stop: () => void }>();

  constructor(private readonly changed: () => void) {}

  get stores(): InboxStore[] {
    return [...this.open.values()].map(({ store }) => store);
  }

  storeOf({ threadKey }: ThreadedItem): InboxStore | undefined {
    return this.open.get(threadKey ?? '')?.store;
  }

  toggle(client: CarillonClient, filter: InboxFilter, { threadKey }: ThreadedItem): void {
    if (!threadKey) return;
    const entry = this.open.get(threadKey);
    if (entry) {
      this.open.delete(threadKey);
      entry.stop();
    } else {
      const store = new InboxStore(client, { filter: { ...filter, threadKey } });
      this.open.set(threadKey, { store, stop: store.subscribe(this.changed) });
    }
    this.changed();
  }

  closeAll(): void {
    for (const { stop } of this.open.values()) stop();
    this.open.clear();
  }
}
