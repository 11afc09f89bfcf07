import type { CarillonError } from '../../client/carillon-error.js';
import type { PreferencesText } from './messages-en.js';
import type { Texts } from './names.js';

const keys: Partial<Record<CarillonError['code'], PreferencesText>> = {
  unreachable: 'preferences.unreachable',
  unauthenticated: 'preferences.session',
  rate_limited: 'preferences.tooFast',
  internal: 'preferences.ourFault',
  unavailable: 'preferences.ourFault',
};

/** Why something did not work; with the language where it is the API's own English. */
export function saidOf(error: CarillonError, texts: Texts): { text: string; lang?: string } {
  const key = keys[error.code];
  return key ? { text: texts.t(key) } : { text: error.message, lang: 'en' };
}
