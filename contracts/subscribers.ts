import { z } from 'zod';
import { MAX_DEVICES, pushToken } from './devices.js';
import { emailAddress, externalId, ianaZone, locale, phoneNumber } from './primitives.js';
import { webhookUrl } from './webhook-url.js';

/** How an attribute's name is written, for a regular expression. */
export const ATTRIBUTE_NAME = '[A-Za-z][A-Za-z0-9_]{0,63}';

const attributeValue = z.union([
  z.string().max(1000),
  z.number(),
  z.boolean(),
  z.array(z.string().max(200)).max(50),
]);
export type AttributeValue = z.infer<typeof attributeValue>;

const fields = {
  email: emailAddress.nullish(),
  phone: phoneNumber.nullish(),
  locale: locale.nullish(),
  timezone: ianaZone.nullish(),
  roles: z.array(externalId).max(50).optional(),
  attributes: z
    .record(
      z
        .string()
        .regex(
          new RegExp(`^${ATTRIBUTE_NAME}$`),
          'must be a letter followed by letters, digits or underscores',
        ),
      attributeValue,
    )
    .refine((attributes) => Object.keys(attributes).length <= 50, 'holds more than 50 attributes')
    .optional(),
  slackUserId: externalId.nullish(),
  teamsUserId: externalId.nullish(),
  /** Where the person's own webhook messages are POSTed. */
  webhookUrl: webhookUrl.nullish(),
  pushTokens: z.array(pushToken).max(MAX_DEVICES).optional(),
};

/** `POST /v1/subscribers` */
export const subscriberCreate = z.strictObject({ id: externalId, ...fields });
/** `PUT /v1/subscribers/{id}`: replaces everything; the ID may stand in the body too, if it is the same. */
export const subscriberReplace = z.strictObject({ id: externalId.optional(), ...fields });
/** `PATCH /v1/subscribers/{id}`: what is left out stays, `null` removes. */
export const subscriberPatch = z.strictObject(fields);
export type SubscriberFields = z.infer<typeof subscriberPatch>;

/** A person, as the API shows one. */
export interface Subscriber {
  id: string;
  email: string | null;
  phone: string | null;
  locale: string | null;
  timezone: string | null;
  roles: string[];
  attributes: Record<string, AttributeValue>;
  slackUserId: string | null;
  teamsUserId: string | null;
  webhookUrl: string | null;
  pushTokens: string[];
  createdAt: string;
  updatedAt: string;
}
