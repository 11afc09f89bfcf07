import { writeCursor } from '../../models/cursor.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { showItem, type ItemContext } from '../views/item.js';
import type { LiveMessage } from './events.js';
import type { PresentPerson } from './presence.js';

/**
 * How an open inbox is told of an item as it stands now; undefined for what never came into the inbox.
 * @param at what the cursor says: when it changed.
 */
export function toldOf(
  row: NotificationRow,
  context: ItemContext,
  { isNew, at = row.updatedAt }: { isNew: boolean; at?: Date },
): LiveMessage | undefined {
  const cursor = writeCursor({ at, id: row.id });
  if (row.box === undefined)
    return row.inboxAt === undefined ? undefined : ['removed', { id: row.id, cursor }];
  if (row.box === 'deleted') return ['removed', { id: row.id, cursor }];
  return [isNew ? 'created' : 'updated', { item: showItem(row, context), cursor }];
}

/** Tells all clients of a person. */
export function tell(person: PresentPerson, message: LiveMessage): void {
  for (const connection of person.connections) connection.tell(message);
}
