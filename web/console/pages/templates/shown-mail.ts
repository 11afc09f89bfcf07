/** A start tag, with what stands in quotes in it. */
const TAG = /<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi;
const IN_QUOTES_OR_STYLE = /("[^"]*"|'[^']*')|(\s)style(?=\s*=)/gi;
const HANDLER = /\son[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi;
const FOREIGN =
  /\s(src|srcset|background|poster)\s*=\s*("(?!data:)[^"]*"|'(?!data:)[^']*'|(?!["']|data:)[^\s>]+)/gi;

/** A mail taken apart, so that a page that lets no style stand inline can show it. */
export interface ShownMail {
  /** Without scripts, comments, styles and images of other servers; inline styles are in `data-style`. */
  html: string;
  css: string;
}

/** What of a mail's HTML a preview shows. */
export function shownMail(source: string): ShownMail {
  const styles: string[] = [];
  const bare = source
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<script\b[\s\S]*?(<\/script\s*>|$)/gi, '')
    .replace(/<style\b([^>]*)>([\s\S]*?)(<\/style\s*>|$)/gi, (_whole, attributes: string, text: string) => {
      const [, , media] = /\bmedia\s*=\s*(["'])(.*?)\1/i.exec(attributes) ?? [];
      styles.push(media === undefined ? text : `@media ${media} {${text}}`);
      return '';
    })
    .replace(/<(link|meta|base|iframe|object|embed)\b[^>]*>/gi, '');
  const quiet = bare.replace(TAG, (tag) =>
    tag
      .replace(
        IN_QUOTES_OR_STYLE,
        (_whole, quoted?: string, blank?: string) => quoted ?? `${blank}data-style`,
      )
      .replace(HANDLER, '')
      .replace(FOREIGN, ''),
  );
  return { html: quiet, css: styles.join('\n').replace(/@import[^;]*;/gi, '') };
}
