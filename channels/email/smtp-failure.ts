import type { NodemailerError } from 'nodemailer';
import type { AddressNotAllowedError } from '../../contracts/network.js';
import { ChannelError } from '../channel.js';
import { redactResponse } from '../redaction.js';
import type { SmtpCredentials } from './smtp-credentials.js';
import { classifyReply, classifySilence, type SmtpStage } from './smtp-reasons.js';

/** How far a send had come, as far as its outcome can be in doubt. */
export interface SendProgress {
  /** The whole message had gone to the socket, so that only the server knows whether it took it. */
  transferred: boolean;
  /** `deadline` where the attempt's time was up, `stopped` where somebody ended it. */
  ended?: 'deadline' | 'stopped';
}

/** Where a send ended in silence after its last byte: it may have arrived, and is retried all the same. */
const IN_DOUBT = 'connection lost after DATA; the message may have been accepted';

/**
 * nodemailer's error as a {@link ChannelError}. Nothing of its text survives but the redacted reply: the original
 * carries addresses in `message`, `rejected` and `response`, so the cause is a new error with codes only.
 */
export function smtpFailure(
  error: NodemailerError,
  progress: SendProgress,
  secrets: readonly string[],
): ChannelError {
  const { response } = error;
  const cause = new Error(
    [error.code, detailOf(error), error.command && `at ${error.command}`].filter(Boolean).join(' '),
  );
  const inDoubt = progress.transferred && !response ? [IN_DOUBT] : [];
  // Where the answer came just before the end, the answer counts.
  if (progress.ended && error.code === 'EABORT') {
    const stopped = progress.ended === 'stopped';
    return new ChannelError('network_error', {
      cause,
      // A stop is our own doing and says nothing of the server.
      providerDown: !stopped,
      providerResponse: [
        stopped ? 'stopped before the server had answered' : 'no answer in time',
        ...inDoubt,
      ].join('; '),
    });
  }
  // A failed upgrade to TLS may bring a reply, yet the reply is not about the message.
  if (response && error.code !== 'ETLS') {
    return new ChannelError(...verdictOn(response, stageOf(error), secrets, cause));
  }
  const { reason, providerDown } = classifySilence(error.code);
  return new ChannelError(reason, {
    cause,
    providerDown,
    providerResponse: [[error.code, detailOf(error)].filter(Boolean).join(' '), ...inDoubt].join('; '),
  });
}

/** The tenant's server stands where it may not lead: no later attempt mends that, another provider may. */
export function notAllowed(cause: AddressNotAllowedError): ChannelError {
  return new ChannelError('auth_error', { cause, providerResponse: `not sent: ${cause.message}` });
}

/** What a server may echo of a login, as typed and as sent. */
export function loginWords({ user, pass }: SmtpCredentials): string[] {
  const words = user === undefined ? [] : [user, pass ?? '', `\0${user}\0${pass ?? ''}`];
  return [...words, ...words.map((word) => Buffer.from(word).toString('base64'))];
}

function verdictOn(
  response: string,
  stage: SmtpStage,
  secrets: readonly string[],
  cause: Error,
): ConstructorParameters<typeof ChannelError> {
  const { reason, ...verdict } = classifyReply(response, stage);
  return [reason, { cause, ...verdict, providerResponse: redactResponse(response, secrets) }];
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `GREETING_TIMEOUT`: fixed words of Node's and nodemailer's. */
function detailOf(error: NodemailerError): string | undefined {
  return error.originalCode ?? error.timeoutType;
}

function stageOf({ command = '' }: NodemailerError): SmtpStage {
  if (command.startsWith('AUTH')) return 'auth';
  if (command === 'MAIL FROM') return 'sender';
  if (command === 'RCPT TO') return 'recipient';
  if (command === 'DATA') return 'message';
  return 'connect';
}
