/** A comment, or a tag with its attributes. */
const TAG = /<!--[\s\S]*?-->|<(\/?)([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi;
/** What stands in quotes, or an attribute that the policy minds. */
const MINDED = /("[^"]*"|'[^']*')|(^|\s)(style|on[a-z]+)(?=\s*=)/gi;

/** What stands in a mail for its `<style>` and its `style="…"`, which no parser of the page takes for such. */
export const STYLE_TAG = 'mail-style';
export const STYLE_NAME = 'data-mail-style';

/**
 * A mail's HTML whose styles and handlers are named otherwise, without its comments: the page's policy, which a document
 * that is parsed in it has too, reports each one that it meets.
 */
export function inertMail(html: string): string {
  return html.replace(TAG, (_whole, slash?: string, name?: string, attributes = '') => {
    if (name === undefined) return '';
    const tag = name.toLowerCase() === 'style' ? STYLE_TAG : name;
    return `<${slash}${tag}${(attributes as string).replace(MINDED, renamed)}>`;
  });
}

function renamed(_whole: string, quoted?: string, blank = '', name = ''): string {
  return quoted ?? blank + (name.toLowerCase() === 'style' ? STYLE_NAME : `data-${name}`);
}
