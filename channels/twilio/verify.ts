import type { Twilio } from 'twilio';
import { ChannelError, type CallContext } from '../channel.js';
import { twilioCall } from './client.js';
import type { TwilioCredentials } from './credentials.js';
import { twilioFailure } from './failure.js';
import { secretsOf } from './send.js';

const E164 = /^\+/;

/**
 * Asks for the account, and for whom it sends as. Sends nothing.
 * @param channel a WhatsApp sender is not among the account's phone numbers, so its number is not looked for.
 * @throws {ChannelError}
 */
export async function verifyAccount(
  credentials: TwilioCredentials,
  context: CallContext,
  endpoint: string | undefined,
  channel: 'sms' | 'whatsapp',
): Promise<void> {
  const { client, answered } = await twilioCall(credentials, context, endpoint);
  try {
    await checkAccount(client, credentials);
    if (credentials.messagingServiceSid !== undefined)
      await checkService(client, credentials.messagingServiceSid);
    if (channel === 'sms' && credentials.from !== undefined) await checkNumber(client, credentials.from);
  } catch (error) {
    throw twilioFailure(error, {
      context,
      headers: answered(),
      secrets: secretsOf(credentials),
      sends: false,
    });
  }
}

async function checkAccount(client: Twilio, { accountSid, apiKey }: TwilioCredentials): Promise<void> {
  try {
    const { status } = await client.api.v2010.accounts(accountSid).fetch();
    if (status !== 'active') throw wrong(`the account is ${status}`);
  } catch (error) {
    // A standard API key may send and may not read the account: https://www.twilio.com/docs/iam/api-keys.
    if (apiKey === undefined || !isRefused(error)) throw error;
    await client.messages.list({ limit: 1, pageSize: 1 });
  }
}

async function checkService(client: Twilio, sid: string): Promise<void> {
  try {
    await client.messaging.v1.services(sid).fetch();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    throw wrong('the account has no messaging service of this messagingServiceSid');
  }
}

/** An alphanumeric sender ID is nowhere listed. */
async function checkNumber(client: Twilio, from: string): Promise<void> {
  if (E164.test(from)) {
    const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: from, limit: 1 });
    if (number === undefined) throw wrong('the number in from is not one of the account’s');
    if (!number.capabilities.sms) throw wrong('the number in from cannot send SMS');
  } else if (/^\d+$/.test(from)) {
    const [code] = await client.shortCodes.list({ shortCode: from, limit: 1 });
    if (code === undefined) throw wrong('the short code in from is not one of the account’s');
  }
}

function wrong(what: string): ChannelError {
  return new ChannelError('auth_error', { providerResponse: what });
}

function isRefused(error: unknown): boolean {
  const status = statusOf(error);
  return status === 401 || status === 403;
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && 'status' in error ? error.status : undefined;
}
