import type { ChannelName, DayName, TypeChoice } from '../../client/shapes.js';
import type { Localizer } from '../shared/i18n.js';
import type { PreferencesText } from './messages-en.js';

export type Texts = Localizer<PreferencesText>;

export const dayNames: readonly DayName[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** A Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1, 12);
const DAY_MS = 86_400_000;

/** What people call a type, in this language or the nearest that it has a label in. */
export function typeLabel({ name, label }: Pick<TypeChoice, 'name' | 'label'>, lang: string): string {
  const tags = new Map(Object.entries(label).map(([tag, text]) => [tag.toLowerCase(), text]));
  const [language = 'en'] = lang.toLowerCase().split('-');
  const near = [...tags.keys()].find((tag) => tag.split('-')[0] === language);
  return (
    tags.get(lang.toLowerCase()) ??
    tags.get(language) ??
    (near && tags.get(near)) ??
    tags.get('en') ??
    [...tags.values()][0] ??
    humanised(name)
  );
}

export function categoryLabel(texts: Texts, category: string): string {
  return known(texts, `category.${category}`) ?? humanised(category);
}

export function channelLabel(texts: Texts, channel: ChannelName): string {
  return known(texts, `channel.${channel}`) ?? humanised(channel.replace(/^x_/, ''));
}

/** "Contract updated by email" */
export function onChannel(texts: Texts, type: string, channel: ChannelName): string {
  const key = `by.${channel}` as PreferencesText;
  const text = texts.t(key, { type });
  return text === key ? texts.t('by.other', { type, channel: channelLabel(texts, channel) }) : text;
}

/** @param style `long` for "Monday". */
export function dayLabel(day: DayName, lang: string, style: 'long' | 'short'): string {
  const format = new Intl.DateTimeFormat(lang, { weekday: style, timeZone: 'UTC' });
  return format.format(MONDAY_MS + dayNames.indexOf(day) * DAY_MS);
}

/** "French", as this language calls it. */
export function languageLabel(tag: string, lang: string): string {
  return capitalised(new Intl.DisplayNames([lang], { type: 'language' }).of(tag) ?? tag, lang);
}

export function capitalised(text: string, lang: string): string {
  return text.charAt(0).toLocaleUpperCase(lang) + text.slice(1);
}

/** `invoice_due` as "Invoice due". */
function humanised(name: string): string {
  return capitalised(name.replaceAll(/[_-]+/g, ' '), 'en');
}

/** The text of a key that may not be there. */
function known(texts: Texts, key: string): string | undefined {
  const text = texts.t(key as PreferencesText);
  return text === key ? undefined : text;
}
