import type { NodemailerError } from 'nodemailer';
import type { EmailMessage } from '../../contracts/messages.js';
import { AddressNotAllowedError } from '../../contracts/network.js';
import { callEnded } from '../call-ended.js';
import { ChannelError, type Receipt, type SendContext, type SendingChannel } from '../channel.js';
import { checkEmail } from './check-email.js';
import { echoedWords, mailOf } from './mail.js';
import { redactResponse } from '../redaction.js';
import { tenantSmtpCredentials, type SmtpCredentials } from './smtp-credentials.js';
import { loginWords, notAllowed, smtpFailure } from './smtp-failure.js';
import { SmtpTransports, type Transfer } from './smtp-transports.js';
import { verifySmtp } from './smtp-verify.js';

/** One process rarely serves more tenants with servers of their own at once; a pool at rest holds no connection. */
const DEFAULT_POOLS = 100;

/**
 * E-mail through any SMTP server. At least once: a send whose answer was lost is repeated, under the same Message-ID.
 * @param options.maxPools credentials whose connections are kept, the latest used. Default 100.
 */
export function smtpChannel({ maxPools = DEFAULT_POOLS } = {}): SendingChannel<
  EmailMessage,
  SmtpCredentials
> {
  const transports = new SmtpTransports(maxPools);
  return {
    channel: 'email',
    provider: 'smtp',
    delivery: 'sent',
    credentials: tenantSmtpCredentials,
    shown: [
      ...['host', 'port', 'tls', 'rejectUnauthorized', 'ca', 'user', 'from', 'replyTo', 'returnPath', 'name'],
      ...['maxConnections', 'maxMessagesPerConnection'],
    ],
    targetOf: (contact) => contact.email,
    check: checkEmail,
    verify: verifySmtp,
    send: (message, credentials, context) => send(transports, message, credentials, context),
    close: () => transports.close(),
  };
}

async function send(
  transports: SmtpTransports,
  message: EmailMessage,
  credentials: SmtpCredentials,
  context: SendContext,
): Promise<Receipt> {
  checkEmail(message);
  const mail = mailOf(message, credentials, context);
  const secrets = [...echoedWords(message), ...loginWords(credentials)];
  const transfer: Transfer = {};
  try {
    const sent = await transports.send(context, credentials, {
      ...mail,
      signal: context.signal,
      transfer,
    });
    return {
      // Amazon SES and Microsoft 365 give the message an ID of their own, and their bounces speak of that one.
      providerMessageId: sent.serverMessageId ?? sent.messageId,
      providerResponse: redactResponse(sent.response, secrets),
    };
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    if (error instanceof AddressNotAllowedError) throw notAllowed(error);
    const progress = { transferred: transfer.body?.readableEnded === true, ended: callEnded(context) };
    throw smtpFailure(error as NodemailerError, progress, secrets);
  }
}
