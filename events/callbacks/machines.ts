/**
 * Programs that fetch a mail's images as it arrives, whether or not anybody opens it: Apple's Mail Privacy Protection
 * calls itself `Mozilla/5.0` and nothing more, Yahoo's and Outlook's scanners by name. Google's proxy fetches when a mail is
 * opened.
 */
const MACHINES = [
  /^$/,
  /^Mozilla\/5\.0$/,
  /YahooMailProxy/i,
  /\b(bot|crawler|spider|scanner|preview|monitor)\b/i,
  /Barracuda|Mimecast|Proofpoint|Safelinks|SkypeUriPreview|curl\/|python-requests|Go-http-client/i,
];

/** Whether it was perhaps a program, and not a person, that looked. @param userAgent as the caller calls itself. */
export function isByMachine(userAgent: string | undefined): boolean {
  return MACHINES.some((machine) => machine.test((userAgent ?? '').trim()));
}
