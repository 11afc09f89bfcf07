import { eventsIn, sequenceOf, type OutboundChange } from '../../models/outbound-changes.js';
import type { OutboundSubjects, ScannedRow } from '../../models/outbound-subjects.js';

const PAGE = 500;

/**
 * A tenant's changes since then as its rows tell them now, in pages: what happened to a row in between, and was undone or
 * followed by something else without a time of its own, is not found.
 */
export async function* scanChanges(
  subjects: Pick<OutboundSubjects, 'changedSince'>,
  tenantId: string,
  from: Date,
): AsyncGenerator<OutboundChange[]> {
  for (const collection of ['notifications', 'deliveries'] as const) {
    let afterRowId: string | undefined;
    for (;;) {
      const rows = await subjects.changedSince(collection, tenantId, from, afterRowId, PAGE);
      yield rows.flatMap((row) =>
        scanned(collection, row, from)
          .filter(({ at }) => at >= from)
          .map((event, order) => ({
            collection,
            rowId: row._id,
            tenantId,
            ...event,
            sequence: sequenceAt(event.at, order),
          })),
      );
      afterRowId = rows.at(-1)?._id;
      if (rows.length < PAGE) break;
    }
  }
}

/** What was sent before it was delivered, or came back, was an event of its own. */
function scanned(collection: 'notifications' | 'deliveries', row: ScannedRow, otherwise: Date) {
  const { status, sentAt } = row;
  const now = eventsIn(collection, row, row.updatedAt ?? otherwise);
  if (collection === 'notifications' || !sentAt || (status !== 'delivered' && status !== 'bounced'))
    return now;
  return [...eventsIn(collection, { status: 'sent', sentAt }, sentAt), ...now];
}

/** Among those that were read from the log: by its second, and about its place within it. */
function sequenceAt(at: Date, order: number): number {
  const ms = at.getTime();
  return sequenceOf(Math.floor(ms / 1000), (ms % 1000) * 1000, order);
}
