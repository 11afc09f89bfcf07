import { ChannelError, type SendingChannel } from '../channels/channel.js';
import { AddressNotAllowedError } from '../contracts/network.js';
import type { FailureReason } from '../contracts/errors.js';
import type { ApiDependencies } from './dependencies.js';

/** A provider that has not said by then is as good as away. The caller of the API waits for it. */
const VERIFY_MS = 15_000;

export type Verified = { ok: true; note?: string } | { ok: false; reason: FailureReason; detail: string };

/** Tries credentials at the provider. Never throws for credentials that do not work, or a provider that does not. */
export async function verifyCredentials(
  deps: Pick<ApiDependencies, 'network' | 'log'>,
  tenantId: string,
  channel: SendingChannel,
  credentials: unknown,
  timeoutMs = VERIFY_MS,
): Promise<Verified> {
  const deadline = new AbortController();
  const { signal } = deadline;
  const late = new DOMException(`no answer within ${timeoutMs / 1000} s`, 'TimeoutError');
  const timer = setTimeout(() => deadline.abort(late), timeoutMs);
  try {
    const verified = await Promise.race([
      channel.verify(credentials, { tenantId, signal, timeoutMs, network: deps.network }),
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(late), { once: true });
      }),
    ]);
    return verified?.note === undefined ? { ok: true } : { ok: true, note: verified.note };
  } catch (error) {
    const { channel: name, provider } = channel;
    return {
      ok: false,
      ...describe(error, (err) =>
        deps.log.warn({ tenantId, channel: name, provider, err }, 'verifying failed'),
      ),
    };
  } finally {
    clearTimeout(timer);
  }
}

function describe(error: unknown, log: (error: unknown) => void): { reason: FailureReason; detail: string } {
  if (error instanceof ChannelError) {
    return { reason: error.reason, detail: error.providerResponse ?? 'the provider says no more' };
  }
  if (error instanceof AddressNotAllowedError) return { reason: 'auth_error', detail: error.message };
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return { reason: 'network_error', detail: error.message };
  }
  log(error);
  return { reason: 'unknown_error', detail: 'trying them failed in a way that Carillon does not know' };
}
