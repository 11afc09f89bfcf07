/**
 * The Content-Security-Policy of a page of Carillon's own: nothing is loaded from elsewhere, nothing stands inline, and
 * nobody may frame it.
 *
 * @param connectsTo where its scripts may ask beside its own origin. Default: nowhere
 */
export function pagePolicy(connectsTo: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", ...connectsTo].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
