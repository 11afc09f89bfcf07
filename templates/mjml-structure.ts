import type { Masked } from './mask-liquid.js';
import type { SourceProblem } from './source-error.js';
import type { TracedText } from './traced-text.js';

/** Elements whose content is HTML, to MJML's own list of `endingTag`s. */
const HTML_WITHIN = new Set([
  'mj-accordion-text',
  'mj-accordion-title',
  'mj-breakpoint',
  'mj-button',
  'mj-carousel-image',
  'mj-navbar-link',
  'mj-preview',
  'mj-raw',
  'mj-social-element',
  'mj-style',
  'mj-table',
  'mj-text',
  'mj-title',
]);

/** Elements that hold nothing but elements: text in them is dropped. */
const ELEMENTS_WITHIN = new Set([
  'mjml',
  'mj-accordion',
  'mj-accordion-element',
  'mj-body',
  'mj-carousel',
  'mj-column',
  'mj-group',
  'mj-head',
  'mj-hero',
  'mj-navbar',
  'mj-section',
  'mj-social',
  'mj-wrapper',
]);

interface Tag {
  /** Lower case, without the slash. */
  name: string;
  kind: 'opens' | 'closes' | 'both';
  start: number;
  /** After its `>`. */
  end: number;
}

/**
 * What MJML does not say itself: which element is not closed, and that text between elements would be dropped. Liquid's
 * tags between elements are put into `mj-raw`, where MJML keeps them.
 */
export function checkStructure(
  { text, tags, words }: Masked,
  field: string,
): { text: TracedText; problems: SourceProblem[] } {
  const problems: SourceProblem[] = [];
  const problem = (at: number, reason: string) => problems.push({ field, reason, origin: text.originAt(at) });
  const wraps: { at: number; text: string }[] = [];
  const open: Tag[] = [];
  let from = 0;

  const between = (start: number, end: number) => {
    const piece = text.text.slice(start, end);
    const within = open.at(-1);
    // What is in an element that there is not is told already.
    if (piece.trim() === '' || (within && !ELEMENTS_WITHIN.has(within.name))) return;
    if (within && piece.replace(tags, '').trim() === '') {
      for (const word of piece.matchAll(tags)) {
        wraps.push({ at: start + word.index, text: '<mj-raw>' });
        wraps.push({ at: start + word.index + word[0].length, text: '</mj-raw>' });
      }
      return;
    }
    const shown = piece.trim().replace(words, '{{…}}').slice(0, 40);
    problem(start + piece.search(/\S/), `"${shown}" stands between elements: put it into mj-text or mj-raw`);
  };

  for (const tag of tagsOf(text.text, problem)) {
    const within = open.at(-1);
    const isText = within !== undefined && HTML_WITHIN.has(within.name);
    if (isText && !(tag.kind === 'closes' && tag.name === within.name)) continue;
    if (!isText) between(from, tag.start);
    from = tag.end;
    if (tag.name === 'mj-include') problem(tag.start, `mj-include is not there: use {% include 'name' %}`);
    if (tag.kind === 'opens') open.push(tag);
    if (tag.kind !== 'closes') continue;
    const opened = open.pop();
    if (opened?.name === tag.name) continue;
    if (!opened) problem(tag.start, `</${tag.name}> closes nothing`);
    else problem(opened.start, `<${opened.name}> is not closed before </${tag.name}>`);
    return { text, problems };
  }
  if (problems.length > 0) return { text, problems };
  const last = open.pop();
  if (last) problem(last.start, `<${last.name}> is not closed`);
  else between(from, text.text.length);
  return { text: text.insert(wraps), problems };
}

/** Elements in their order. Comments are none, and neither is what only looks like an element. */
function* tagsOf(text: string, problem: (at: number, reason: string) => void): Generator<Tag> {
  let at = 0;
  for (;;) {
    const start = text.indexOf('<', at);
    if (start < 0) return;
    if (text.startsWith('<!--', start)) {
      const end = text.indexOf('-->', start);
      if (end < 0) return void problem(start, 'the comment is not closed');
      at = end + 3;
      continue;
    }
    const [, slash, name] = /^<(\/?)([a-z][\w-]*)/i.exec(text.slice(start, start + 60)) ?? [];
    if (name === undefined) {
      at = start + 1;
      continue;
    }
    const end = endOfTag(text, start);
    if (end === undefined) return void problem(start, `<${slash}${name} has no ">"`);
    const isAlone = text[end - 2] === '/';
    yield { name: name.toLowerCase(), kind: slash ? 'closes' : isAlone ? 'both' : 'opens', start, end };
    at = end;
  }
}

/** After the `>` that is in no attribute. */
function endOfTag(text: string, start: number): number | undefined {
  let quote = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
  }
  return undefined;
}
