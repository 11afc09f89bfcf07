// What filters offer.
import { failureReasons } from '../../../contracts/errors.js';
import { deliveryStatuses } from '../../../contracts/statuses.js';
import type { Texts } from './drawing.js';
import { channelInWords, plain, reasonInWords } from './words.js';

export const channels = ['in_app', 'email', 'sms', 'push', 'slack', 'teams', 'webhook', 'whatsapp'];
type Choices = { value: string; label: string }[];

export function statusChoices(): Choices {
  return deliveryStatuses.map((value) => ({ value, label: plain(value) }));
}

export function channelChoices(texts: Texts): Choices {
  return channels.map((value) => ({ value, label: channelInWords(texts, value) }));
}

export function reasonChoices(texts: Texts): Choices {
  return failureReasons.map((value) => ({ value, label: plain(reasonInWords(texts, value)) }));
}
