import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ErasureCertificate } from '../contracts/erasures.js';
import { orderedJson } from '../contracts/ordered-json.js';
import type { DataKeys } from './data-keys.js';

/** A certificate as it is stored: its ordered JSON, and the signature over that. */
export async function signCertificate(
  keys: Pick<DataKeys, 'purposeKey'>,
  certificate: ErasureCertificate,
): Promise<{ certificate: string; signature: string }> {
  const text = orderedJson(certificate);
  return { certificate: text, signature: (await hmac(keys, text)).toString('base64url') };
}

/** Whether this deployment signed it, and nothing in it was changed since. The order of fields does not count. */
export async function verifyCertificate(
  keys: Pick<DataKeys, 'purposeKey'>,
  certificate: ErasureCertificate,
  signature: string,
): Promise<boolean> {
  const expected = await hmac(keys, orderedJson(certificate));
  const given = Buffer.from(signature, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function hmac(keys: Pick<DataKeys, 'purposeKey'>, text: string): Promise<Buffer> {
  return createHmac('sha256', await keys.purposeKey('erasure-certificates'))
    .update(text)
    .digest();
}
