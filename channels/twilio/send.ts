import { e164Number } from '../../contracts/primitives.js';
import { ChannelError, type Receipt, type SendContext } from '../channel.js';
import { twilioCall } from './client.js';
import type { TwilioCredentials } from './credentials.js';
import { refused, twilioFailure } from './failure.js';

/** Longest text of a message on any channel: https://www.twilio.com/docs/api/errors/21617. */
const LONGEST_TEXT = 1600;

/**
 * Refuses what Twilio would refuse.
 * @throws {ChannelError} `invalid_recipient` for the number, `content_error` for the text.
 */
export function checkText({ to, text }: { to: string; text: string }): void {
  if (!e164Number.safeParse(to).success) {
    throw new ChannelError('invalid_recipient', { providerResponse: 'not sent: the number is not one' });
  }
  if (text.trim() === '')
    throw new ChannelError('content_error', { providerResponse: 'not sent: there is no text' });
  if (text.length > LONGEST_TEXT) {
    throw new ChannelError('content_error', {
      providerResponse: `not sent: the text is longer than ${LONGEST_TEXT} characters`,
    });
  }
}

/** What Twilio is asked to send. Addresses as it writes them: with `whatsapp:` before them where it is WhatsApp. */
export interface TwilioMessage {
  to: string;
  from?: string;
  body: string;
  /** What it is billed as where Twilio does not say yet: a messaging service answers 0 until it has chosen a sender. */
  units: number;
}

/**
 * Sends one message. Twilio takes no key by which it would know a repeated one: delivery is at-least-once.
 * @throws {ChannelError}
 */
export async function sendMessage(
  { units, to, from, body }: TwilioMessage,
  credentials: TwilioCredentials,
  context: SendContext,
  endpoint: string | undefined,
): Promise<Receipt> {
  const { client, answered } = await twilioCall(credentials, context, endpoint);
  const secrets = [to, to.replace(/^\D+/, ''), body, ...secretsOf(credentials)];
  try {
    const message = await client.messages.create({
      to,
      body,
      ...(from === undefined ? {} : { from }),
      ...(credentials.messagingServiceSid === undefined
        ? {}
        : { messagingServiceSid: credentials.messagingServiceSid }),
      ...(context.callbackUrl === undefined ? {} : { statusCallback: context.callbackUrl }),
    });
    if (message.status === 'failed' || message.status === 'undelivered') {
      const code = message.errorCode ?? undefined;
      throw refused({ code, text: message.errorMessage ?? message.status }, { headers: answered(), secrets });
    }
    const segments = Number(message.numSegments);
    return {
      providerMessageId: message.sid,
      providerResponse: message.status,
      units: segments > 0 ? segments : units,
    };
  } catch (error) {
    throw twilioFailure(error, { context, headers: answered(), secrets, sends: true });
  }
}

/** What nobody is to read of credentials, should an answer repeat it. */
export function secretsOf({ authToken, apiKeySecret, from }: TwilioCredentials): string[] {
  return [authToken, apiKeySecret, from].filter((secret) => secret !== undefined);
}
