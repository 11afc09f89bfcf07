import { createTransport, type NodemailerError } from 'nodemailer';
import { AddressNotAllowedError } from '../../contracts/network.js';
import { callEnded } from '../call-ended.js';
import { ChannelError, type CallContext } from '../channel.js';
import { socketsThrough } from './smtp-connect.js';
import type { SmtpCredentials } from './smtp-credentials.js';
import { loginWords, notAllowed, smtpFailure } from './smtp-failure.js';
import { connectionOptions } from './smtp-transports.js';

/**
 * Connects, speaks TLS, logs in and says good-bye, on a connection of its own.
 * @throws {ChannelError} that says at which of them it ended.
 */
export async function verifySmtp(credentials: SmtpCredentials, context: CallContext): Promise<void> {
  const transport = createTransport({
    ...connectionOptions(credentials),
    getSocket: socketsThrough(context.network, credentials, { signal: context.signal }),
  });
  try {
    await transport.verify();
  } catch (error) {
    if (error instanceof AddressNotAllowedError) throw notAllowed(error);
    throw explained(error as NodemailerError, credentials, context);
  } finally {
    transport.close();
  }
}

function explained(error: NodemailerError, credentials: SmtpCredentials, context: CallContext): ChannelError {
  const ended = callEnded(context);
  const failure = smtpFailure(
    ended ? Object.assign(new Error('ended'), { code: 'EABORT' }) : error,
    { transferred: false, ended },
    loginWords(credentials),
  );
  if (ended) return failure;
  const { reason, cause, providerDown, providerResponse = '' } = failure;
  return new ChannelError(reason, {
    cause,
    providerDown,
    providerResponse: `${wordsFor(error, failure)}: ${providerResponse}`,
  });
}

const IN_WORDS: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|ENODATA/, 'there is no such host'],
  [/^EDNS|EAI_AGAIN/, 'the host could not be looked up'],
  [/ECONNREFUSED/, 'nothing listens there, the connection was refused'],
  [/EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT/, 'the host does not answer'],
  [/WRONG_VERSION_NUMBER|EPROTO\b/, 'the server does not speak TLS from the first byte'],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/, 'the certificate is not trusted'],
  [/GREETING_TIMEOUT/, 'connected, but the server says nothing'],
  [/^ETLS|^EREQUIRETLS/, 'TLS could not be agreed on'],
];

function wordsFor({ code = '', originalCode = '', timeoutType }: NodemailerError, { reason }: ChannelError) {
  if (reason === 'auth_error') return 'the login was refused';
  const codes = `${code} ${originalCode} ${timeoutType ?? ''}`;
  return IN_WORDS.find(([pattern]) => pattern.test(codes))?.[1] ?? 'the server could not be used';
}
