import { MAX_PROVIDER_RESPONSE } from './channel.js';

/** Read at most this much of what a server says: enough for what is kept, little enough for any pattern. */
const MAX_READ = 2000;
const ADDRESS = /[^\s<>"'(),:;]+(?:@|%40)[^\s<>"'(),;]+/gi;
const ASCII = /^[\0-\x7f]*$/;
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
  const masked = words.reduce(maskWord, read.replace(CONTROLS, ' '));
  return masked.replace(ADDRESS, '[address]').trim().slice(0, MAX_PROVIDER_RESPONSE);
}

/**
 * Every occurrence of the word that stands by itself. A pattern is made only where the word may occur: making one of
 * Unicode classes costs a good part of a send, and a usual answer is ASCII and echoes nothing.
 */
function maskWord(text: string, word: string): string {
  // Of what is not ASCII, only ſ and the Kelvin sign match an ASCII letter when case is ignored.
  const folded = word.toLowerCase().replaceAll('ſ', 's');
  if (ASCII.test(text) && !text.toLowerCase().includes(folded)) return text;
  return text.replace(
    new RegExp(`(?<![\\p{L}\\p{N}])${escape(word)}(?![\\p{L}\\p{N}])`, 'giu'),
    '[redacted]',
  );
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
