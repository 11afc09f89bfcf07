import type { Item, Severity } from '../../client/shapes.js';

/** Something that is shown for a while. */
export interface Toast {
  /** The item's ID, or one of its own for a word from the operator. */
  key: string;
  /** Absent for a word from the operator. */
  item?: Item;
  severity: Severity;
  title: string;
  message: string;
  /** Stays until it is closed. */
  stays: boolean;
}

/** How an item is shown; one without a title has its message for one. */
export function toastOf(item: Item): Omit<Toast, 'key'> {
  const { severity, title, message, critical: stays } = item;
  return { item, severity, title: title || message, message: title ? message : '', stays };
}

/** So many are kept until there is room; of more, the oldest that need not stay are left to the inbox. */
const MOST_WAITING = 50;
/** So many items are known as shown already. */
const MOST_KNOWN = 1000;

/**
 * Which toasts are shown and which wait for room, in the order in which they came. Those that stay until they are closed
 * go first, and leave the others a place of their own.
 */
export class ToastQueue {
  /** Oldest first. */
  shown: readonly Toast[] = [];
  waiting: readonly Toast[] = [];
  private readonly known = new Set<string>();

  /** @param max shown at once; at least one. */
  constructor(private max = 4) {}

  /** Changes how many are shown at once; what is shown already stays. */
  resize(max: number): void {
    this.max = Math.max(1, Math.floor(max) || 1);
    this.fill();
  }

  /** @returns whether it is new: the same is never taken twice. */
  add(toast: Toast): boolean {
    if (this.known.has(toast.key)) return false;
    this.know(toast.key);
    const { waiting } = this;
    const before = toast.stays ? waiting.findIndex(({ stays }) => !stays) : -1;
    this.waiting = waiting.toSpliced(before < 0 ? waiting.length : before, 0, toast);
    this.fill();
    if (this.waiting.length > MOST_WAITING) {
      const least = this.waiting.findIndex(({ stays }) => !stays);
      this.waiting = this.waiting.toSpliced(Math.max(0, least), 1);
    }
    return true;
  }

  /** Shows what has changed of it. */
  update(key: string, changes: Partial<Omit<Toast, 'key'>>): void {
    const changed = (toast: Toast) => (toast.key === key ? { ...toast, ...changes } : toast);
    this.shown = this.shown.map(changed);
    this.waiting = this.waiting.map(changed);
  }

  /** Takes it out, wherever it is; it does not come again. */
  remove(key: string): void {
    this.know(key);
    this.shown = this.shown.filter((toast) => toast.key !== key);
    this.waiting = this.waiting.filter((toast) => toast.key !== key);
    this.fill();
  }

  clear(): void {
    this.shown = [];
    this.waiting = [];
  }

  private fill(): void {
    for (let [next] = this.waiting; next && this.hasRoom(next); [next] = this.waiting) {
      this.waiting = this.waiting.slice(1);
      this.shown = [...this.shown, next];
    }
  }

  private hasRoom({ stays }: Toast): boolean {
    if (this.shown.length < this.max) return true;
    // Were every place taken by what must be closed by hand, nothing else would be seen until then.
    return !stays && this.shown.length === this.max && this.shown.every((toast) => toast.stays);
  }

  private know(key: string): void {
    this.known.add(key);
    const [oldest] = this.known;
    if (this.known.size > MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
  }
}
