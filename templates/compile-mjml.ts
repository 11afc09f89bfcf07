import { layout } from './layout.js';
import { parseBuiltIn, type ParsedTemplate } from './liquid.js';

/**
 * Compiles MJML to HTML; Liquid in it passes through. mjml is loaded with the first use: it takes some 300 ms and
 * 60 MB, which a process that writes no mail should not pay.
 */
export async function compileMjml(source: string): Promise<string> {
  const { default: mjml } = await import('mjml');
  const { html, errors } = await mjml(source, {
    validationLevel: 'strict',
    ignoreIncludes: true,
    // By default mjml fetches the fonts that it knows by name from Google, and so tells Google who reads.
    fonts: {},
  });
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'));
  // Indentation is a third of the mail, and a reader's mail program cuts off after 102 KB.
  return html.replace(/^[ \t]+|\n(?=\s*\n)/gm, '');
}

let compiled: Promise<ParsedTemplate> | undefined;

/**
 * The layout of built-in mails, ready to fill. Compiled once per process; call it when a worker starts, so that the
 * first mail need not wait for it.
 */
export function compileBuiltInLayout(): Promise<ParsedTemplate> {
  compiled ??= compileMjml(layout)
    .then((html) => parseBuiltIn(html, 'html'))
    .catch((error: unknown) => {
      compiled = undefined;
      throw error;
    });
  return compiled;
}
