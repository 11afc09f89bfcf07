// The API's codes in words.
import type { Texts } from './drawing.js';
import type { ConsoleText } from '../messages-en.js';

/** Why something was left out, held, or failed. */
export function reasonInWords(texts: Texts, code: string): string {
  return known(texts, `reason.${code}`) ?? plain(code);
}

/** What an operator can do about a failure of this reason; undefined where nothing is known. */
export function adviceFor(texts: Texts, failureReason: string): string | undefined {
  return known(texts, `advice.${failureReason}`);
}

export function channelInWords(texts: Texts, channel: string): string {
  return known(texts, `channel.${channel}`) ?? plain(channel);
}

/** `in_progress` as `In progress`. */
export function plain(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function known(texts: Texts, key: string): string | undefined {
  const text = texts.t(key as ConsoleText);
  return text === key ? undefined : text;
}
