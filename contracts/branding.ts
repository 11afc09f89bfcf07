import { z } from 'zod';
import { blockOfText, emailAddress, lineOfText } from './primitives.js';

/** Six hexadecimal digits, so that the colour can stand in a style sheet and be computed with. */
const hexColor = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'is not a colour such as #1b6ef3');

/** An absolute https URL: a mail shows no image that comes over plain http. */
const imageUrl = z
  .string()
  .max(2048)
  .refine((url) => /^https:\/\/[^\s"'<>]+$/i.test(url) && URL.canParse(url), 'must be an https URL');

/** Who the tenant's mails come from. */
const senderFields = {
  /** Shown beside the address. */
  name: lineOfText(200),
  /** Used where the credentials name no sender of their own; the deployment's server keeps the deployment's. */
  address: emailAddress,
  /** Where answers go. */
  replyTo: emailAddress,
};

const brandingFields = {
  /** What people know the tenant by, where it is not its `name`. */
  name: lineOfText(200),
  /** Shown above the mail, at most 44 pixels high. */
  logoUrl: imageUrl,
  /** Of the button and of the line above the mail. */
  primaryColor: hexColor,
  /** Below the mail: an address, an imprint. */
  footer: blockOfText(1000),
};

type Fields = Record<string, z.ZodType>;
type Nullable<F extends Fields> = { [K in keyof F]: z.ZodOptional<z.ZodNullable<F[K]>> };

/** A change: what is left out stays, `null` takes it away. */
function change<F extends Fields>(fields: F): z.ZodObject<Nullable<F>, z.core.$strict> {
  const entries = Object.entries(fields).map(([name, field]) => [name, field.nullable().optional()]);
  return z.strictObject(Object.fromEntries(entries) as Nullable<F>);
}

export const senderPatch = change(senderFields);
export const brandingPatch = change(brandingFields);

export const sender = z.strictObject(senderFields).partial();
export type Sender = z.infer<typeof sender>;

export const branding = z.strictObject(brandingFields).partial();
export type Branding = z.infer<typeof branding>;
