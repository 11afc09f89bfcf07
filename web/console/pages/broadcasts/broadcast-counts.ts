import type { Broadcast, BroadcastCount } from '../../calls/shapes.js';
import type { Tone } from '../../parts/status.js';

/** How each count is shown, in the order of the bar. */
export const countTones: Record<BroadcastCount, Tone> = {
  sent: 'good',
  partial: 'waiting',
  held: 'waiting',
  digesting: 'waiting',
  inFlight: 'active',
  failed: 'bad',
  expired: 'bad',
  suppressed: 'none',
  cancelled: 'none',
};

export const broadcastCounts = Object.keys(countTones) as BroadcastCount[];

/** The parts of the bar. */
export function partsOf({ counts, total }: Broadcast): { tone: Tone; share: number }[] {
  if (!total) return [];
  return broadcastCounts.map((name) => ({ tone: countTones[name], share: counts[name] / total }));
}

export function isOver({ status }: Broadcast): boolean {
  return ['completed', 'cancelled', 'failed'].includes(status);
}
