import { MAX_PROVIDER_RESPONSE } from '../channel.js';

/** Read at most this much of what a server says: enough for what is kept, little enough for any pattern. */
const MAX_READ = 2000;
const ADDRESS = /[^\s<>"'(),:;]+(?:@|%40)[^\s<>"'(),;]+/gi;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/**
 * A server's answer as it may be kept and shown: one line, capped, without addresses and without `secrets`, the words
 * of this send (addressee, login, subject) that servers love to echo. Words under three letters are left alone: they
 * give nobody away and stand in every sentence.
 */
export function redactResponse(response: string, secrets: readonly string[]): string {
  // Cut between words, lest the first half of an address stay behind.
  const read = response.length > MAX_READ ? response.slice(0, MAX_READ).replace(/\S*$/, '') : response;
  const words = secrets.filter((secret) => secret.length >= 3).sort((a, b) => b.length - a.length);
  const masked = words.reduce(
    (text, word) =>
      text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escape(word)}(?![\\p{L}\\p{N}])`, 'giu'), '[redacted]'),
    read.replace(CONTROLS, ' '),
  );
  return masked.replace(ADDRESS, '[address]').trim().slice(0, MAX_PROVIDER_RESPONSE);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
