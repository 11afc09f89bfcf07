import { compile } from 'html-to-text';

const convert = compile({
  // Mail programs wrap by themselves, and wrapped links break.
  wordwrap: false,
  limits: { maxDepth: 50, maxChildNodes: 20_000 },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
    // A row is a line, a cell a word of it.
    { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    ...['td', 'th'].map((selector) => ({ selector, format: 'inlineSurround', options: { suffix: ' ' } })),
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ...['img', 'head', 'style', 'script', 'title'].map((selector) => ({ selector, format: 'skip' })),
  ],
});

/**
 * Longest HTML that is read, from its body on. Mail programs cut off after 102 KB, and thousands of tags within each
 * other take seconds if there are enough of them.
 */
const MAX_READ = 150_000;

/** The text alternative of a mail of which the caller brought only the HTML. */
export function htmlAsText(html: string): string {
  const body = Math.max(html.search(/<body[\s>]/i), 0);
  return convert(html.slice(body, body + MAX_READ));
}
