import { setMaxListeners } from 'node:events';
import type { SendContext } from '../channel.js';

/** One attempt's end, whichever comes first: its own time is up, or the context's signal fires. */
export interface AttemptDeadline {
  /** For this attempt alone, so that listeners go with it. */
  readonly signal: AbortSignal;
  /** Undefined while the attempt may run. */
  readonly ended: 'deadline' | 'stopped' | undefined;
  /** To be called when the attempt is over. */
  release(): void;
}

/**
 * Not `AbortSignal.any`: in Node 20 its results stay reachable from a source that lives on, and one page of a
 * broadcast sends hundreds of messages under one signal.
 */
export function attemptDeadline({
  signal,
  timeoutMs,
}: Pick<SendContext, 'signal' | 'timeoutMs'>): AttemptDeadline {
  const controller = new AbortController();
  let ended: AttemptDeadline['ended'];
  const end = (how: 'deadline' | 'stopped') => {
    ended ??= how;
    controller.abort();
  };
  // The caller's signal may carry the same deadline; then this is one, not a stop.
  const onAbort = () => end(isTimeout(signal.reason) ? 'deadline' : 'stopped');
  const timer = setTimeout(() => end('deadline'), timeoutMs);
  // More than ten attempts under one signal are no leak.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();

  return {
    signal: controller.signal,
    get ended() {
      return ended;
    },
    release() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}
