/** Longest texts that leave the templates, in UTF-16 units as zod counts them; what is longer is cut. */
export const textLimits = {
  /** RFC 5322 allows 998 to a line, no mail program shows more than this. */
  subject: 200,
  title: 255,
  message: 10_000,
  sms: 1600,
  pushBody: 4000,
  chat: 10_000,
  whatsapp: 4096,
} as const;

/** What an SMS ends in that was cut: `…` is not in the alphabet of GSM, and would have the whole text cost twice as much. */
export const SMS_ENDING = '...';

/** Longest result of any template; a longer one is an error, since half a mail would be none. */
export const MAX_RENDERED_LENGTH = 1_000_000;

// Beside the controls, what turns the direction of the text after it: a title could show itself backwards.
const NOT_FOR_A_LINE = /[\s\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;
const NOT_FOR_TEXT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Text for a header or a title: line breaks, control characters and runs of blanks become one blank. */
export function oneLine(text: string, limit: number, ending?: string): string {
  return cut(text.replace(NOT_FOR_A_LINE, ' ').trim(), limit, ending);
}

/** Text of several lines: `\n` only, no other control character but tabs. */
export function severalLines(text: string, limit: number, ending?: string): string {
  return cut(withoutControls(text).trim(), limit, ending);
}

/** Line breaks as `\n`; control characters, which neither text nor HTML may hold, are dropped. */
export function withoutControls(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(NOT_FOR_TEXT, '');
}

function cut(text: string, limit: number, ending = '…'): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - ending.length);
  // Half of a surrogate pair is no character.
  return kept.replace(/[\ud800-\udbff]$/, '').trimEnd() + ending;
}
