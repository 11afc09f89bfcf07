/** A run of text; with `url` where it is a web address. */
export interface TextPiece {
  text: string;
  url?: string;
}

const WEB_ADDRESS = /https?:\/\/[^\s<>|"]+/gi;
// A sentence's own punctuation behind an address is no part of it.
const BEHIND_IT = /[.,;:!?)\]}'*_~]+$/;

/** Cuts a text into its web addresses and what is between them; joined again, the pieces are the text. */
export function textPieces(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(WEB_ADDRESS)) {
    const url = match[0].replace(BEHIND_IT, '');
    if (!URL.canParse(url)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: url, url });
    end = match.index + url.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** The text without its last line where that is only the link: a button shows it. */
export function withoutLink(text: string, link: string | undefined): string {
  const last = `\n${link}`;
  return link !== undefined && text.endsWith(last) ? text.slice(0, -last.length).trimEnd() : text;
}

/** What fits, with an ellipsis where something was cut; in UTF-16 units, never half a character. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
