import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A key that AWS has given out. */
export interface AwsKey {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** The service's own clock and the request's may differ by this much. */
const SKEW_MS = 5 * 60_000;

/**
 * What AWS answers to a request's signature: undefined where it is right, else the exception. Calculated anew from the
 * secret, as the IAM user guide describes Signature Version 4.
 */
export function signatureProblem(
  request: IncomingMessage,
  body: Buffer,
  expected: AwsKey & { region: string; service: string },
): { type: string; message: string } | undefined {
  const header = (name: string) => String(request.headers[name] ?? '');
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      header('authorization'),
    );
  if (!found) return { type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' };
  const [, keyId = '', date = '', region = '', service = '', signedHeaders = '', signature = ''] = found;
  if (keyId !== expected.accessKeyId || header('x-amz-security-token') !== (expected.sessionToken ?? '')) {
    const message = 'The security token included in the request is invalid.';
    return { type: 'UnrecognizedClientException', message };
  }
  const wrong = (message: string) => ({ type: 'InvalidSignatureException', message });
  const at = header('x-amz-date');
  const atMs = Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(Date.now() - atMs) < SKEW_MS) || !at.startsWith(date)) return wrong('Signature expired');
  if (region !== expected.region || service !== expected.service) {
    return wrong(`Credential should be scoped to a valid region, not '${region}'.`);
  }
  const names = signedHeaders.split(';');
  const must = ['host', 'x-amz-date', ...(expected.sessionToken ? ['x-amz-security-token'] : [])];
  const mismatch =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key.';
  if (!must.every((name) => names.includes(name))) return wrong(mismatch);

  const url = new URL(request.url ?? '/', 'http://service');
  const canonical = [
    request.method,
    url.pathname.split('/').map(encodeURIComponent).join('/'),
    [...url.searchParams]
      .map((pair) => pair.map(encodeURIComponent).join('='))
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${header(name).trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', at, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${expected.secretAccessKey}`,
  );
  const calculated = createHmac('sha256', key).update(toSign).digest();
  return timingSafeEqual(calculated, Buffer.from(signature, 'hex')) ? undefined : wrong(mismatch);
}
