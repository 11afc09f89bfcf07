import type { TextLocale } from '../../templates/locales.js';

/** What the page shows of one state: `{tenant}`, `{category}` and `{address}` are filled in. */
interface StatePhrases {
  heading: string;
  text: string;
}

export interface PagePhrases {
  /** Nothing is changed yet. */
  subscribed: StatePhrases;
  /** Mails of this category are stopped. */
  unsubscribed: StatePhrases;
  /** All mails are stopped. */
  unsubscribedFromAll: StatePhrases;
  /** What was stopped goes on. */
  resubscribed: StatePhrases;
  invalid: StatePhrases;
  unsubscribe: string;
  unsubscribeFromAll: string;
  undo: string;
  /** Names of the built-in types' categories; others are shown as the tenant calls them. */
  categories: Readonly<Record<string, string>>;
  quotes: readonly [opening: string, closing: string];
}

/** What the page behind an unsubscribe link says. */
export const pagePhrases: Readonly<Record<TextLocale, PagePhrases>> = {
  en: {
    subscribed: {
      heading: 'Stop these emails?',
      text: '{tenant} will no longer send emails about {category} to {address}.',
    },
    unsubscribed: {
      heading: 'You are unsubscribed',
      text: '{tenant} no longer sends emails about {category} to {address}.',
    },
    unsubscribedFromAll: {
      heading: 'You are unsubscribed from everything',
      text: '{tenant} no longer sends emails to {address}, except for those that your account cannot do without, such as a new password.',
    },
    resubscribed: {
      heading: 'You are subscribed again',
      text: '{tenant} sends emails about {category} to {address} again.',
    },
    invalid: {
      heading: 'This link does not work',
      text: 'Perhaps a part of it is missing. Please open it from the email once more.',
    },
    unsubscribe: 'Unsubscribe',
    unsubscribeFromAll: 'Unsubscribe from all emails',
    undo: 'Subscribe again',
    categories: {
      contracts: 'Contracts',
      collaboration: 'Collaboration',
      direct: 'Direct messages',
      system: 'System',
    },
    quotes: ['“', '”'],
  },
  fr: {
    subscribed: {
      heading: 'Ne plus recevoir ces e-mails ?',
      text: '{tenant} n’enverra plus d’e-mails de la catégorie {category} à {address}.',
    },
    unsubscribed: {
      heading: 'Vous êtes désabonné(e)',
      text: '{tenant} n’envoie plus d’e-mails de la catégorie {category} à {address}.',
    },
    unsubscribedFromAll: {
      heading: 'Vous êtes désabonné(e) de tout',
      text: '{tenant} n’envoie plus d’e-mails à {address}, sauf ceux dont votre compte ne peut se passer, comme un nouveau mot de passe.',
    },
    resubscribed: {
      heading: 'Vous êtes de nouveau abonné(e)',
      text: '{tenant} envoie de nouveau des e-mails de la catégorie {category} à {address}.',
    },
    invalid: {
      heading: 'Ce lien ne fonctionne pas',
      text: 'Il en manque peut-être une partie. Veuillez l’ouvrir de nouveau depuis l’e-mail.',
    },
    unsubscribe: 'Se désabonner',
    unsubscribeFromAll: 'Se désabonner de tout',
    undo: 'S’abonner de nouveau',
    categories: {
      contracts: 'Contrats',
      collaboration: 'Collaboration',
      direct: 'Messages directs',
      system: 'Système',
    },
    quotes: ['« ', ' »'],
  },
};
