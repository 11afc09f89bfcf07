import { z } from 'zod';

/** Longest inline `data`, serialised as JSON, in bytes. */
export const MAX_DATA_BYTES = 64 * 1024;
/** Longest request body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Deepest nesting accepted anywhere in a request body. */
export const MAX_DEPTH = 32;

// With the flag `u`, half a surrogate pair: it is no character, and would be stored as another.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]|\p{Surrogate}/u;
const CONTROL_IN_BLOCK = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]|\p{Surrogate}/u;

/**
 * One line of text without control characters, so that it can stand in a mail header
 * (RFC 5322 section 2.2: a field body may not contain CR or LF of its own).
 */
export const lineOfText = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !CONTROL.test(text), 'must not contain control characters or line breaks');

/** Text of several lines: of the control characters only tabs and line feeds; CR LF counts as one. */
export const blockOfText = (max: number) =>
  z
    .string()
    .max(max)
    .overwrite((text) => text.replace(/\r\n?/g, '\n'))
    .refine((text) => !CONTROL_IN_BLOCK.test(text), 'must not contain control characters');

/** An ID or key that the caller chose: 1-200 characters, no control characters, no surrounding blanks. */
export const externalId = lineOfText(200).refine(
  (id) => id === id.trim(),
  'must not begin or end with a blank',
);

/** A tenant's ID: it stands in workflow IDs, paths and row keys. */
export const tenantId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'must be 1-63 letters, digits, dots, dashes or underscores, and begin with a letter or digit',
  );

/** A notification type's name, e.g. `approval_request`. */
export const typeName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,99}$/, 'must be lower-case letters, digits, dashes or underscores');

/** ISO 8601 date-time with an offset or `Z`. */
export const timestamp = z.iso.datetime({
  offset: true,
  error: 'must be an ISO 8601 date-time such as 2026-12-01T08:00:00Z',
});

/** An IANA time zone known to this runtime, e.g. `Europe/Paris`. */
export const ianaZone = z
  .string()
  .max(100)
  .refine(isKnownZone, 'is not an IANA time zone such as Europe/Paris');

/** True for a zone or link name of the IANA database; fixed offsets such as `+02:00` are refused. */
export function isKnownZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A BCP 47 language tag: `en`, `fr-CA`. */
export const locale = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is not a language tag such as en or fr-CA');

/** One mailbox address without a display name: at most 254 characters (RFC 5321 section 4.5.3.1.3). */
export const emailAddress = lineOfText(254).pipe(z.email('is not an e-mail address'));

/** A phone number in E.164 form, e.g. `+33612345678`. */
export const e164Number = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'is not a phone number in E.164 form such as +33612345678');

/**
 * A phone number as people write one: E.164, or as it is dialled in the tenant's region, e.g. `06 12 34 56 78`. The API
 * makes E.164 of it before anything is stored.
 */
export const phoneNumber = z
  .string()
  .max(40)
  .regex(/^(?=(?:\D*\d){3})[+(]?[\d \u00a0\u202f()./-]+$/, 'is not a phone number such as +33612345678');

/** A region as ISO 3166-1 has it in two letters: `FR`. */
export const regionCode = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be two capital letters of ISO 3166-1 such as FR');

/** An absolute http(s) URL, or a path within the application such as `/contracts/c-1`. */
export const linkUrl = z
  .string()
  .max(2048)
  .refine(isSafeLink, 'must be an http or https URL, or a path that begins with a single slash');

/** True when following the link cannot run script or leave for another scheme. */
export function isSafeLink(url: string): boolean {
  if (CONTROL.test(url)) return false;
  if (/^\/(?![/\\])/.test(url)) return true;
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

/** The caller's own variables: a JSON object of at most 64 KiB. */
export const jsonData = z
  .record(z.string(), z.unknown())
  .refine(
    (data) => new TextEncoder().encode(JSON.stringify(data)).length <= MAX_DATA_BYTES,
    `is larger than ${MAX_DATA_BYTES / 1024} KiB`,
  );

/** `?limit=`: 1-100, 20 by default. */
export const pageLimit = z.coerce.number().int().min(1).max(100).default(20);

/** A page of a list: `nextCursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
