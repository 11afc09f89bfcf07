import type { UsedTemplate } from '../contracts/templates.js';
import { SourceError } from './source-error.js';
import { TracedText } from './traced-text.js';

/** A partial or a layout as it is published. */
export interface FoundPart {
  text: string;
  used: UsedTemplate;
}
export type FindPartial = (name: string) => Promise<FoundPart | undefined>;

/** Partials within partials. */
const MAX_DEPTH = 5;
/** Characters of a text with all that it includes; what Liquid parses at most. */
export const MAX_WHOLE = 500_000;

const INCLUDE = /\{%-?\s*include\b([^{}%]*)%\}/g;
const NAME = /^\s+(?:'([^']*)'|"([^"]*)")\s*-?$/;

/** Texts with their partials in them, and which ones these are. */
export interface Included {
  text: TracedText;
  uses: UsedTemplate[];
}

/**
 * Puts each partial where `{% include 'name' %}` names it. A partial sees the variables of the text around it.
 * @throws SourceError for a partial that is not published, that includes itself, or where it becomes too deep or long.
 */
export async function includePartials(
  text: TracedText,
  field: string,
  find: FindPartial,
  within: readonly string[] = [],
): Promise<Included> {
  const matches = [...text.text.matchAll(INCLUDE)];
  if (matches.length === 0) return { text, uses: [] };
  const included = new Map<string, Included>();
  for (const match of matches) {
    const fail = (reason: string) => new SourceError([{ field, reason, origin: text.originAt(match.index) }]);
    const name = nameIn(match);
    if (name === undefined) throw fail(`include takes one name in quotes: {% include 'footer' %}`);
    if (included.has(name)) continue;
    if (within.includes(name)) throw fail(`includes itself: ${[...within, name].join(' → ')}`);
    if (within.length >= MAX_DEPTH) throw fail(`partials are more than ${MAX_DEPTH} deep`);
    const part = await find(name);
    if (!part) throw fail(`there is no published partial "${name}"`);
    const inner = await includePartials(TracedText.of(part.text, `partial ${name}`), field, find, [
      ...within,
      name,
    ]);
    included.set(name, { text: inner.text, uses: [part.used, ...inner.uses] });
  }
  const parts = [...included.values()];
  const length = matches.reduce(
    (sum, match) => sum + (included.get(nameIn(match) ?? '')?.text.text.length ?? 0),
    text.text.length,
  );
  if (length > MAX_WHOLE)
    throw new SourceError([{ field, reason: `is longer than ${MAX_WHOLE} characters with its partials` }]);
  return {
    text: text.replace(INCLUDE, (match) => included.get(nameIn(match) ?? '')?.text ?? ''),
    uses: parts.flatMap(({ uses }) => uses),
  };
}

function nameIn([, given = '']: RegExpMatchArray): string | undefined {
  const [, single, double] = NAME.exec(given) ?? [];
  return single ?? double;
}
