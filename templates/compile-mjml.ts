import { parseBuiltIn, type ParsedTemplate } from './liquid.js';
import { maskLiquid } from './mask-liquid.js';
import { checkStructure } from './mjml-structure.js';
import { MjmlFailure, runMjml } from './mjml-thread.js';
import { cardIn } from './set-in-layout.js';
import { SourceError, type SourceProblem } from './source-error.js';
import type { TracedText } from './traced-text.js';

/** HTML with its Liquid hidden, and how to bring it back. */
export interface CompiledMjml {
  masked: string;
  unmask: (text: string) => string;
}

/**
 * Compiles MJML to HTML. Its Liquid, which must parse, passes through, wherever it stands.
 * @throws SourceError with the line of everything that is wrong.
 */
export async function compileMjml(source: TracedText, field: string): Promise<CompiledMjml> {
  const hidden = maskLiquid(source);
  const { text, problems } = checkStructure(hidden, field);
  if (problems.length > 0) throw new SourceError(problems);
  const { html, errors } = await compiled(text.text, field);
  const told = errors
    .filter(({ message }) => !isColourToCome(message, hidden.words))
    .map(({ line, message, tagName }): SourceProblem => ({
      field,
      reason: `${tagName}: ${hidden.unmask(message.trim())}`,
      origin: text.originOf(line),
    }));
  if (told.length > 0) throw new SourceError(told);
  // Indentation is a third of the mail, and a reader's mail program cuts off after 102 KB.
  return { masked: html.replace(/^[ \t]+|\n(?=\s*\n)/gm, ''), unmask: hidden.unmask };
}

async function compiled(source: string, field: string) {
  try {
    return await runMjml(source);
  } catch (error) {
    if (!(error instanceof MjmlFailure)) throw error;
    throw new SourceError([{ field, reason: error.message }]);
  }
}

/** A colour is written into the mail as it is; sizes, on the other hand, MJML computes with. */
function isColourToCome(message: string, words: RegExp): boolean {
  const [, value] = /^Attribute \S+ has invalid value: (.*) for type Color/s.exec(message) ?? [];
  return value !== undefined && value.search(words) >= 0;
}

let ownLayout: Promise<ParsedTemplate> | undefined;

/**
 * The layout of built-in mails, ready to fill. Compiled once per process; call it when a worker starts, so that the
 * first mail need not wait for it.
 */
export function compileBuiltInLayout(): Promise<ParsedTemplate> {
  ownLayout ??= compileMjml(cardIn(undefined), 'mjml')
    .then(({ masked, unmask }) => parseBuiltIn(unmask(masked), 'html'))
    .catch((error: unknown) => {
      ownLayout = undefined;
      throw error;
    });
  return ownLayout;
}
