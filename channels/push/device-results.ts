import { ChannelError, type Receipt } from '../channel.js';

/** How a message fared on one device. */
export type DeviceResult =
  | { status: 'sent'; token: string; messageId?: string }
  /** The provider does not know the device any more, or never will. */
  | { status: 'gone'; token: string; response: string }
  | { status: 'failed'; token: string; error: ChannelError };

/**
 * One receipt for all devices of a person: sent when any device took it. Who already has it is not sent it again for
 * the sake of another device.
 * @throws {ChannelError} when none took it: with a reason that a later attempt may mend, where there is one;
 * `invalid_recipient` when all devices are gone.
 */
export function receiptOf(results: readonly DeviceResult[]): Receipt {
  const sent = results.filter((result) => result.status === 'sent');
  const gone = results.filter((result) => result.status === 'gone');
  const failed = results.filter((result) => result.status === 'failed');
  const goneTargets = gone.map(({ token }) => token);
  const [first] = sent;
  if (first) {
    const [problem] = failed;
    const told = [
      `${sent.length} of ${results.length} devices`,
      ...(gone.length > 0 ? [`${gone.length} gone`] : []),
      ...(problem
        ? [`${failed.length} failed: ${problem.error.providerResponse ?? problem.error.reason}`]
        : []),
    ];
    return {
      ...(first.messageId === undefined ? {} : { providerMessageId: first.messageId }),
      providerResponse: told.join('; '),
      ...(goneTargets.length > 0 ? { goneTargets } : {}),
    };
  }
  const decisive = failed.find(({ error }) => error.retryable) ?? failed[0];
  if (!decisive) {
    throw new ChannelError('invalid_recipient', { providerResponse: gone[0]?.response, goneTargets });
  }
  const { reason, cause, providerResponse, providerDown } = decisive.error;
  const waits = failed.flatMap(({ error }) => error.retryAfterMs ?? []);
  throw new ChannelError(reason, {
    cause,
    providerResponse,
    providerDown,
    goneTargets,
    ...(waits.length > 0 ? { retryAfterMs: Math.max(...waits) } : {}),
  });
}
