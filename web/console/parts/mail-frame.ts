import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { STYLE_NAME, STYLE_TAG, inertMail } from './inert-mail.js';

/** What a mail has no use for here, and what could run or load something. */
const UNWANTED = 'script, link, meta, base, iframe, object, embed, form, title';
/** Attributes whose value is loaded. */
const LOADED = ['src', 'srcset', 'background', 'poster'];
/** Shown of a mail at first, in CSS pixels. */
const LEAST_HEIGHT = 240;

/**
 * `<console-mail-frame>`: a mail as its reader saw it, in a frame of its own in which no script runs. The page's policy
 * takes no inline style, so what the mail has of those is set by hand; and it loads nothing from elsewhere, so that a
 * look at a mail does not count as an open.
 */
export class ConsoleMailFrame extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    iframe {
      display: block;
      width: 100%;
      border: 0;
      background: #fff;
      color-scheme: light;
    }
  `;
  static override properties = { html: {}, label: {} };
  /** The mail's HTML. */
  declare html: string;
  /** What the frame is called. */
  declare label: string;
  private isLoaded = false;

  protected override render(): TemplateResult {
    // The same origin as the page's, so that this can be put into it; without `allow-scripts` nothing in it runs.
    return html`<iframe
      sandbox="allow-same-origin"
      title=${this.label}
      height=${LEAST_HEIGHT}
      srcdoc="<!doctype html><html lang='en'><title>Mail</title><body></body></html>"
      @load=${() => this.loaded()}
    ></iframe>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('html') && this.isLoaded) this.fill();
  }

  private loaded(): void {
    this.isLoaded = true;
    this.fill();
  }

  private get frame(): HTMLIFrameElement | null | undefined {
    return this.shadowRoot?.querySelector('iframe');
  }

  private fill(): void {
    const { frame } = this;
    const inside = frame?.contentDocument;
    const view = frame?.contentWindow as (Window & typeof globalThis) | null | undefined;
    if (!frame || !inside || !view) return;
    const mail = new DOMParser().parseFromString(inertMail(this.html), 'text/html');
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync([...mail.querySelectorAll(STYLE_TAG)].map(rulesOf).join('\n'));
    mail.querySelectorAll(`${STYLE_TAG}, ${UNWANTED}`).forEach((one) => one.remove());
    for (const element of mail.querySelectorAll('*'))
      for (const { name, value } of [...element.attributes])
        if (LOADED.includes(name) && !/^\s*data:/i.test(value)) element.removeAttribute(name);
    // Links lead out of the frame nowhere.
    mail.querySelectorAll('a').forEach((link) => {
      link.title = link.getAttribute('href') ?? '';
      link.removeAttribute('href');
    });
    inside.adoptedStyleSheets = [sheet];
    inside.body.replaceWith(inside.adoptNode(mail.body));
    for (const element of inside.querySelectorAll<HTMLElement>(`[${STYLE_NAME}]`))
      element.style.cssText = element.getAttribute(STYLE_NAME) ?? '';
    inside.body.style.margin ||= '0';
    frame.height = String(Math.max(LEAST_HEIGHT, inside.documentElement.scrollHeight));
  }
}

/** A sheet that stands apart takes no media of its own. */
function rulesOf(style: Element): string {
  const media = style.getAttribute('media');
  return media ? `@media ${media} {${style.textContent}}` : style.textContent;
}

customElements.define('console-mail-frame', ConsoleMailFrame);
