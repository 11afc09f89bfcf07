import { z } from 'zod';
import { lineOfText } from '../../contracts/primitives.js';

export interface SlackCredentials {
  /** A bot token, `xoxb-…`. */
  token: string;
  /** `#name` or ID of the channel for whom Slack does not know, or is not asked for. */
  channel?: string;
  /** Whether people without a `slackUserId` are looked up by their email address. */
  lookupByEmail: boolean;
  /** Of the app, where Slack tells of the buttons that are pressed. */
  signingSecret?: string;
}

/** `{ token, channel?, lookupByEmail? }`; people are looked up by default. */
export const slackCredentials: z.ZodType<SlackCredentials> = z.strictObject({
  token: lineOfText(500).regex(
    /^(xoxe\.)?xoxb-[A-Za-z0-9-]+$/,
    'must be a bot token, which begins with xoxb-',
  ),
  channel: lineOfText(81)
    .regex(/^(#[^\s#@]+|[CDGUW][A-Z0-9]{5,})$/, 'must be a channel such as #alerts, or its ID')
    .optional(),
  lookupByEmail: z.boolean().default(true),
  signingSecret: lineOfText(200).optional(),
});

/** The scopes that the bot needs for what these credentials ask of it. */
export function neededScopes({ lookupByEmail }: SlackCredentials): string[] {
  return ['chat:write', ...(lookupByEmail ? ['users:read.email'] : [])];
}
