import type { ChannelName } from './channels.js';

/**
 * Why an address is not written to on a channel any more, the gravest first: where several apply, the first of them is
 * told.
 */
export const suppressionReasons = ['bounced', 'complained', 'opted_out', 'manual', 'unsubscribed'] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

/** What stops one address of a person's on one channel. */
export interface Suppression {
  channel: ChannelName;
  reason: SuppressionReason;
  /** Only notifications of this category are stopped; all when absent. */
  category?: string;
}
