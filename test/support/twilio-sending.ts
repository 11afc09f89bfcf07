import { afterEach } from 'vitest';
import type { SmsMessage, WhatsAppMessage } from '../../contracts/messages.js';
import { twilioSmsChannel } from '../../channels/sms/twilio.js';
import { smsCredentials, type TwilioCredentials } from '../../channels/twilio/credentials.js';
import { startFakeTwilio, type FakeTwilio, type TwilioAccount } from './fake-twilio.js';
import { sendContext } from './smtp-sending.js';

export function sms(changes: Partial<SmsMessage> = {}): SmsMessage {
  return { channel: 'sms', to: '+33612345678', text: 'Contract 7 waits for you.', ...changes };
}

export function whatsApp(changes: Partial<WhatsAppMessage> = {}): WhatsAppMessage {
  return { channel: 'whatsapp', to: '+33612345678', text: 'Contract 7 waits for you.', ...changes };
}

/** Credentials for the fake's account, sent from its first number unless `changes` say otherwise. */
export function accountOf({ account }: FakeTwilio, changes: Record<string, unknown> = {}): TwilioCredentials {
  const sender = 'messagingServiceSid' in changes ? {} : { from: account.numbers[0] };
  return smsCredentials.parse({
    accountSid: account.sid,
    authToken: account.authToken,
    ...sender,
    ...changes,
  });
}

/** Fakes that end with their test. */
export function fakeTwilios() {
  const open: FakeTwilio[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((fake) => fake.close()));
  });
  return {
    fakeWith: async (changes: Partial<TwilioAccount> = {}): Promise<FakeTwilio> => {
      const fake = await startFakeTwilio(changes);
      open.push(fake);
      return fake;
    },
  };
}

/** Sends an SMS to the fake as its own account. */
export function sendSms(
  fake: FakeTwilio,
  options: {
    message?: Partial<SmsMessage>;
    credentials?: Record<string, unknown>;
    context?: Parameters<typeof sendContext>[0];
  } = {},
) {
  return twilioSmsChannel(fake.url).send(
    sms(options.message),
    accountOf(fake, options.credentials),
    sendContext(options.context),
  );
}
