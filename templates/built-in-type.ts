import type { NotificationTypeDeclaration } from '../contracts/notification-types.js';
import type { TextLocale } from './locales.js';

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
  /** A sentence or two; the tenant's name goes before it and the link after. Keep to GSM characters: no ’ or …. */
  sms: string;
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
  /** A table: label (plain) and value. */
  facts?: readonly (readonly [label: string, value: string])[];
  /** On the button, if there is an `actionUrl`. */
  button: string;
  /** Why the reader gets this; in the footer. */
  why: string;
}

/** One file of `types/`: what the engine knows of the type, and its texts unless the caller must bring them. */
export interface BuiltInType {
  type: NotificationTypeDeclaration;
  texts?: Readonly<Record<TextLocale, TypeTexts>>;
}

/**
 * Liquid for a person or thing that may come as text, as an object with a name or title, or not at all:
 * `named('contract', 'a contract')`. `before` is asked first where there are two: `named('requester', 'Someone', 'actor')`.
 */
export function named(variable: string, otherwise: string, second?: string): string {
  const fallback = second === undefined ? '' : ` | default: ${second} | name`;
  return `{{ ${variable} | name${fallback} | default: "${otherwise}" }}`;
}
