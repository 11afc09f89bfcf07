import type { SmsMessage } from '../../contracts/messages.js';
import type { SendingChannel } from '../channel.js';
import { shownTwilioFields, smsCredentials, type TwilioCredentials } from '../twilio/credentials.js';
import { checkText, sendMessage } from '../twilio/send.js';
import { verifyAccount } from '../twilio/verify.js';
import { segmentsOf } from './segments.js';

/**
 * SMS through Twilio.
 * @param endpoint where Twilio's API is reached instead of at `*.twilio.com`.
 */
export function twilioSmsChannel(endpoint?: string): SendingChannel<SmsMessage, TwilioCredentials> {
  return {
    channel: 'sms',
    provider: 'twilio',
    delivery: 'sent',
    credentials: smsCredentials,
    shown: shownTwilioFields,
    targetOf: (contact) => contact.phone,
    check: checkText,
    verify: (credentials, context) => verifyAccount(credentials, context, endpoint, 'sms'),
    async send(message, credentials, context) {
      checkText(message);
      const { to, text } = message;
      const { from } = credentials;
      const asked = { to, body: text, units: segmentsOf(text).count };
      return sendMessage(from === undefined ? asked : { ...asked, from }, credentials, context, endpoint);
    },
    close: () => Promise.resolve(),
  };
}
