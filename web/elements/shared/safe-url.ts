/** C0 and C1 control characters, which browsers drop from addresses. */
const CONTROL = /[\0-\x1f\x7f-\x9f]/;

/**
 * The address when following it can neither run script nor leave for another scheme: an http(s) URL, or a path of the
 * page's own site that begins with a single slash. Anything else is undefined, and is then no link.
 */
export function safeUrl(url: string | null | undefined): string | undefined {
  if (!url || CONTROL.test(url)) return undefined;
  if (/^\/(?![/\\])/.test(url)) return url;
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
}
