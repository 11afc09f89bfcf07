import type { CarillonError } from '../../client/carillon-error.js';
import type { DayName } from '../../client/shapes.js';
import { dayLabel, type Texts } from './names.js';
import { saidOf } from './said.js';

/** Which window an error is about, counted from zero; undefined where it is about all of them. */
export function windowAt(error: CarillonError | undefined): number | undefined {
  const [, at] = /^quietHours\.windows\.(\d+)/.exec(error?.path ?? '') ?? [];
  return at === undefined ? undefined : Number(at);
}

/** Why quiet hours are refused; with the language where it is the API's own English. */
export function quietReason(error: CarillonError, texts: Texts): { text: string; lang?: string } {
  const message = error.errors[0]?.message ?? '';
  const [, window, day] = /^overlaps with window (\d+) on (\w{3}):/.exec(message) ?? [];
  if (window && day) {
    const name = dayLabel(day as DayName, texts.lang, 'long');
    return { text: texts.t('quiet.overlaps', { number: Number(window) + 1, day: name }) };
  }
  if (message.startsWith('cover the whole week')) return { text: texts.t('quiet.wholeWeek') };
  return saidOf(error, texts);
}
