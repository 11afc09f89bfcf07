import { z } from 'zod';
import { jsonIn } from './json.js';
import { lineOfText } from './primitives.js';

/** By what a device is reached, in the words of the push channel's providers. */
export const deviceKinds = ['fcm', 'web-push'] as const;
export type DeviceKind = (typeof deviceKinds)[number];

/** Devices that one person may have; one more puts out the one that registered longest ago. */
export const MAX_DEVICES = 20;

/** A device of a person. Its ID says nothing of its token. */
export interface Device {
  id: string;
  kind: DeviceKind;
  createdAt: string;
}

/** What a browser's `PushSubscription.toJSON()` gives (W3C Push API). Always https; keys as RFC 8291 section 3.1 has them. */
export const pushSubscription = z.strictObject({
  endpoint: z.url({ protocol: /^https$/, error: 'must be an https URL' }).max(2048),
  expirationTime: z.number().nullish(),
  keys: z.strictObject({
    p256dh: z
      .string()
      .regex(/^B[A-Za-z0-9_-]{86}$/, 'must be an uncompressed P-256 point, 65 bytes in base64url'),
    auth: z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'must be 16 bytes in base64url'),
  }),
});
export type PushSubscription = z.infer<typeof pushSubscription>;

/** The subscription that a token stands for; undefined for every other token. */
export function subscriptionOf(token: string): PushSubscription | undefined {
  return isObjectAsText(token) ? pushSubscription.safeParse(jsonIn(token)).data : undefined;
}

const tokens = z.array(z.string().min(1)).min(1);

/** Several tokens as one text, the same in whichever order they come; undefined for none. */
export function textOfTokens(given: Iterable<string>): string | undefined {
  const each = new Set(given);
  return each.size === 0 ? undefined : JSON.stringify([...each].sort());
}

/** The tokens in such a text; undefined for any other. */
export function tokensInText(text: string): string[] | undefined {
  return tokens.safeParse(jsonIn(text)).data;
}

/** One device in `pushTokens`: an FCM registration token, or a browser's subscription as JSON. */
export const pushToken = lineOfText(4096)
  .refine(
    (token) => !isObjectAsText(token) || subscriptionOf(token) !== undefined,
    'is not a browser’s push subscription: { endpoint, keys: { p256dh, auth } }',
  )
  .overwrite(canonical);

/** How a person's device is named: `{ token }` of FCM, or the browser's `{ subscription }`. Read as the token alone. */
export const deviceAddress = z
  .strictObject({
    token: lineOfText(4096)
      .refine((token) => !isObjectAsText(token), 'is a subscription: send it as one')
      .optional(),
    subscription: pushSubscription.optional(),
  })
  .transform(({ token, subscription }, context): string => {
    if (token !== undefined && subscription === undefined) return token;
    if (subscription !== undefined && token === undefined) return canonical(JSON.stringify(subscription));
    context.issues.push({
      code: 'custom',
      message: 'must hold either token or subscription',
      input: undefined,
      path: [],
    });
    return z.NEVER;
  });

/** Which provider reaches a device. A text like JSON that is no subscription is taken for nobody's. */
export function kindOf(token: string): DeviceKind | undefined {
  if (!isObjectAsText(token)) return 'fcm';
  return subscriptionOf(token) ? 'web-push' : undefined;
}

/** The same subscription is the same text, whatever else a browser says beside it. */
function canonical(token: string): string {
  const subscription = subscriptionOf(token);
  if (!subscription) return token;
  const { endpoint, keys } = subscription;
  return JSON.stringify({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } });
}

/** No registration token begins like that. */
function isObjectAsText(token: string): boolean {
  return token.trimStart().startsWith('{');
}
