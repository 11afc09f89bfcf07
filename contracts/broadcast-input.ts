import type { BroadcastInput } from './broadcast-run.js';
import { priorityKey, type PriorityName } from './priorities.js';

/** How a deployment divides audiences. */
export type BroadcastSizes = Pick<BroadcastInput, 'pageSize' | 'lanes'>;

/** What a stored broadcast's run is started with. */
export function broadcastInput(
  row: { tenantId: string; id: string; type: string; sendAt?: Date; spreadOverMs?: number },
  priority: PriorityName,
  sizes: BroadcastSizes,
): BroadcastInput {
  return {
    tenantId: row.tenantId,
    broadcastId: row.id,
    type: row.type,
    // One step behind what people wait for singly: 5 is the last.
    priorityKey: Math.min(5, priorityKey[priority] + 1),
    ...sizes,
    ...(row.sendAt ? { sendAtMs: row.sendAt.getTime() } : {}),
    ...(row.spreadOverMs === undefined ? {} : { spreadOverMs: row.spreadOverMs }),
  };
}
