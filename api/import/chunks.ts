import type { Readable } from 'node:stream';
import { CarillonError } from '../../contracts/errors.js';

/** The body's chunks. Leaving off does not destroy the stream: the connection is needed for the answer. */
export async function* chunksOf(stream: Readable): AsyncGenerator<Buffer, void> {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  try {
    yield* chunks;
  } catch (error) {
    const message = 'was cut off before its end';
    throw new CarillonError('validation_failed', `body: ${message}`, [{ path: 'body', message }], {
      cause: error,
    });
  }
}
