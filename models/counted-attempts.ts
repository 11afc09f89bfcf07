import type { Attempt } from './delivery-schema.js';

/**
 * Whether an attempt is a failure of its delivery, which the retry policy counts. Not where another provider was tried
 * in its stead, nor where it found its provider down so that the delivery was parked, nor where it was made before the
 * delivery was opened anew.
 */
export function isCounted({ outcome, failedOver, earlier, parked }: Attempt): boolean {
  return outcome === 'failed' && !failedOver && !earlier && !parked;
}

/** The same as MongoDB asks it: of `$$this`, in a `$filter` of `attempts`. */
export const counted = {
  $and: [
    { $eq: ['$$this.outcome', 'failed'] },
    { $not: [{ $or: ['$$this.failedOver', '$$this.earlier', '$$this.parked'] }] },
  ],
};
