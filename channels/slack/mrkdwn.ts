import { textPieces } from '../plain-text.js';

/**
 * A text for a `mrkdwn` field. The three characters that begin Slack's own markup are escaped, so that nothing in it
 * mentions anybody or hides an address behind a word; web addresses are made links by hand, because the field is
 * `verbatim`: Slack would otherwise look for names of channels and people, too.
 */
export function mrkdwn(text: string): string {
  return textPieces(text)
    .map(({ text, url }) => (url === undefined ? escaped(text) : `<${escaped(url)}>`))
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The same in parts of at most `limit` characters, cut between lines where that is possible, else between words. */
export function mrkdwnParts(text: string, limit: number): string[] {
  const parts: string[] = [];
  let part = '';
  for (const atom of atomsOf(text, limit)) {
    if (part !== '' && part.length + atom.length > limit) {
      parts.push(part);
      part = '';
    }
    part += atom;
  }
  return [...parts, part].map((each) => each.replace(/^\n+|\s+$/g, '')).filter((each) => each.trim() !== '');
}

/** Lines; of a line that is too long its words, and of such a word its characters. */
function* atomsOf(text: string, limit: number): Generator<string> {
  for (const line of text.split(/(?<=\n)/)) {
    const whole = mrkdwn(line);
    if (whole.length <= limit) yield whole;
    else yield* wordsOf(line, limit);
  }
}

function* wordsOf(line: string, limit: number): Generator<string> {
  for (const word of line.split(/(?<=\s)/)) {
    const whole = mrkdwn(word);
    if (whole.length <= limit) yield whole;
    else for (const character of word) yield escaped(character);
  }
}
