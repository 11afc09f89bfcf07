import { compileBuiltInLayout } from './compile-mjml.js';
import { layoutPhrases } from './layout-phrases.js';
import { fill } from './liquid.js';
import type { MailLook } from './mail-look.js';
import type { TextLocale } from './locales.js';
import type { Rendering } from './rendering.js';
import type { TemplatePlace } from './template-error.js';

/** A mail's texts, filled and plain, before they are laid out. Empty ones are left out of the mail. */
export interface Mail {
  /** The language of its texts. */
  locale: string;
  /** The language of what the layout itself says. */
  phrases: TextLocale;
  tenantName: string;
  subject: string;
  /** `#rrggbb` */
  color: string;
  look: MailLook;
  logoUrl: string | null;
  /** The tenant's own, above the reason for the mail. */
  footer: string;
  label: string;
  heading: string;
  paragraphs: readonly string[];
  quote: string;
  items: readonly string[];
  entries: readonly MailEntry[];
  /** How many entries are not shown. */
  rest: string;
  facts: readonly { label: string; value: string }[];
  /** On the button. */
  button: string;
  /** Absolute URL behind the button; without one there is no button. */
  link: string | null;
  why: string;
  unsubscribeUrl: string | null;
}

/** One of a list, each with its own link. */
export interface MailEntry {
  title: string;
  text: string;
  note: string;
  /** Absolute. */
  link: string | null;
}

/** What layouts and templates know the mail by: `{{ mail.subject }}`. */
export function mailVariables(mail: Mail): Record<string, unknown> {
  return {
    ...mail,
    preview: mail.paragraphs[0] ?? '',
    paragraphs: mail.paragraphs.map(lines),
    quote: lines(mail.quote),
    footer: lines(mail.footer),
    unsubscribe: layoutPhrases[mail.phrases].unsubscribe,
  };
}

/** The mail as HTML, in a tenant's layout or in Carillon's own. */
export async function mailHtml(mail: Mail, rendering: Rendering, place: TemplatePlace): Promise<string> {
  const layout = rendering.mailLayout?.(place) ?? (await compileBuiltInLayout());
  const variables = { ...rendering.variables, mail: mailVariables(mail) };
  return fill(layout, variables, rendering.settings, place);
}

/** The same mail for those who read plain text. */
export function mailText(mail: Mail): string {
  const { colon, unsubscribe } = layoutPhrases[mail.phrases];
  const footer = [mail.why, mail.unsubscribeUrl && unsubscribe + colon + mail.unsubscribeUrl];
  const blocks = [
    mail.heading,
    ...mail.paragraphs,
    mail.quote &&
      lines(mail.quote)
        .map((line) => `> ${line}`)
        .join('\n'),
    mail.items.map((item) => `- ${item}`).join('\n'),
    ...mail.entries.map(entryText),
    mail.rest,
    mail.facts.map((fact) => fact.label + colon + fact.value).join('\n'),
    mail.link && `${mail.button}${colon.trimEnd()}\n${mail.link}`,
    // RFC 3676 section 4.3: what follows this line is the signature.
    `-- \n${[mail.tenantName, mail.footer, ...footer].filter(Boolean).join('\n')}`,
  ];
  return blocks.filter(Boolean).join('\n\n') + '\n';
}

function entryText({ title, text, note, link }: MailEntry): string {
  return [`* ${title}`, ...[text, note, link].filter(Boolean).map((line) => `  ${line}`)].join('\n');
}

/** A caller's plain text and, unless it says so itself, where to unsubscribe. */
export function withUnsubscribe(text: string, { phrases, unsubscribeUrl }: Mail): string {
  if (unsubscribeUrl === null || text.includes(unsubscribeUrl)) return text;
  const { colon, unsubscribe } = layoutPhrases[phrases];
  return `${text.trimEnd()}\n\n-- \n${unsubscribe}${colon}${unsubscribeUrl}\n`;
}

/** Blank lines part paragraphs. */
export function paragraphsOf(text: string): string[] {
  return text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '');
}

function lines(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
