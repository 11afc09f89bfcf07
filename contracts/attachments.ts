import { z } from 'zod';
import { lineOfText } from './primitives.js';

export const attachmentLimits = {
  count: 10,
  /** Base64 characters in one request, all attachments together: they share the body's limit with the rest. */
  encoded: 512 * 1024,
  /** Bytes of one mail's attachments, whether they came along or are fetched. */
  bytes: 10 * 1024 * 1024,
} as const;

/** A file that goes with an email: as given, with its content or the URL of it; as accepted, with its content stored. */
export interface Attachment {
  filename: string;
  contentType?: string;
  /** Base64. */
  content?: string;
  /** Fetched when the mail is sent. */
  url?: string;
  /** Where its content was put when the request was accepted: `models/attachments.ts`. */
  stored?: string;
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/i;
/** They make a name read otherwise than it is: `invoice<U+202E>fdp.exe`. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

const filename = lineOfText(255)
  .refine((name) => !/[/\\]/.test(name) && !/^\.+$/.test(name), 'must be a file name without a path')
  .refine((name) => !DIRECTIONS.test(name), 'must not contain characters that change the reading direction')
  .refine((name) => name === name.trim(), 'must not begin or end with a blank');

const fields = z.strictObject({
  filename,
  contentType: z
    .string()
    .regex(MEDIA_TYPE, 'must be a media type without parameters, such as application/pdf')
    // Their content would have to be a message itself.
    .refine((type) => !/^(multipart|message)\//i.test(type), 'must be the type of a single file')
    .optional(),
  content: z
    .string()
    .refine((text) => text.length % 4 === 0 && BASE64.test(text), 'must be base64 (RFC 4648 section 4)')
    .optional(),
  url: z
    .string()
    .max(2048)
    .refine((url) => URL.canParse(url) && /^https?:\/\//i.test(url), 'must be an http or https URL')
    .optional(),
});

/** At most ten, each with either its `content` in base64 or the `url` of it. Only email sends them. */
export const attachments = z
  .array(
    fields
      .refine(({ content, url }) => (content === undefined) !== (url === undefined), 'needs content or url')
      .transform((given): Attachment => given),
  )
  .max(attachmentLimits.count)
  .refine(
    (all) => all.reduce((sum, { content = '' }) => sum + content.length, 0) <= attachmentLimits.encoded,
    `hold more than ${attachmentLimits.encoded / 1024} KiB of base64 together: give larger ones by url`,
  );
