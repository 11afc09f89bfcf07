/** Where the script came from, if that was a server; else the page. */
export function defaultUrl(): string {
  const script = new URL(import.meta.url);
  if (script.protocol.startsWith('http')) return script.origin;
  const { location } = globalThis as { location?: { origin: string } };
  if (location) return location.origin;
  throw new TypeError('url: must be given outside a browser');
}
