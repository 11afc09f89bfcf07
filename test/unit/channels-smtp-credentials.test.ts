import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  smtpCredentials,
  smtpCredentialsFromUrl,
  tenantSmtpCredentials,
} from '../../channels/email/smtp-credentials.js';

const parse = (given: unknown) => smtpCredentials.parse(given);
const refusalOf = (given: unknown) => JSON.stringify(smtpCredentials.safeParse(given).error?.issues);

function rsaKey(modulusLength: number, passphrase?: string): string {
  const sealed = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', ...sealed },
  }).privateKey;
}

function ecKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

const privateKey = rsaKey(1024);
const dkim = (keySelector = 'mail') => ({ domainName: 'acme.example', keySelector, privateKey });

describe('SMTP credentials', () => {
  it('come from a URL, decoded', () => {
    expect(
      parse('smtp://user%40acme:p%3A%2F%40ss@mail.example:2525?pool=true&maxConnections=3'),
    ).toMatchObject({
      host: 'mail.example',
      port: 2525,
      user: 'user@acme',
      pass: 'p:/@ss',
      maxConnections: 3,
    });
  });

  it('come from fields, and from a URL with fields beside it, which win', () => {
    expect(parse({ host: 'mail.example', port: 465, secure: true }).tls).toBe('implicit');
    expect(parse({ url: 'smtp://mail.example', port: 26, from: 'A <a@acme.example>' })).toMatchObject({
      port: 26,
      from: { name: 'A', address: 'a@acme.example' },
    });
  });

  it('come from what they were before', () => {
    const credentials = parse('smtps://user:pass@mail.example?from=a@acme.example');
    expect(parse(credentials)).toEqual(credentials);
  });

  it.each([
    ['smtps://mail.example', 'implicit', 465],
    ['smtp://mail.example', 'opportunistic', 587],
    ['smtp://mail.example:465', 'implicit', 465],
    ['smtp://user:pass@mail.example:25', 'required', 25],
    ['smtp://user:pass@127.0.0.1', 'opportunistic', 587],
    ['smtp://user:pass@[::1]:25', 'opportunistic', 25],
    ['smtp://user:pass@mail.example?tls=none', 'none', 587],
    ['smtp://mail.example?requireTLS=true', 'required', 587],
    ['smtp://mail.example?ignoreTLS=true', 'none', 587],
  ])('of %s speak TLS %s on port %i', (url, tls, port) => {
    expect(parse(url)).toMatchObject({ tls, port });
  });

  it.each([
    ['smtp://mail.example', true],
    ['smtps://127.0.0.1', true],
    ['smtp://127.0.0.1?tls=required', true],
    ['smtp://localhost', false],
    ['smtps://mail.example?tls.rejectUnauthorized=false', false],
    ['smtp://localhost?rejectUnauthorized=true', true],
  ])('of %s check the certificate: %s', (url, rejectUnauthorized) => {
    expect(parse(url).rejectUnauthorized).toBe(rejectUnauthorized);
  });

  it.each([
    'http://user:s3cret@mail.example',
    'smtp://user:s3cret@',
    'smtp://user:s3cret%@mail.example',
    'smtp://user:s3cret@mail.example/path',
    'smtp://user:s3cret@mail.example?colour=s3cret',
    'smtp://user:s3cret@mail.example?secure=s3cret',
    'smtp://user:s3cret@mail.example?maxConnections=0',
    'smtp://:s3cret@mail.example',
    { host: 'mail.example', pass: 's3cret' },
    { host: 'mail.example', user: 'u', pass: 's3cret\r\nQUIT' },
    { host: 'mail.example', secure: false, tls: 'implicit', user: 'u', pass: 's3cret' },
    { host: 'mail.example', colour: 's3cret' },
    's3cret',
    { url: 5 },
    undefined,
  ])('are refused without a word of them: %j', (given) => {
    expect(refusalOf(given)).toBeDefined();
    expect(refusalOf(given)).not.toContain('s3cret');
  });

  it.each([
    ['ca', { ca: 's3cret' }],
    ['url', { url: 'ftp://s3cret' }],
    ['port', { port: 's3cret' }],
    ['tls', { tls: 's3cret' }],
    ['from.address', { from: 's3cret' }],
    ['replyTo.address', { replyTo: { address: 's3cret' } }],
    ['dkim.privateKey', { dkim: { ...dkim(), privateKey: 's3cret' } }],
    ['dkim.privateKey', { dkim: { ...dkim(), privateKey: ecKey() } }],
    ['dkim.privateKey', { dkim: { ...dkim(), privateKey: rsaKey(512) } }],
    ['dkim.privateKey', { dkim: { ...dkim(), privateKey: rsaKey(1024, 's3cret') } }],
    ['dkim.domainName', { dkim: { ...dkim(), domainName: 's3cret; d=evil.example' } }],
    ['dkim.keySelector', { dkim: { ...dkim(), keySelector: 's3cret\r\nX: y' } }],
    ['dkim.1.keySelector', { dkim: [dkim(), { ...dkim(), keySelector: '' }] }],
    ['dkim', { dkim: [] }],
  ])('that are wrong at %s say so there, without a word of them', (path, given) => {
    const { error } = smtpCredentials.safeParse({ host: 'mail.example', ...given });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
    expect(JSON.stringify(error?.issues)).not.toContain('s3cret');
  });

  it('take one DKIM key, or several', () => {
    expect(parse({ host: 'mail.example', dkim: dkim() }).dkim).toEqual([dkim()]);
    const credentials = parse({ host: 'mail.example', dkim: [dkim(), dkim('other')] });
    expect(parse(credentials)).toEqual(credentials);
  });

  it.each([
    ['smtp://mail.example', undefined],
    ['smtps://mail.example?rejectUnauthorized=true', undefined],
    // Where plain text would do as well, and only where the deployment lets tenants reach it.
    ['smtp://localhost', undefined],
    ['smtps://mail.example?rejectUnauthorized=false', 'rejectUnauthorized'],
    ['smtps://localhost?rejectUnauthorized=false', 'rejectUnauthorized'],
  ])('of a tenant, %s, may not switch the checking of certificates off', (url, path) => {
    const parsed = tenantSmtpCredentials.safeParse(url);
    expect(parsed.error?.issues[0]?.path[0]).toBe(path);
    if (parsed.success) expect(tenantSmtpCredentials.parse(parsed.data)).toEqual(parsed.data);
  });

  it('of the deployment send in the name of the deployment, unless the URL names another', () => {
    const from = 'Carillon <notifications@carillon.localhost>';
    expect(smtpCredentialsFromUrl('smtp://localhost', from).from).toEqual({
      name: 'Carillon',
      address: 'notifications@carillon.localhost',
    });
    expect(smtpCredentialsFromUrl('smtp://localhost?from=a@acme.example', from).from).toEqual({
      address: 'a@acme.example',
    });
  });
});
