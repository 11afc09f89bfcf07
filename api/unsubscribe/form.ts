import type { Readable } from 'node:stream';
import { CarillonError, invalid } from '../../contracts/errors.js';
import { pageActions, type PageAction } from './page.js';

/** Longest form, in bytes. */
const MAX_FORM = 8 * 1024;

/**
 * What a posted form asks for. Whatever names no `action` unsubscribes: RFC 8058's `List-Unsubscribe=One-Click` does,
 * and so do mail programs that post nothing at all; links in mails are followed by GET only.
 * @throws CarillonError `validation_failed` for an unknown action or what is no form, `payload_too_large`.
 */
export async function readAction(stream: Readable, contentType: string | undefined): Promise<PageAction> {
  const body = await readAll(stream);
  if (body.length === 0) return 'unsubscribe';
  const action = await actionIn(body, contentType ?? 'application/x-www-form-urlencoded');
  if (action === null) return 'unsubscribe';
  const known = pageActions.find((one) => one === action);
  if (known === undefined) throw invalid('action', `must be ${pageActions.join(', ')}`);
  return known;
}

async function actionIn(body: Buffer, contentType: string): Promise<unknown> {
  try {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': contentType },
    }).formData();
    return form.get('action');
  } catch (error) {
    if (error instanceof TypeError) throw invalid('body', 'is not a form');
    throw error;
  }
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_FORM) throw new CarillonError('payload_too_large', 'the form is larger than 8 KiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
