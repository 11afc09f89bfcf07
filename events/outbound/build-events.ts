import { createHash } from 'node:crypto';
import type { Models } from '../../models/models.js';
import type { OutboundChange } from '../../models/outbound-changes.js';
import type { OutboundEventRow } from '../../models/outbound-events.js';
import { rowId } from '../../models/row-id.js';
import { showDelivery, showNotification, showProvider, type Shown } from './show.js';

/** An event that is ready to leave, before it is known to whom. */
export interface BuiltEvent extends Omit<OutboundEventRow, 'pending' | 'purgeAt'> {
  /** What keeps its order: the notification, else the subject. */
  orderKey: string;
}

/**
 * The events of changes, in their order: what they tell is read now, all of a kind at once, and the status is the one
 * that the change made. What is gone by now is not told of.
 */
export async function buildEvents(
  { outboundSubjects }: Pick<Models, 'outboundSubjects'>,
  changes: readonly OutboundChange[],
): Promise<BuiltEvent[]> {
  const idsIn = (collection: OutboundChange['collection']) =>
    changes.flatMap((change) => (change.collection === collection ? [change.rowId] : []));
  const [notifications, deliveries, providers] = await Promise.all([
    outboundSubjects.notificationsBy(idsIn('notifications')),
    outboundSubjects.deliveriesBy(idsIn('deliveries')),
    outboundSubjects.providersBy(idsIn('providerHealth')),
  ]);
  const shown = (change: OutboundChange): Shown | undefined => {
    switch (change.collection) {
      case 'notifications':
        return showNotification(notifications.get(change.rowId), change);
      case 'deliveries':
        return showDelivery(deliveries.get(change.rowId), change);
      case 'providerHealth':
        return showProvider(providers.get(change.rowId), change);
    }
  };
  return changes.flatMap((change) => {
    const subject = shown(change);
    return subject ? [built(change, subject)] : [];
  });
}

function built(change: OutboundChange, { data, subject, recipientId, orderKey }: Shown): BuiltEvent {
  const { tenantId, type, at, sequence } = change;
  const id = eventId(change);
  return {
    _id: rowId(tenantId, id),
    tenantId,
    id,
    type,
    at,
    sequence,
    subject,
    ...(recipientId === undefined ? {} : { recipientId }),
    data: JSON.stringify(data),
    orderKey,
  };
}

/** The same for the same change, whenever and by whichever way it is read. */
export function eventId({ rowId, type, at }: Pick<OutboundChange, 'rowId' | 'type' | 'at'>): string {
  const digest = createHash('sha256').update([rowId, type, at.getTime()].join('\0'));
  return `evt_${digest.digest('base64url').slice(0, 32)}`;
}
