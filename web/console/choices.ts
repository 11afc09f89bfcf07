// What filters offer.
import type { Localizer } from '../elements/shared/i18n.js';
import type { ConsoleText } from './messages-en.js';
import { channelInWords, plain, reasonInWords } from './words.js';

export const deliveryStatuses = [
  'pending',
  'sending',
  'retrying',
  'parked',
  'sent',
  'delivered',
  'bounced',
  'failed',
  'skipped',
  'cancelled',
  'expired',
];
/** Of a delivery that may be tried again. */
export const failedStatuses = ['failed', 'bounced'];
export const channels = ['in_app', 'email', 'sms', 'push', 'slack', 'teams', 'webhook', 'whatsapp'];
export const failureReasons = [
  'auth_error',
  'network_error',
  'provider_error',
  'content_error',
  'invalid_recipient',
  'rate_limited',
  'unknown_error',
];

type Texts = Pick<Localizer<ConsoleText>, 't'>;
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
