import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { theme } from '../../../elements/shared/theme.js';
import { shownMail, type ShownMail } from './shown-mail.js';

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
