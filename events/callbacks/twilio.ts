import { createHmac } from 'node:crypto';
import { redactResponse } from '../../channels/redaction.js';
import { twilioVerdict } from '../../channels/twilio/reasons.js';
import type { ChannelName } from '../../contracts/channels.js';
import type { Answer, Callback, Feedback } from '../../contracts/feedback.js';
import { isSameText } from '../signing/same-text.js';
import { nothing, refused, type Taken, type Told } from './callback.js';

/** There is nobody at this number, and will not be: no number, or no mobile one. */
const DEAD_NUMBERS: readonly number[] = [21211, 21214, 21217, 21614, 30005, 30006];

/** What Twilio takes for it by default, in English: https://help.twilio.com/articles/223134027. */
const STOPS = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'];
const STARTS = ['START', 'YES', 'UNSTOP'];

/**
 * A status callback, or what somebody answered by SMS or WhatsApp. The delivery that a status is of stands in the address
 * that was called, which is signed too.
 * @param authTokens each is good.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function takeTwilio(callback: Callback, authTokens: readonly string[]): Taken {
  const given = callback.header('x-twilio-signature');
  if (given === undefined) return refused('X-Twilio-Signature is missing');
  const parameters = new URLSearchParams(callback.body.toString('utf8'));
  const urls = withAndWithoutPort(callback.url);
  const isRight = authTokens.some((token) =>
    urls.some((url) => isSameText(twilioSignature(token, url, parameters), given)),
  );
  if (!isRight) return refused('the signature is not right');
  return { ok: true, told: toldBy(callback, parameters) };
}

/** HMAC-SHA1 over the address and, sorted by name, each parameter's name and value; base64. */
export function twilioSignature(authToken: string, url: string, parameters: URLSearchParams): string {
  const names = [...new Set(parameters.keys())].sort();
  const listed = names.flatMap((name) =>
    [...new Set(parameters.getAll(name))].sort().map((value) => name + value),
  );
  return createHmac('sha1', authToken)
    .update(url + listed.join(''))
    .digest('base64');
}

/** Twilio signs with the port in some cases and without it in others: its own libraries try both. */
function withAndWithoutPort(url: string): string[] {
  const [, origin = '', host = '', port, rest = ''] = /^(https?:\/\/)([^/?#:]+)(:\d+)?(.*)$/.exec(url) ?? [];
  if (port !== undefined) return [url, origin + host + rest];
  return [url, `${origin}${host}:${origin === 'https://' ? 443 : 80}${rest}`];
}

function toldBy({ url, nowMs }: Callback, parameters: URLSearchParams): Told {
  const at = new Date(nowMs);
  const status = parameters.get('MessageStatus') ?? parameters.get('SmsStatus') ?? '';
  if (status === 'received') return { feedback: [], answers: answersIn(parameters, at) };
  const deliveryId = new URL(url).searchParams.get('delivery');
  const feedback = deliveryId === null ? undefined : feedbackOf(deliveryId, status, parameters, at);
  return feedback ? { feedback: [feedback].flat() } : nothing;
}

function feedbackOf(
  deliveryId: string,
  status: string,
  parameters: URLSearchParams,
  at: Date,
): Feedback | Feedback[] | undefined {
  switch (status) {
    case 'delivered':
      return { kind: 'delivered', deliveryId, at };
    // WhatsApp's blue ticks; a delivery may not be told beforehand.
    case 'read':
      return [
        { kind: 'delivered', deliveryId, at },
        { kind: 'opened', deliveryId, at, tracked: true },
      ];
    case 'undelivered':
    case 'failed': {
      const code = Number(parameters.get('ErrorCode') ?? '') || undefined;
      const { reason, suppress } = twilioVerdict(code);
      const isDead = code !== undefined && DEAD_NUMBERS.includes(code);
      const { address } = placeOf(parameters.get('To') ?? '');
      const said = redactResponse(parameters.get('ErrorMessage') ?? '', [address]);
      return {
        kind: 'bounced',
        deliveryId,
        at,
        failureReason: reason,
        suppress: suppress ?? (isDead ? 'bounced' : undefined),
        detail: [status, code, said].filter(Boolean).join(' '),
        addresses: [address],
        providerMessageId: parameters.get('MessageSid') ?? undefined,
      };
    }
    default:
      return undefined;
  }
}

/** With Advanced Opt-Out Twilio says itself what it took a word for, in any language. */
function answersIn(parameters: URLSearchParams, at: Date): Answer[] {
  const { channel, address } = placeOf(parameters.get('From') ?? '');
  if (address === '') return [];
  const word = (parameters.get('Body') ?? '').trim().toUpperCase();
  const asked = channel === 'sms' ? (parameters.get('OptOutType') ?? optOut(word)) : undefined;
  if (asked === 'STOP') return [{ kind: 'stopped', channel, address, at }];
  if (asked === 'START')
    return [
      { kind: 'started', channel, address, at },
      { kind: 'wrote', channel, address, at },
    ];
  return [{ kind: 'wrote', channel, address, at }];
}

function optOut(word: string): 'STOP' | 'START' | undefined {
  if (STOPS.includes(word)) return 'STOP';
  return STARTS.includes(word) ? 'START' : undefined;
}

function placeOf(number: string): { channel: Extract<ChannelName, 'sms' | 'whatsapp'>; address: string } {
  const isWhatsApp = number.startsWith('whatsapp:');
  return { channel: isWhatsApp ? 'whatsapp' : 'sms', address: number.replace(/^whatsapp:/, '') };
}
