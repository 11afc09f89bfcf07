import type { FailureReason } from '../../contracts/errors.js';
import { callEnded } from '../call-ended.js';
import { ChannelError, type CallContext } from '../channel.js';
import { retryAfterIn } from '../http-failure.js';
import { redactResponse } from '../redaction.js';
import { FcmCallOver, type FcmAnswer } from './fcm-agent.js';

/** What the SDK's codes mean ("FCM error codes", and the SDK's own table of them). */
const reasons: Readonly<Record<string, FailureReason | 'gone'>> = {
  'messaging/registration-token-not-registered': 'gone',
  'messaging/invalid-registration-token': 'gone',
  'messaging/invalid-recipient': 'gone',
  'messaging/mismatched-credential': 'auth_error',
  'messaging/third-party-auth-error': 'auth_error',
  'messaging/authentication-error': 'auth_error',
  'messaging/message-rate-exceeded': 'rate_limited',
  'messaging/device-message-rate-exceeded': 'rate_limited',
  'messaging/topics-message-rate-exceeded': 'rate_limited',
  'messaging/server-unavailable': 'provider_error',
  'messaging/internal-error': 'provider_error',
  'messaging/invalid-argument': 'content_error',
  'messaging/invalid-payload': 'content_error',
  'messaging/invalid-data-payload-key': 'content_error',
  'messaging/invalid-options': 'content_error',
  'messaging/invalid-package-name': 'content_error',
  'messaging/payload-size-limit-exceeded': 'content_error',
  'app/network-error': 'network_error',
  'app/network-timeout': 'network_error',
  'app/unable-to-parse-response': 'provider_error',
};

/** FCM has one code for every argument that is wrong, and only its words tell that it is the token. */
const WRONG_TOKEN = /registration token/i;

/** What became of a call: the SDK's error, and what was seen beside it. */
export interface FcmTrouble {
  error: unknown;
  answer?: FcmAnswer;
  tokenError?: unknown;
}

/** `gone` with FCM's words where it does not know the device, or never will; else the classified failure. */
export function fcmFailure(
  { error, answer, tokenError }: FcmTrouble,
  context: Pick<CallContext, 'signal'>,
  secrets: readonly string[],
): { gone: string } | ChannelError {
  const ended = callEnded(context);
  if (ended && !answer) {
    const stopped = ended === 'stopped';
    return new ChannelError('network_error', {
      // A stop is our own doing and says nothing of the server.
      providerDown: !stopped,
      providerResponse: stopped ? 'stopped before FCM had answered' : 'no answer in time',
    });
  }
  if (error instanceof FcmCallOver && !answer) {
    const said = error.code ?? 'the connection was lost';
    return new ChannelError('network_error', { cause: error, providerResponse: said });
  }
  const { code, message } = codeAndMessage(error);
  if (code === 'app/invalid-credential') {
    return tokenError instanceof ChannelError
      ? tokenError
      : new ChannelError('auth_error', { cause: error, providerResponse: 'no access token' });
  }
  const said = redactResponse([code, message].filter(Boolean).join(': '), secrets);
  const reason =
    code === 'messaging/invalid-argument' && WRONG_TOKEN.test(message) ? 'gone' : reasonOf(code, answer);
  if (reason === 'gone') return { gone: said };
  const retryAfter = answer?.retryAfter;
  return new ChannelError(reason, {
    cause: new Error(code ?? 'the SDK failed'),
    providerDown: reason === 'provider_error' || reason === 'network_error',
    providerResponse: said === '' ? `FCM answered ${answer?.status ?? 'nothing'}` : said,
    ...(retryAfter === undefined
      ? {}
      : { retryAfterMs: retryAfterIn(new Headers({ 'retry-after': retryAfter })) }),
  });
}

/** The code decides; the status, where the SDK has none for it, or was not let to ask again. */
function reasonOf(code: string | undefined, answer: FcmAnswer | undefined): FailureReason | 'gone' {
  const known = reasons[code ?? ''];
  if (known) return known;
  if (!answer) return 'unknown_error';
  if (answer.status === 429) return 'rate_limited';
  if (answer.status >= 500) return 'provider_error';
  // The connection was lost in the middle of the answer.
  return answer.status === 200 ? 'network_error' : 'unknown_error';
}

function codeAndMessage(error: unknown): { code?: string; message: string } {
  // What only says that the call was ended here is not FCM's.
  if (!(error instanceof Error) || error instanceof FcmCallOver) return { message: '' };
  const { code } = error as { code?: unknown };
  return { message: error.message, ...(typeof code === 'string' ? { code } : {}) };
}
