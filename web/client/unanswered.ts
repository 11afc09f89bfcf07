import { withKnown } from './counts.js';
import type { LiveEvents } from './events.js';
import type { Change } from './pending-changes.js';
import type { Counts } from './shapes.js';

/** What the person did that the server has not answered yet, and the counts with it. The server's counts win. */
export class Unanswered {
  private readonly changes = new Set<Change>();

  /** @param known the server's counts, as far as they are known */
  constructor(public known: Counts) {}

  /** As they will be once all of it is answered. */
  get counts(): Counts {
    return [...this.changes].reduce((counts, { counts: after }) => after?.(counts) ?? counts, this.known);
  }

  /** What each does to an item. */
  get items(): Change['item'][] {
    return [...this.changes].map(({ item }) => item);
  }

  add(change: Change): void {
    this.changes.add(change);
  }

  /** It was done: its counts hold, unless the server said better meanwhile. */
  settle(change: Change): void {
    this.known = change.counts?.(this.known) ?? this.known;
    this.drop(change);
  }

  /** It failed, and is as if it had not been done. */
  drop(change: Change): void {
    this.changes.delete(change);
  }

  /** What the server says holds, whatever is not answered: it may have counted that already. */
  know(counts: Counts): void {
    this.known = counts;
    for (const change of this.changes) delete change.counts;
  }

  /** Of the total nothing is said: there what is not answered still counts. */
  knowSome(known: LiveEvents['counts']): void {
    this.known = withKnown(this.known, known);
    for (const change of this.changes) {
      const { counts: after } = change;
      if (after) change.counts = (counts) => ({ ...counts, total: after(counts).total });
    }
  }
}
