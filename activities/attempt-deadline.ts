import { setMaxListeners } from 'node:events';

/** One attempt's end, whichever comes first: its time is up, or it is told to stop. */
export interface AttemptDeadline {
  /**
   * For this attempt alone, so that listeners go with it. Its reason is a `TimeoutError` when the time is up, else an
   * `AbortError`.
   */
  readonly signal: AbortSignal;
  /** To be called when the attempt is over. */
  release(): void;
}

/**
 * Not `AbortSignal.any`: in Node 20 its results stay reachable from a source that lives on, and one page of a
 * broadcast sends hundreds of messages under one signal.
 */
export function attemptDeadline(stop: AbortSignal, timeoutMs: number): AttemptDeadline {
  const controller = new AbortController();
  const onAbort = () => controller.abort(new DOMException('told to stop', 'AbortError'));
  const timer = setTimeout(
    () => controller.abort(new DOMException(`no end after ${timeoutMs} ms`, 'TimeoutError')),
    timeoutMs,
  );
  // More than ten attempts under one signal are no leak.
  setMaxListeners(0, stop);
  stop.addEventListener('abort', onAbort, { once: true });
  if (stop.aborted) onAbort();

  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      stop.removeEventListener('abort', onAbort);
    },
  };
}
