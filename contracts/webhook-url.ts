import { z } from 'zod';

/**
 * Hosts that are private by their name or number: this machine, a name without a dot as in a container network, a
 * private zone (RFC 6762, RFC 8375, `.internal`), a private address (RFC 1918, RFC 4193).
 */
const PRIVATE_HOST = new RegExp(
  [
    '[^.:[\\]]+',
    '.+\\.(?:localhost|local|internal|lan|home\\.arpa)',
    '(?:10|127)(?:\\.\\d+){3}',
    '192\\.168(?:\\.\\d+){2}',
    '172\\.(?:1[6-9]|2\\d|3[01])(?:\\.\\d+){2}',
    '\\[(?:::1|f[cd].*)\\]',
  ]
    .map((host) => `^${host}\\.?$`)
    .join('|'),
  'i',
);

/**
 * Where something is POSTed: an https URL without a user name, at most 2048 characters. Plain http only towards a host
 * that is private, where a deployment has to allow private addresses before anything is sent.
 */
export const webhookUrl = z
  .string()
  .max(2048)
  .refine(isWebhookUrl, 'must be an https URL without a user name, or http to a private host');

function isWebhookUrl(text: string): boolean {
  if (/[\s\u0000-\u001f\u007f]/.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (hostname === '' || username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && PRIVATE_HOST.test(hostname));
}
