import type { NotificationTypeDeclaration } from '../contracts/notification-types.js';
import type { TextLocale } from './locales.js';
import { mapTexts } from './map-texts.js';

/**
 * What a built-in type says in one language. Every text is a Liquid template for *plain* text over the variables of
 * `TemplateContext`; layouts escape and mark up. Any variable may be missing: give a default, or word around it. A
 * paragraph, fact or quote that comes out empty is left out.
 */
export interface TypeTexts {
  /** The mail's subject. */
  subject: string;
  /** In the inbox, and of a push message. */
  title: string;
  message: string;
  /** Body of a push message, where the message is too long for one. */
  push?: string;
  /** A sentence or two; the tenant's name goes before it and the link after. Keep to GSM characters: no ê, ô, ç or …. */
  sms: string;
  /** Where mail, SMS and WhatsApp lead to instead of the `actionUrl`: a link that is the reader's alone. */
  link?: string;
  mail: MailTexts;
}

export interface MailTexts {
  /** Two or three words above the heading. */
  label: string;
  heading: string;
  paragraphs: readonly string[];
  /** Somebody's own words. */
  quote?: string;
  /** A list: each line is an item. */
  items?: string;
  entries?: MailEntries;
  /** A table: label (plain) and value. */
  facts?: readonly (readonly [label: string, value: string])[];
  /** On the button, if there is an `actionUrl`. */
  button: string;
  /** Why the reader gets this; in the footer. */
  why: string;
}

/** What an array in `data` lists, each element with a title, a text and a link. In these templates it is `entry`. */
export interface MailEntries {
  /** The array's name in `data`. */
  of: string;
  /** So many are shown, from the first on. */
  most: number;
  /** An entry without a title is left out. */
  title: string;
  text: string;
  /** Small, under the text: when, where. */
  note: string;
  /** Behind the title. */
  link: string;
  /** Under the last entry: how many are not shown. */
  rest: string;
}

/** Texts as a file of `types/` writes them: subject, SMS and heading are the title, and the mail says the message. */
export interface TypeTextsDeclaration extends Omit<TypeTexts, 'subject' | 'sms' | 'mail'> {
  subject?: string;
  sms?: string;
  mail: Omit<MailTexts, 'heading' | 'paragraphs'> & Partial<Pick<MailTexts, 'heading' | 'paragraphs'>>;
}

/** One file of `types/`: what the engine knows of the type, and its texts unless the caller must bring them. */
export interface BuiltInType {
  type: NotificationTypeDeclaration;
  texts?: Readonly<Record<TextLocale, TypeTextsDeclaration>>;
  /** `data` with all of its variables, for previews. */
  example: Readonly<Record<string, unknown>>;
}

/** Texts with everything that their declaration leaves out. An SMS has ', which is in the alphabet of GSM, for ’. */
export function completeTexts(declared: TypeTextsDeclaration, locale: TextLocale): TypeTexts {
  const { title, message, subject = title, sms = `${title}.`, mail } = declared;
  const complete: TypeTexts = {
    ...declared,
    subject,
    sms: sms.replaceAll('’', "'"),
    mail: { heading: title, paragraphs: [message], ...mail },
  };
  return locale === 'fr' ? (mapTexts(complete, withFixedBlanks) as TypeTexts) : complete;
}

/** In French no line ends before a colon, nor within quotation marks. */
function withFixedBlanks(liquid: string): string {
  return liquid.replace(/ (?=[:;?»]|!(?!=))|(?<=«) /g, '\u00a0');
}

/**
 * Liquid for a person or thing that may come as text, as an object with a name or title, or not at all:
 * `named('contract', 'a contract')`. `second` is asked where there is no first: `named('requester', 'Someone', 'actor')`.
 */
export function named(variable: string, otherwise: string, second?: string): string {
  const fallback = second === undefined ? '' : ` | default: ${second} | name`;
  return `{{ ${variable} | name${fallback} | default: "${otherwise}" }}`;
}

/**
 * Liquid that says `words` where there is such a text, number, person or thing, which they call `it`, and else
 * `otherwise`: `given('reason', ': {{ it }}', '.')`.
 */
export function given(variable: string, words: string, otherwise = ''): string {
  return `{% assign it = ${variable} | name %}{% if it != blank %}${words}{% else %}${otherwise}{% endif %}`;
}
