import type { TextLocale } from './locales.js';

interface LayoutPhrases {
  /** The button of a mail whose text the caller brought. */
  open: string;
  /** Why the reader gets such a mail; Liquid. */
  why: string;
  unsubscribe: string;
  /** Between a label and its value in plain text: French sets a blank before the colon. */
  colon: string;
}

/** What the layout itself says. */
export const layoutPhrases: Readonly<Record<TextLocale, LayoutPhrases>> = {
  en: {
    open: 'Open',
    why: 'You get this mail because {{ tenant.name }} sends you notifications.',
    unsubscribe: 'Stop these mails',
    colon: ': ',
  },
  fr: {
    open: 'Ouvrir',
    why: 'Vous recevez ce message parce que {{ tenant.name }} vous envoie des notifications.',
    unsubscribe: 'Ne plus recevoir ces messages',
    colon: ' : ',
  },
};
