import type { EmailMessage } from '../../contracts/messages.js';
import { callEnded } from '../call-ended.js';
import {
  ChannelError,
  type CallContext,
  type Receipt,
  type SendContext,
  type SendingChannel,
  type Verified,
} from '../channel.js';
import { checkEmail } from './check-email.js';
import { echoedWords, mailOf } from './mail.js';
import { mimeOf } from './mime.js';
import { SesClients } from './ses-clients.js';
import { sesCredentials, type SesCredentials } from './ses-credentials.js';
import { sesFailure } from './ses-failure.js';

/** Comes back in SES's events, and says which delivery they are of. */
const DELIVERY_TAG = 'carillon';

/**
 * E-mail through the API of Amazon SES (version 2). At least once: SES takes no idempotency key, and gives each message
 * a Message-ID of its own.
 * @param endpoint where SES is reached instead of at AWS.
 */
export function sesChannel(endpoint?: string): SendingChannel<EmailMessage, SesCredentials> {
  const clients = new SesClients(endpoint);
  return {
    channel: 'email',
    provider: 'ses',
    delivery: 'sent',
    credentials: sesCredentials,
    shown: ['region', 'accessKeyId', 'configurationSetName', 'topicArn', 'from', 'replyTo'],
    targetOf: (contact) => contact.email,
    check: checkEmail,
    verify: (credentials, context) => verify(clients, credentials, context),
    send: (message, credentials, context) => send(clients, message, credentials, context),
    close: () => {
      clients.close();
      return Promise.resolve();
    },
  };
}

async function send(
  clients: SesClients,
  message: EmailMessage,
  credentials: SesCredentials,
  context: SendContext,
): Promise<Receipt> {
  checkEmail(message);
  const raw = await mimeOf(mailOf(message, credentials, context));
  const { configurationSetName: ConfigurationSetName } = credentials;
  // The sender stands in the message, with its name.
  const input = {
    Content: { Raw: { Data: raw } },
    Destination: { ToAddresses: [message.to] },
    ConfigurationSetName,
    ...(context.returnToken === undefined
      ? {}
      : { EmailTags: [{ Name: DELIVERY_TAG, Value: context.returnToken }] }),
  };
  const secrets = [...echoedWords(message), ...secretWords(credentials)];
  const { MessageId } = await calling(context, secrets, () =>
    clients.call(credentials, (client, { SendEmailCommand }) =>
      client.send(new SendEmailCommand(input), { abortSignal: context.signal }),
    ),
  );
  // SES's events speak of this ID.
  return MessageId === undefined ? {} : { providerMessageId: MessageId };
}

/** Asks for the account: whether it may send, and to whom. */
async function verify(
  clients: SesClients,
  credentials: SesCredentials,
  context: CallContext,
): Promise<Verified> {
  const account = await calling(context, secretWords(credentials), () =>
    clients.call(credentials, (client, { GetAccountCommand }) =>
      client.send(new GetAccountCommand({}), { abortSignal: context.signal }),
    ),
  );
  if (account.SendingEnabled === false) {
    const why = account.EnforcementStatus === undefined ? '' : ` (status ${account.EnforcementStatus})`;
    throw new ChannelError('provider_error', {
      providerDown: true,
      providerResponse: `sending is switched off for this account in ${credentials.region}${why}`,
    });
  }
  if (account.ProductionAccessEnabled !== false) return {};
  return {
    note: `the account is in the sandbox in ${credentials.region}: it sends to verified addresses only`,
  };
}

async function calling<T>(
  context: CallContext,
  secrets: readonly string[],
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    throw sesFailure(error, callEnded(context), secrets);
  }
}

function secretWords({ accessKeyId, secretAccessKey, sessionToken }: SesCredentials): string[] {
  return [accessKeyId, secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])];
}
