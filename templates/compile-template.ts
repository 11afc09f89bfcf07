import {
  DEFAULT_LAYOUT,
  isWholeMjml,
  type LayoutSource,
  type MailSource,
  type UsedTemplate,
} from '../contracts/templates.js';
import { compileMjml } from './compile-mjml.js';
import { htmlAsText } from './html-as-text.js';
import { includePartials, MAX_WHOLE, type FindPartial, type FoundPart } from './include-partials.js';
import { parseOnce, type Escaping } from './liquid.js';
import { mapTexts } from './map-texts.js';
import { maskLiquid } from './mask-liquid.js';
import { cardIn, checkLayout, setInLayout } from './set-in-layout.js';
import { SourceError } from './source-error.js';
import { TemplateError } from './template-error.js';
import { TracedText } from './traced-text.js';

/** Where the partials and layouts are that a source names, in the nearest language. */
export interface Parts {
  partial: FindPartial;
  layout: FindPartial;
}

/** A mail, ready to be filled: nothing in it is MJML any more. */
export interface CompiledMail {
  subject: string;
  html?: string;
  text?: string;
  /** Made from the HTML. */
  derivedText?: string;
  /** The layout, with the card that text alone is set in; absent for Carillon's own. */
  layout?: string;
}

/** What a layout comes to: itself, with the card of mails that Carillon lays out. */
export type CompiledLayout = Required<Pick<CompiledMail, 'layout'>>;

/** What is stored with a version, and which versions are in it. */
export interface Compiled<Texts> {
  texts: Texts;
  uses: UsedTemplate[];
}

/** One compilation: it notes what it uses. */
class Compilation {
  private readonly used = new Map<string, UsedTemplate>();

  constructor(private readonly parts: Parts) {}

  get uses(): UsedTemplate[] {
    return [...this.used.values()];
  }

  /** The text with its partials, which must be Liquid then. */
  async whole(text: TracedText, field: string, escaping: Escaping): Promise<TracedText> {
    const included = await this.included(text, field);
    checkLiquid(included, field, escaping);
    return included;
  }

  async included(text: TracedText, field: string, within?: readonly string[]): Promise<TracedText> {
    const { text: whole, uses } = await includePartials(text, field, this.parts.partial, within);
    uses.forEach((used) => this.used.set(used.id, used));
    return whole;
  }

  /** The layout that a mail names, or the default one, with its partials; undefined where that is Carillon's own. */
  async layout(name: string | undefined): Promise<TracedText | undefined> {
    const found: FoundPart | undefined = await this.parts.layout(name ?? DEFAULT_LAYOUT);
    if (found) {
      this.used.set(found.used.id, found.used);
      return this.included(TracedText.of(found.text, `layout ${found.used.name}`), 'layout');
    }
    if (name === undefined) return undefined;
    throw new SourceError([{ field: 'layout', reason: `there is no published layout "${name}"` }]);
  }
}

/**
 * Compiles a mail: partials and layout are put in, MJML becomes HTML, and its text is made where it has none.
 * @throws SourceError
 */
export async function compileMail(source: MailSource, parts: Parts): Promise<Compiled<CompiledMail>> {
  const compilation = new Compilation(parts);
  const whole = async (field: 'subject' | 'text' | 'html', escaping: Escaping) =>
    (await compilation.whole(TracedText.of(source[field] ?? ''), field, escaping)).text;
  const texts: CompiledMail = { subject: await whole('subject', 'none') };
  if (source.text !== undefined) texts.text = await whole('text', 'none');
  if (source.html !== undefined) texts.html = await whole('html', 'html');
  if (source.mjml !== undefined) {
    const mjml = await mailMjml(source.mjml, source.layout, compilation);
    const { masked, unmask } = await compileMjml(mjml, 'mjml');
    texts.html = compiledHtml(unmask(masked), 'mjml');
    if (source.text === undefined) Object.assign(texts, derived(masked, unmask));
  } else if (texts.html === undefined) {
    const layout = await compilation.layout(source.layout);
    if (layout) texts.layout = await layoutHtml(layout, 'layout');
  } else if (source.text === undefined) {
    const { text, unmask } = maskLiquid(TracedText.of(texts.html));
    Object.assign(texts, derived(text.text, unmask));
  }
  return { texts, uses: compilation.uses };
}

/** @throws SourceError */
export async function compileLayout(
  source: LayoutSource,
  parts: Pick<Parts, 'partial'>,
): Promise<Compiled<CompiledLayout>> {
  const compilation = new Compilation({ ...parts, layout: () => Promise.resolve(undefined) });
  const given = TracedText.of(source.mjml);
  if (!isWholeMjml(source.mjml))
    throw new SourceError([{ field: 'mjml', reason: 'needs <mjml> around it', origin: { line: 1 } }]);
  const whole = await compilation.whole(given, 'mjml', 'html');
  checkLayout(whole);
  return { texts: { layout: await layoutHtml(whole, 'mjml') }, uses: compilation.uses };
}

/** Checks a partial; it is put in, as it is, where it is included. @throws SourceError */
export async function compilePartial(
  name: string,
  text: string,
  parts: Pick<Parts, 'partial'>,
): Promise<UsedTemplate[]> {
  const compilation = new Compilation({ ...parts, layout: () => Promise.resolve(undefined) });
  const whole = await compilation.included(TracedText.of(text), 'text', [name]);
  checkLiquid(whole, 'text', 'none');
  return compilation.uses;
}

/** Any other channel's texts, each with its partials. @throws SourceError */
export async function compileTexts<Texts extends object>(
  source: Texts,
  parts: Pick<Parts, 'partial'>,
): Promise<Compiled<Texts>> {
  const compilation = new Compilation({ ...parts, layout: () => Promise.resolve(undefined) });
  const whole = new Map<string, string>();
  const found: [text: string, path: string][] = [];
  mapTexts(source, (text, path) => {
    found.push([text, path]);
    return text;
  });
  for (const [text, path] of found)
    whole.set(path, (await compilation.whole(TracedText.of(text), path, 'none')).text);
  return {
    texts: mapTexts(source, (text, path) => whole.get(path) ?? text) as Texts,
    uses: compilation.uses,
  };
}

async function mailMjml(
  mjml: string,
  layoutName: string | undefined,
  compilation: Compilation,
): Promise<TracedText> {
  const given = await compilation.whole(TracedText.of(mjml), 'mjml', 'html');
  if (isWholeMjml(mjml)) return given;
  const set = setInLayout(given, await compilation.layout(layoutName));
  checkLiquid(set, 'mjml', 'html');
  return set;
}

async function layoutHtml(layout: TracedText, field: string): Promise<string> {
  const mjml = cardIn(layout);
  checkLiquid(mjml, field, 'html');
  const { masked, unmask } = await compileMjml(mjml, field);
  return compiledHtml(unmask(masked), field);
}

/** HTML that can be filled. */
function compiledHtml(html: string, field: string): string {
  if (html.length > MAX_WHOLE)
    throw new SourceError([{ field, reason: `makes more than ${MAX_WHOLE} characters of HTML` }]);
  checkLiquid(TracedText.of(html), field, 'html', false);
  return html;
}

/**
 * The text of HTML, made once of the template and not of every mail; none where that cannot be: what a template says is
 * `raw` is HTML of its own.
 */
function derived(masked: string, unmask: (text: string) => string): Pick<CompiledMail, 'derivedText'> {
  const text = unmask(htmlAsText(masked));
  if (/\|\s*raw\b/.test(text)) return {};
  try {
    checkLiquid(TracedText.of(text), 'text', 'none');
  } catch (error) {
    // A tag stood where only some mail programs read.
    if (error instanceof SourceError) return {};
    throw error;
  }
  return { derivedText: text };
}

function checkLiquid(text: TracedText, field: string, escaping: Escaping, isTraced = true): void {
  const place = { channel: 'email', field, fromContent: false } as const;
  try {
    parseOnce(text.text, escaping, place);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { line } = error;
    const origin = isTraced && line !== undefined ? text.originOf(line) : undefined;
    throw new SourceError([{ field, reason: error.reason.replace(/, line:\d+$/, ''), origin }]);
  }
}
