import { createHash, createHmac } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { Verification } from '../../contracts/event-sources.js';
import { isSameText } from '../signing/same-text.js';

/** A request as it came. */
export interface SignedRequest {
  /** The very bytes. */
  body: Buffer;
  header: (name: string) => string | undefined;
}

/** That a request is its source's, and what of it identifies the event; or what is wrong, without a word of the secret. */
export type Verified = { ok: true; known?: string } | { ok: false; problem: string };

/**
 * Checks a request the way its source proves itself. `known` is what was signed and so cannot be changed by somebody who sends
 * the same request again: the ID of Standard Webhooks; else a digest of the signed text.
 * @param secrets each is good.
 */
export function verifyRequest(
  verification: Verification,
  secrets: readonly string[],
  request: SignedRequest,
  nowMs: number,
): Verified {
  switch (verification.kind) {
    case 'none':
      return { ok: true };
    case 'bearer': {
      const [, token] = /^Bearer (\S+)$/i.exec(request.header('authorization') ?? '') ?? [];
      if (token === undefined) return refused('Authorization: Bearer … is missing');
      return secrets.some((secret) => isSameText(secret, token))
        ? { ok: true }
        : refused('the token is not right');
    }
    case 'github':
      return verifyGithub(secrets, request);
    case 'standard-webhooks':
      return verifyStandard(verification.toleranceSeconds, secrets, request, nowMs);
    case 'hmac':
      return verifyHmac(verification, secrets, request, nowMs);
  }
}

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries: it signs the body and nothing else. */
function verifyGithub(secrets: readonly string[], { body, header }: SignedRequest): Verified {
  const given = header('x-hub-signature-256');
  if (given === undefined) return refused('X-Hub-Signature-256 is missing');
  const isRight = secrets.some((secret) => isSameText(`sha256=${hmac(secret, body).toString('hex')}`, given));
  return isRight ? { ok: true, known: digest(body) } : refused('the signature is not right');
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Signature scheme". */
function verifyStandard(
  toleranceSeconds: number,
  secrets: readonly string[],
  { body, header }: SignedRequest,
  nowMs: number,
): Verified {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
  const headers = Object.fromEntries(names.map((name) => [name, header(name) ?? '']));
  const missing = names.find((name) => headers[name] === '');
  if (missing !== undefined) return refused(`${missing} is missing`);
  const late = notOnTime(headers['webhook-timestamp'], toleranceSeconds, nowMs);
  if (late !== undefined) return refused(late);
  const isRight = secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, headers, { jsonParse: false });
      return true;
    } catch (error) {
      if (error instanceof WebhookVerificationError) return false;
      throw error;
    }
  });
  return isRight ? { ok: true, known: headers['webhook-id'] ?? '' } : refused('the signature is not right');
}

function verifyHmac(
  settings: Extract<Verification, { kind: 'hmac' }>,
  secrets: readonly string[],
  { body, header }: SignedRequest,
  nowMs: number,
): Verified {
  const given = header(settings.header);
  if (given === undefined) return refused(`${settings.header} is missing`);
  const { timestamp, signatures } = partsOf(settings, given, header);
  if (timestamp === undefined || signatures.length === 0)
    return refused(
      settings.timestampHeader === null
        ? `${settings.header} is not like t=…,v1=…`
        : `${settings.timestampHeader} is missing`,
    );
  const late = notOnTime(timestamp, settings.toleranceSeconds, nowMs);
  if (late !== undefined) return refused(late);
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`), body]);
  const isRight = secrets.some((secret) => {
    const right = `${settings.prefix}${hmac(secret, signed).toString(settings.encoding)}`;
    return signatures.some((signature) => isSameText(right, signature));
  });
  return isRight ? { ok: true, known: digest(signed) } : refused('the signature is not right');
}

function partsOf(
  { timestampHeader }: Extract<Verification, { kind: 'hmac' }>,
  given: string,
  header: SignedRequest['header'],
): { timestamp: string | undefined; signatures: string[] } {
  if (timestampHeader !== null) return { timestamp: header(timestampHeader), signatures: [given.trim()] };
  const pairs = given.split(',').map((pair) => pair.trim().split(/=(.*)/s, 2));
  return {
    timestamp: pairs.find(([name]) => name === 't')?.[1],
    signatures: pairs.flatMap(([name, value]) => (name === 'v1' && value !== undefined ? [value] : [])),
  };
}

function notOnTime(text: string | undefined, toleranceSeconds: number, nowMs: number): string | undefined {
  if (text === undefined || !/^\d{1,12}$/.test(text)) return 'the timestamp is no Unix time in seconds';
  const apart = Math.abs(Number(text) - nowMs / 1000);
  return apart > toleranceSeconds
    ? `the timestamp is more than ${toleranceSeconds} s from our clock`
    : undefined;
}

function refused(problem: string): Verified {
  return { ok: false, problem };
}

function hmac(secret: string, bytes: Buffer): Buffer {
  return createHmac('sha256', secret).update(bytes).digest();
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
