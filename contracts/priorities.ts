import { z } from 'zod';

export const priorityNames = ['critical', 'high', 'normal', 'low'] as const;
export type PriorityName = (typeof priorityNames)[number];
export const priorityName = z.enum(priorityNames);

/** Temporal's priority key: 1 is dispatched first, 5 last (campaigns). */
export const priorityKey: Readonly<Record<PriorityName, 1 | 2 | 3 | 4>> = {
  critical: 1,
  high: 2,
  normal: 3,
  low: 4,
};

/** Campaigns come last, whatever the notification's own priority says for its retries. */
export const BROADCAST_PRIORITY = 5;
