/** Why nothing more is sent to an address on a channel. */
export const suppressionReasons = [
  /** The address does not exist: a hard bounce. */
  'bounced',
  /** Its owner called a message spam. */
  'complained',
  /** Its owner told the provider to stop, e.g. by texting STOP. */
  'opted_out',
  /** Its owner used an unsubscribe link. */
  'unsubscribed',
  /** An admin put it on the list. */
  'manual',
] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];
