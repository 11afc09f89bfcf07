import type { SendContext } from './channel.js';

/** Why a call to a provider was ended from outside; undefined while it may go on. */
export function callEnded({ signal }: Pick<SendContext, 'signal'>): 'deadline' | 'stopped' | undefined {
  if (!signal.aborted) return undefined;
  const { reason } = signal as { reason: unknown };
  return reason instanceof Error && reason.name === 'TimeoutError' ? 'deadline' : 'stopped';
}
