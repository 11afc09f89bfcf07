import type { TextLocale } from './locales.js';

type Wording = (date: string, otherwise: string) => string;

/**
 * Liquid for a day that lies ahead: the variable `date` if there is one (`on Friday, December 4, 2026`), else counted by
 * `daysLeft` (`today`, `tomorrow`, `in 3 days`), else `otherwise`.
 */
export const when: Readonly<Record<TextLocale, Wording>> = {
  en: wording('on', 'today', 'tomorrow', 'in {{ daysLeft }} days'),
  fr: wording('le', 'aujourd’hui', 'demain', 'dans {{ daysLeft }} jours'),
};

function wording(on: string, today: string, tomorrow: string, later: string): Wording {
  return (date, otherwise) =>
    `{% if ${date} != blank %}${on} {{ ${date} | long_date }}{% elsif daysLeft == blank %}${otherwise}` +
    `{% elsif daysLeft <= 0 %}${today}{% elsif daysLeft == 1 %}${tomorrow}{% else %}${later}{% endif %}`;
}
