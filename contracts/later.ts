import { attachments } from './attachments.js';
import { trigger } from './trigger.js';

/** Files of what is sent later: it may be sent often, and long after the request, so they are fetched each time. */
export const laterAttachments = attachments
  .refine((all) => all.every(({ content }) => content === undefined), 'are given by url here, not by content')
  .optional();

/** What is triggered later for one person or address, without what belongs to a single request. */
export const laterTrigger = trigger
  .omit({ sendAt: true, idempotencyKey: true })
  .extend({ attachments: laterAttachments });
