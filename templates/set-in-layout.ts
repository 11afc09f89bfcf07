import { card, cardHead, columns, ownFrame } from './layout.js';
import { SourceError } from './source-error.js';
import { TracedText } from './traced-text.js';

/** The one place in a layout where the mail goes. */
const CONTENT = /\{\{-?\s*content\s*-?\}\}/g;

/** @throws SourceError unless the layout has one place for its content. */
export function checkLayout(layout: TracedText): void {
  const places = [...layout.text.matchAll(CONTENT)];
  if (places.length === 1) return;
  throw new SourceError([
    {
      field: 'mjml',
      reason: `needs {{ content }} once, where the mail goes: it is there ${places.length} times`,
      origin: places[1] && layout.originAt(places[1].index),
    },
  ]);
}

/** The mail that Carillon lays out itself, in a tenant's layout or in its own. */
export function cardIn(layout: TracedText | undefined): TracedText {
  const content = TracedText.of(card(layout ? '24px' : '0'), 'the built-in text');
  return placed(withHead(layout ?? frame()), content);
}

/**
 * A part of a mail in a layout. Sections stand as they are; what belongs into a column, such as `mj-text`, gets one.
 * @param layout a tenant's; by default Carillon's own.
 */
export function setInLayout(content: TracedText, layout: TracedText | undefined): TracedText {
  const [before, after] = layout ? columns.inTenants : columns.inOwnFrame;
  const hasSections = /<mj-(section|wrapper|hero)[\s>]/i.test(content.text);
  const whole = hasSections
    ? content
    : content.insert([
        { at: 0, text: before },
        { at: content.text.length, text: after },
      ]);
  return placed(layout ?? withHead(frame()), whole);
}

function frame(): TracedText {
  return TracedText.of(ownFrame, 'the built-in layout');
}

function withHead(layout: TracedText): TracedText {
  const end = layout.text.search(/<\/mj-head\s*>/i);
  if (end >= 0) return layout.insert([{ at: end, text: cardHead }]);
  const root = /<mjml(?:\s[^>]*)?>/i.exec(layout.text);
  if (!root) return layout;
  return layout.insert([{ at: root.index + root[0].length, text: `<mj-head>${cardHead}</mj-head>` }]);
}

function placed(layout: TracedText, content: TracedText): TracedText {
  return layout.replace(CONTENT, () => content);
}
