/** Why an address is not written to on a channel any more. */
export const suppressionReasons = ['bounced', 'complained', 'opted_out', 'unsubscribed', 'manual'] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];
