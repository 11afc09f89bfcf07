import type { TracedText } from './traced-text.js';

// A tag ends at the next `%}`; a placeholder may have braces in its quotes.
const LIQUID =
  /\{%-?\s*(raw|comment)\s*-?%\}[\s\S]*?\{%-?\s*end\1\s*-?%\}|\{%[\s\S]*?%\}|\{\{(?:"[^"]*"|'[^']*'|[^"'])*?\}\}/g;

/** A text whose Liquid is hidden behind words, so that what knows only markup leaves it alone. */
export interface Masked {
  text: TracedText;
  /** Words that stand for tags, which print nothing by themselves. */
  tags: RegExp;
  /** Any of the words. */
  words: RegExp;
  /** Any of the words, in what was made of the text, back to the Liquid that it hides. */
  unmask: (text: string) => string;
}

/** Hides the Liquid of a text that parses. */
export function maskLiquid(text: TracedText): Masked {
  const hidden: string[] = [];
  const prefix = unusedIn(text.text);
  const masked = text.replace(LIQUID, ([liquid]) => {
    const isTag = liquid.startsWith('{%') && !/^\{%-?\s*raw\b/.test(liquid);
    return `${prefix}${isTag ? 't' : 'o'}${hidden.push(liquid) - 1}x`;
  });
  const words = new RegExp(`${prefix}[to](\\d+)x`, 'g');
  return {
    text: masked,
    tags: new RegExp(`${prefix}t\\d+x`, 'g'),
    words,
    unmask: (made) => made.replace(words, (_word, index: string) => hidden[Number(index)] ?? ''),
  };
}

function unusedIn(text: string): string {
  for (let count = 0; ; count += 1) {
    const prefix = `lq${count}z`;
    if (!text.includes(prefix)) return prefix;
  }
}
