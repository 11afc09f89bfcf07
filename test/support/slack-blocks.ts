import { z } from 'zod';

/* What Slack checks of a message's blocks, as far as Carillon uses them: docs.slack.dev/reference/block-kit. */

const url = z.url({ protocol: /^https?$/ }).max(3000);
// Of the three characters none stands bare: a `<` begins a link to a web address, and nothing else.
const mrkdwn = z
  .string()
  .min(1)
  .max(3000)
  .regex(/^(?:[^<>&]|&(?:amp|lt|gt);|<https?:\/\/(?:[^<>&]|&amp;)+>)*$/);
const button = z.strictObject({
  type: z.literal('button'),
  action_id: z.string().min(1).max(255),
  text: z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(75),
    emoji: z.boolean().optional(),
  }),
  url: url.optional(),
  value: z.string().max(2000).optional(),
});
const block = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('section'),
    text: z.strictObject({ type: z.literal('mrkdwn'), text: mrkdwn, verbatim: z.boolean().optional() }),
  }),
  z.strictObject({
    type: z.literal('image'),
    image_url: url,
    alt_text: z.string().min(1).max(2000),
  }),
  z.strictObject({ type: z.literal('actions'), elements: z.array(button).min(1).max(25) }),
]);
export const slackBlocks = z
  .array(block)
  .max(50)
  .refine((blocks) => {
    const ids = blocks
      .flatMap((each) => (each.type === 'actions' ? each.elements : []))
      .map((e) => e.action_id);
    return new Set(ids).size === ids.length;
  }, 'action_id appears twice');
export type SlackBlocks = z.infer<typeof slackBlocks>;
