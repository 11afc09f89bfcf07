import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Callback, Feedback } from '../../contracts/feedback.js';
import { jsonIn } from '../../contracts/json.js';
import type { TokenReader } from '../../models/delivery-tokens.js';
import { isSameText } from '../signing/same-text.js';
import { nothing, refused, type Taken } from './callback.js';

/** How far Slack's time may be from ours, in seconds. */
const TOLERANCE_SECONDS = 300;

const interaction = z.looseObject({
  type: z.string(),
  actions: z
    .array(z.looseObject({ value: z.string().optional(), action_ts: z.string().optional() }))
    .optional(),
});

/**
 * A button of a message that was pressed. Its `value` names the delivery; where it leads its reader's browser goes itself.
 * @param signingSecrets each is good: of the app, in its Basic Information.
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function takeSlack(
  callback: Callback,
  signingSecrets: readonly string[],
  deliveryOf: TokenReader,
): Taken {
  const { body, header, nowMs } = callback;
  const [timestamp, given] = [header('x-slack-request-timestamp'), header('x-slack-signature')];
  if (given === undefined) return refused('X-Slack-Signature is missing');
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp))
    return refused('X-Slack-Request-Timestamp is no Unix time in seconds');
  if (Math.abs(Number(timestamp) - nowMs / 1000) > TOLERANCE_SECONDS)
    return refused(`the timestamp is more than ${TOLERANCE_SECONDS} s from our clock`);
  const isRight = signingSecrets.some((secret) => isSameText(slackSignature(secret, timestamp, body), given));
  if (!isRight) return refused('the signature is not right');
  return { ok: true, told: { feedback: feedbackIn(body, nowMs, deliveryOf) } };
}

/** `v0=` and the HMAC-SHA256 over `v0:{timestamp}:{body}`, hexadecimal. */
export function slackSignature(signingSecret: string, timestamp: string, body: Buffer): string {
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), body]);
  return `v0=${createHmac('sha256', signingSecret).update(signed).digest('hex')}`;
}

/** What is no press of a button (a modal, say, of another app of theirs) tells nothing. */
function feedbackIn(body: Buffer, nowMs: number, deliveryOf: TokenReader): readonly Feedback[] {
  const parsed = interaction.safeParse(
    jsonIn(new URLSearchParams(body.toString('utf8')).get('payload') ?? 'null'),
  );
  if (!parsed.success || parsed.data.type !== 'block_actions') return nothing.feedback;
  return (parsed.data.actions ?? []).flatMap(({ value, action_ts: pressedAt }): Feedback[] => {
    const deliveryId = value === undefined ? undefined : deliveryOf('slack', value);
    if (deliveryId === undefined) return [];
    const seconds = Number(pressedAt);
    return [{ kind: 'clicked', deliveryId, at: new Date(seconds > 0 ? seconds * 1000 : nowMs) }];
  });
}
