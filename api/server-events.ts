import { once } from 'node:events';
import type { Response } from 'express';
import type { ServerEvent } from './route.js';

/** A comment line at least this often, so that proxies keep the connection and a caller that left is noticed. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Answers with Server-Sent Events (WHATWG HTML, section 9.2) until there are no more, or the caller goes away. A slow
 * caller is waited for, not buffered for.
 */
export async function sendEvents(
  response: Response,
  events: AsyncIterator<ServerEvent, void, void>,
): Promise<void> {
  response.set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Else nginx collects them.
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  const gone = new Promise<undefined>((resolve) => response.once('close', () => resolve(undefined)));
  const keepAlive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS);
  try {
    for (;;) {
      const next = await Promise.race([events.next(), gone]);
      if (next === undefined || next.done === true) break;
      const { event, data } = next.value;
      const isRoom = response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (!isRoom) await Promise.race([once(response, 'drain'), gone]);
    }
  } finally {
    clearInterval(keepAlive);
    await events.return?.();
    response.end();
  }
}
