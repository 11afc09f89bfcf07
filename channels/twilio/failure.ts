import { callEnded } from '../call-ended.js';
import { ChannelError, type CallContext } from '../channel.js';
import { redactResponse } from '../redaction.js';
import { retryAfterMs } from '../retry-after.js';
import { twilioVerdict } from './reasons.js';

/** A number as Twilio's errors echo it, whole or with its end crossed out: `+3361234XXXX`. */
const NUMBER = /\+\d{4,15}X*/g;
/** Nothing was sent: there was nobody to send to. */
const UNREACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;
const IN_DOUBT = 'the message may have been accepted';

/** What a failed call was about. */
export interface FailedCall {
  context: CallContext;
  /** Headers of the answer, where there was a whole one. */
  headers: Headers | undefined;
  /** Words of this call that nobody is to read. */
  secrets: readonly string[];
  /** A message was on its way, so that its outcome can be in doubt. */
  sends: boolean;
}

/** Twilio's error, or the one of the way there, as a {@link ChannelError}. Its cause is a new error with codes only. */
export function twilioFailure(error: unknown, call: FailedCall): ChannelError {
  if (error instanceof ChannelError) return error;
  const refusal = refusalIn(error);
  if (refusal) return refused(refusal, call);
  const doubt = call.sends ? [IN_DOUBT] : [];
  const ended = callEnded(call.context);
  if (ended) {
    return new ChannelError('network_error', {
      cause: new Error(ended),
      // A stop is our own doing and says nothing of Twilio.
      providerDown: ended === 'deadline',
      providerResponse: [
        ended === 'stopped' ? 'stopped before Twilio had answered' : 'no answer in time',
        ...doubt,
      ].join('; '),
    });
  }
  if (call.headers !== undefined) {
    return new ChannelError('provider_error', {
      cause: new Error('unreadable answer'),
      providerResponse: ['the answer is not one of Twilio’s', ...doubt].join('; '),
    });
  }
  const code = codeOf(error);
  return new ChannelError('network_error', {
    cause: new Error(code),
    providerResponse: [`not reached: ${code}`, ...(UNREACHED.test(code) ? [] : doubt)].join('; '),
  });
}

/** What a refusal says, or a message that Twilio took and failed at once. */
export interface Refusal {
  code: number | undefined;
  status?: number;
  text: string;
}

export function refused({ code, status, text }: Refusal, call: Pick<FailedCall, 'headers' | 'secrets'>) {
  const { reason, ...verdict } = twilioVerdict(code, status);
  const named = [code === undefined ? '' : ` ${code}`, status === undefined ? '' : ` (HTTP ${status})`].join(
    '',
  );
  const wait = retryAfterMs(call.headers?.get('retry-after'));
  const said = redactResponse(text.replace(NUMBER, '[number]'), call.secrets);
  return new ChannelError(reason, {
    cause: new Error(`Twilio${named}`),
    ...verdict,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    providerResponse: `Twilio${named}: ${said}`,
  });
}

/** Either of the two kinds of error that Twilio's client makes of an answer. */
function refusalIn(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  const { status, message } = error;
  const code = 'code' in error && typeof error.code === 'number' && error.code > 0 ? error.code : undefined;
  const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : undefined;
  // Where the answer is JSON but not Twilio's, its client leaves an error without a message.
  return { code, status, text: detail ?? (message || 'no reason was given') };
}

/** `ECONNREFUSED`, `UND_ERR_SOCKET`: fixed words of Node's. */
function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'the connection failed';
}
