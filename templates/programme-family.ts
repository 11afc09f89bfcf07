import { given, type BuiltInType, type TypeTextsDeclaration } from './built-in-type.js';
import { textLocales, type TextLocale } from './locales.js';
import { count, date, text, thing, variables } from './variables.js';
import { when } from './when.js';

type Variables = Parameters<typeof variables>[0];
type Facts = NonNullable<TypeTextsDeclaration['mail']['facts']>;
type Variant = 'approved' | 'rejected' | 'reminder';

/** How a family of types speaks of what it is about. All of it Liquid, and in the alphabet of GSM. */
export interface FamilyWords {
  /** At the beginning of a sentence: `Your document`. */
  what: string;
  /** What comes after it: `was approved`. */
  approved: string;
  rejected: string;
  /** What to do after a rejection: a sentence. */
  again: string;
  /** What the reader is reminded to do, after a colon: `upload your document`. */
  todo: string;
  /** Above the headings. */
  labels: Readonly<Record<Variant, string>>;
  facts: Facts;
  /** On the buttons: after a decision, and to do it. */
  open: string;
  do: string;
  /** Why somebody hears of the decision, and why of what is left to do. */
  whyDecided: string;
  whyReminded: string;
}

export interface Family {
  base: BuiltInType;
  /** What the variants have in common with it: of `base.example` they take these. */
  shared: Variables;
  words: Readonly<Record<TextLocale, FamilyWords>>;
}

const looks = {
  approved: { severity: 'success', icon: 'check-circle', color: '#15803d' },
  rejected: { severity: 'error', icon: 'x-circle', color: '#b91c1c' },
  reminder: { severity: 'warning', icon: 'clock', color: '#b45309' },
} as const;

const reviewer = { reviewer: thing('Who decided; the actor by default') };
const ownVariables: Readonly<Record<Variant, Variables>> = {
  approved: { ...reviewer, comment: text('What the reviewer says to it') },
  rejected: { ...reviewer, reason: text('Why') },
  reminder: { dueAt: date('When it is due'), daysLeft: count('Or in how many days; 0 is today') },
};
const ownExamples: Readonly<Record<Variant, BuiltInType['example']>> = {
  approved: { reviewer: 'Bob Keller', comment: 'Clear and complete.' },
  rejected: { reviewer: 'Bob Keller', reason: 'One part is still missing.' },
  reminder: { dueAt: '2026-12-04', daysLeft: 3 },
};

/**
 * A type with its variants `<type>_approved`, `<type>_rejected` and `<type>_reminder`: the first two to whoever handed
 * something in, the last to whoever has something to do.
 */
export function programmeFamily({ base, shared, words }: Family): readonly BuiltInType[] {
  const { type } = base;
  const variants = (['approved', 'rejected', 'reminder'] as const).map((variant): BuiltInType => ({
    type: {
      name: `${type.name}_${variant}`,
      category: type.category,
      ...looks[variant],
      variables: variables({ ...shared, ...ownVariables[variant] }),
    },
    example: {
      ...Object.fromEntries(Object.entries(base.example).filter(([key]) => key in shared)),
      ...ownExamples[variant],
    },
    texts: Object.fromEntries(
      textLocales.map((locale) => [locale, variantTexts[locale][variant](words[locale])]),
    ) as Record<TextLocale, TypeTextsDeclaration>,
  }));
  return [base, ...variants];
}

type Writers = Readonly<Record<Variant, (words: FamilyWords) => TypeTextsDeclaration>>;

const by = '{{ reviewer | name | default: actor | name }}';
/** Liquid: the person who decided, if that is known. */
const decided = (words: string, otherwise = '') =>
  `{% assign who = reviewer | name | default: actor | name %}${given('who', words, otherwise)}`;

const english: Writers = {
  approved: ({ what, approved, labels, facts, open, whyDecided }) => ({
    title: `${what} ${approved}`,
    message: `${decided('Decided by {{ it }}', 'The decision has been made')}${given('comment', ': {{ it }}', '.')}`,
    sms: `${what} ${approved}${decided(' by {{ it }}')}.`,
    mail: {
      label: labels.approved,
      paragraphs: [
        `There is nothing more for you to do.${given('comment', ' This is what was said about it:')}`,
      ],
      quote: '{{ comment | name }}',
      facts: [...facts, ['Decided by', by]],
      button: open,
      why: whyDecided,
    },
  }),
  rejected: ({ what, rejected, again, labels, facts, open, whyDecided }) => ({
    title: `${what} ${rejected}`,
    message: `${decided('Decided by {{ it }}', 'The decision has been made')}${given('reason', ': {{ it }}', '.')}`,
    sms: `${what} ${rejected}${given('reason', ': {{ it | truncate: 80, "..." }}', '.')}`,
    mail: {
      label: labels.rejected,
      paragraphs: [`${again}${given('reason', ' This is the reason given:')}`],
      quote: '{{ reason | name }}',
      facts: [...facts, ['Decided by', by]],
      button: open,
      why: whyDecided,
    },
  }),
  reminder: ({ todo, labels, facts, do: act, whyReminded }) => ({
    title: `Reminder: ${todo}`,
    message: `Due ${when.en('dueAt', 'soon')}.`,
    sms: `Reminder: ${todo}. Due ${when.en('dueAt', 'soon')}.`,
    mail: {
      label: labels.reminder,
      paragraphs: [`This is still to be done. Due ${when.en('dueAt', 'soon')}.`],
      facts: [...facts, ['Due', '{{ dueAt | date_time }}'], ['Days left', '{{ daysLeft }}']],
      button: act,
      why: whyReminded,
    },
  }),
};

const french: Writers = {
  approved: ({ what, approved, labels, facts, open, whyDecided }) => ({
    title: `${what} ${approved}`,
    message: `${decided('Décision de {{ it }}', 'La décision est prise')}${given('comment', ' : {{ it }}', '.')}`,
    sms: `${what} ${approved}${decided(' par {{ it }}')}.`,
    mail: {
      label: labels.approved,
      paragraphs: [
        `Vous n’avez rien d’autre à faire.${given('comment', ' Voici le commentaire qui accompagne cette décision :')}`,
      ],
      quote: '{{ comment | name }}',
      facts: [...facts, ['Décision de', by]],
      button: open,
      why: whyDecided,
    },
  }),
  rejected: ({ what, rejected, again, labels, facts, open, whyDecided }) => ({
    title: `${what} ${rejected}`,
    message: `${decided('Décision de {{ it }}', 'La décision est prise')}${given('reason', ' : {{ it }}', '.')}`,
    sms: `${what} ${rejected}${given('reason', ' : {{ it | truncate: 80, "..." }}', '.')}`,
    mail: {
      label: labels.rejected,
      paragraphs: [`${again}${given('reason', ' Voici le motif indiqué :')}`],
      quote: '{{ reason | name }}',
      facts: [...facts, ['Décision de', by]],
      button: open,
      why: whyDecided,
    },
  }),
  reminder: ({ todo, labels, facts, do: act, whyReminded }) => ({
    title: `Rappel : ${todo}`,
    message: `Échéance : ${when.fr('dueAt', 'prochainement')}.`,
    sms: `Rappel : ${todo}. Échéance : ${when.fr('dueAt', 'prochainement')}.`,
    mail: {
      label: labels.reminder,
      paragraphs: [`Il vous reste ceci à faire. Échéance : ${when.fr('dueAt', 'prochainement')}.`],
      facts: [...facts, ['Échéance', '{{ dueAt | date_time }}'], ['Jours restants', '{{ daysLeft }}']],
      button: act,
      why: whyReminded,
    },
  }),
};

const variantTexts: Readonly<Record<TextLocale, Writers>> = { en: english, fr: french };
