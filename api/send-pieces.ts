import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Response } from 'express';

/**
 * Answers with JSON that is made as it is read: a slow caller is waited for, not buffered for. What fails after the first
 * piece cuts the answer off, so that no half of it passes for the whole.
 */
export async function sendPieces(response: Response, pieces: AsyncIterable<string>): Promise<void> {
  response.type('application/json');
  try {
    await pipeline(Readable.from(pieces, { objectMode: false }), response);
  } catch (error) {
    // Nobody is there any more.
    if (isPremature(error)) return;
    throw error;
  }
}

function isPremature(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
}
