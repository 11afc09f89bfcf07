import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { theme } from '../../../elements/shared/theme.js';

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

/**
 * `<console-mail-preview>`: a mail in a frame of its own, in which nothing runs and from which nothing is loaded. The
 * console's policy holds there too and lets no style stand in the markup, so the mail's are set by script from outside.
 */
export class ConsoleMailPreview extends LitElement {
  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      iframe {
        display: block;
        width: 100%;
        height: 620px;
        border: 0;
        background: #fff;
        color-scheme: light;
      }
    `,
  ];
  static override properties = { mail: {}, label: {} };

  /** HTML. */
  declare mail: string;
  declare label: string;

  private shown: ShownMail = { html: '', css: '' };

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('mail')) this.shown = shownMail(this.mail);
  }

  protected override render(): TemplateResult {
    return html`<iframe
      sandbox="allow-same-origin"
      title=${this.label}
      srcdoc=${this.shown.html}
      @load=${(event: Event) => this.dress(event.target as HTMLIFrameElement)}
    ></iframe>`;
  }

  private dress({ contentDocument: inside, contentWindow }: HTMLIFrameElement): void {
    const view = contentWindow as (Window & typeof globalThis) | null;
    if (!inside || !view) return;
    for (const element of inside.querySelectorAll<HTMLElement>('[data-style]'))
      element.style.cssText = element.dataset['style'] ?? '';
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(this.shown.css);
    inside.adoptedStyleSheets = [sheet];
    // A link in it leads nowhere: this is a picture of a mail.
    inside.addEventListener('click', (event) => event.preventDefault());
  }
}

customElements.define('console-mail-preview', ConsoleMailPreview);
