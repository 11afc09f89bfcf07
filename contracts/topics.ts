import { z } from 'zod';
import { externalId } from './primitives.js';

const ids = z.array(externalId).max(1000).default([]);

/** `PUT /v1/topics/{topic}/members`: people to add and to remove, at most 1,000 each. */
export const topicChange = z
  .strictObject({ add: ids, remove: ids })
  .superRefine(({ add, remove }, context) => {
    const added = new Set(add);
    for (const [at, id] of remove.entries()) {
      if (!added.has(id)) continue;
      context.addIssue({ code: 'custom', path: ['remove', at], message: 'is to be added too' });
    }
  });
export type TopicChange = z.infer<typeof topicChange>;
