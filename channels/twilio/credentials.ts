import { z } from 'zod';
import { lineOfText, e164Number } from '../../contracts/primitives.js';

/** How to enter one Twilio account, and who its messages come from: a messaging service or `from`, never both. */
export interface TwilioCredentials {
  /** `AC` and 32 hexadecimal digits. */
  accountSid: string;
  /** Enters the account where there is no API key; Twilio signs its callbacks with it in any case. */
  authToken?: string;
  /** `SK` and 32 hexadecimal digits, with its secret. */
  apiKey?: string;
  apiKeySecret?: string;
  /** `MG` and 32 hexadecimal digits. */
  messagingServiceSid?: string;
  /** E.164; for SMS also an alphanumeric sender ID or a short code. */
  from?: string;
  /** Where Twilio processes, e.g. `ie1`. Default: `us1`. */
  region?: string;
  /** Where Twilio's network is entered, e.g. `dublin`. Default: the nearest. */
  edge?: string;
}

/** Fields that may be read back. */
export const shownTwilioFields = ['accountSid', 'apiKey', 'messagingServiceSid', 'from', 'region', 'edge'];

/**
 * Up to 11 letters, digits, blanks and `+-_&`, at least one of them a letter.
 * https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id
 */
const senderId = /^(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}$/;
const shortCode = /^\d{3,8}$/;

const sid = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `must be ${prefix} and 32 hexadecimal digits`);
const secret = lineOfText(200);
/** They stand in the name of the host that is called. */
const place = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a name such as ie1 or dublin');

/** Of an SMS account. */
export const smsCredentials: z.ZodType<TwilioCredentials> = credentialsWith(
  z
    .string()
    .refine(
      (from) => isE164(from) || senderId.test(from) || shortCode.test(from),
      'must be a phone number in E.164 form, an alphanumeric sender ID of up to 11 characters, or a short code',
    ),
);

/** Of a WhatsApp account. `from` is the sender's number, with or without Twilio's `whatsapp:` before it. */
export const whatsAppCredentials: z.ZodType<TwilioCredentials> = credentialsWith(
  z
    .string()
    .overwrite((from) => from.replace(/^whatsapp:/, ''))
    .refine(isE164, 'must be the phone number of a WhatsApp sender in E.164 form'),
);

function credentialsWith(from: z.ZodType<string>): z.ZodType<TwilioCredentials> {
  return z
    .strictObject({
      accountSid: sid('AC'),
      authToken: secret.optional(),
      apiKey: sid('SK').optional(),
      apiKeySecret: secret.optional(),
      messagingServiceSid: sid('MG').optional(),
      from: from.optional(),
      region: place.optional(),
      edge: place.optional(),
    })
    .refine((given) => (given.apiKey === undefined) === (given.apiKeySecret === undefined), {
      path: ['apiKeySecret'],
      message: 'apiKey and apiKeySecret come together',
    })
    .refine((given) => given.authToken !== undefined || given.apiKey !== undefined, {
      path: ['authToken'],
      message: 'is missing: give authToken, or apiKey and apiKeySecret',
    })
    .refine((given) => (given.messagingServiceSid === undefined) !== (given.from === undefined), {
      path: ['from'],
      message: 'give exactly one of messagingServiceSid and from',
    });
}

function isE164(text: string): boolean {
  return e164Number.safeParse(text).success;
}
