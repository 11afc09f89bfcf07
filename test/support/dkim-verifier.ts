import { createHash, createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';

/** A key pair, and what stands in DNS for it. */
export function dkimKeyPair(bits = 2048): { privateKey: string; record: string } {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { privateKey: pair.privateKey, record: `v=DKIM1; k=rsa; p=${pair.publicKey.toString('base64')}` };
}

export interface DkimVerdict {
  domain: string;
  selector: string;
  /** Lower-case names of the fields that the signature covers. */
  signed: string[];
  ok: boolean;
}

/**
 * Verifies every signature of a message as a receiver does (RFC 6376 section 6.1, relaxed/relaxed, rsa-sha256), on its
 * own and not by what signed it.
 * @param dns name → TXT record
 */
export function verifyDkim(raw: string, dns: Readonly<Record<string, string>>): DkimVerdict[] {
  const split = raw.indexOf('\r\n\r\n');
  const fields = raw.slice(0, split).split(/\r\n(?![ \t])/);
  const body = raw.slice(split + 4);
  return fields
    .filter((field) => nameOf(field) === 'dkim-signature')
    .map((signature) => verdictOn(signature, fields, body, dns));
}

function verdictOn(
  signature: string,
  fields: readonly string[],
  body: string,
  dns: Readonly<Record<string, string>>,
): DkimVerdict {
  const tags = tagsOf(signature.slice(signature.indexOf(':') + 1));
  const tag = (name: string) => tags.get(name) ?? '';
  const signed = tag('h').toLowerCase().split(':');
  const record = tagsOf(dns[`${tag('s')}._domainkey.${tag('d')}`] ?? '');
  const known = tag('v') === '1' && tag('a') === 'rsa-sha256' && tag('c') === 'relaxed/relaxed';
  const bodyHash = createHash('sha256').update(relaxedBody(body), 'utf8').digest('base64');

  // Of several fields of a name the last one counts first; one that is not there counts as nothing.
  const left = [...fields].reverse();
  const covered = signed.flatMap((name) => {
    const at = left.findIndex((field) => nameOf(field) === name);
    return at < 0 ? [] : left.splice(at, 1).map(relaxedField);
  });
  const own = relaxedField(signature.replace(/([;\s]b=)[^;]*/, '$1'));
  const verifier = createVerify('RSA-SHA256').update(`${covered.join('\r\n')}\r\n${own}`, 'utf8');
  const key = Buffer.from(record.get('p') ?? '', 'base64');
  const ok =
    known &&
    bodyHash === tag('bh') &&
    key.length > 0 &&
    verifier.verify(createPublicKey({ key, format: 'der', type: 'spki' }), tag('b'), 'base64');
  return { domain: tag('d'), selector: tag('s'), signed, ok };
}

function nameOf(field: string): string {
  return field.slice(0, field.indexOf(':')).trim().toLowerCase();
}

function tagsOf(list: string): Map<string, string> {
  return new Map(
    list.split(';').flatMap((tag) => {
      const at = tag.indexOf('=');
      return at < 0 ? [] : [[tag.slice(0, at).trim(), tag.slice(at + 1).replace(/\s/g, '')]];
    }),
  );
}

function relaxedField(field: string): string {
  const value = field.slice(field.indexOf(':') + 1).replace(/\r\n/g, '');
  return `${nameOf(field)}:${value.replace(/[ \t]+/g, ' ').trim()}`;
}

function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  const text = lines.join('\r\n').replace(/(\r\n)*$/, '');
  return text === '' ? '' : `${text}\r\n`;
}
