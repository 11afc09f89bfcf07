import type { WhatsAppMessage } from '../../contracts/messages.js';
import type { SendingChannel } from '../channel.js';
import { shownTwilioFields, whatsAppCredentials, type TwilioCredentials } from '../twilio/credentials.js';
import { checkText, sendMessage } from '../twilio/send.js';
import { verifyAccount } from '../twilio/verify.js';

/**
 * WhatsApp through Twilio. Free text, which WhatsApp delivers within 24 hours of the person's own last message: outside
 * of them Twilio answers 63016.
 * @param endpoint where Twilio's API is reached instead of at `*.twilio.com`.
 */
export function twilioWhatsAppChannel(endpoint?: string): SendingChannel<WhatsAppMessage, TwilioCredentials> {
  return {
    channel: 'whatsapp',
    provider: 'twilio',
    delivery: 'sent',
    credentials: whatsAppCredentials,
    shown: shownTwilioFields,
    targetOf: (contact) => contact.phone,
    check: checkText,
    verify: (credentials, context) => verifyAccount(credentials, context, endpoint, 'whatsapp'),
    async send(message, credentials, context) {
      checkText(message);
      const asked = { to: addressOf(message.to), body: message.text, units: 1 };
      const { from } = credentials;
      const sender = from === undefined ? {} : { from: addressOf(from) };
      return sendMessage({ ...asked, ...sender }, credentials, context, endpoint);
    },
    close: () => Promise.resolve(),
  };
}

/** A number as Twilio addresses it on WhatsApp. */
function addressOf(number: string): string {
  return `whatsapp:${number}`;
}
