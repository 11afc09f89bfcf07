import type { ItemAction } from './item-row.js';

const byKey: Record<string, ItemAction> = { e: 'archive', Delete: 'delete', s: 'more' };

/** The key's meaning on an entry: `r` reads or unreads, `e` archives or takes back, `s` snoozes, Delete deletes. */
export function actionOfKey(
  event: KeyboardEvent,
  isUnread: boolean,
  isArchived: boolean,
): ItemAction | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === 'r') return isUnread ? 'read' : 'unread';
  if (key === 'e' && isArchived) return 'unarchive';
  return Object.hasOwn(byKey, key) ? byKey[key] : undefined;
}

/** The entries as they stand in the page, those of open threads among them. */
export function rowsIn(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('.row[data-id]')];
}

/** Brings focus to an entry. */
export function focusRow(row: Element | undefined | null): void {
  row?.querySelector<HTMLElement>('.title')?.focus();
}

/** Moves focus by arrow keys, Home and End. @returns whether the key was one of these. */
export function moveFocus(root: ParentNode, from: Element, key: string): boolean {
  const rows = rowsIn(root);
  const at = rows.indexOf(from as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key];
  if (to === undefined) return false;
  focusRow(rows[Math.max(0, Math.min(to, rows.length - 1))]);
  return true;
}
