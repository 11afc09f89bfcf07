import { describe, expect, it } from 'vitest';
import { smtpCredentials, smtpCredentialsFromUrl } from '../../channels/email/smtp-credentials.js';

const parse = (given: unknown) => smtpCredentials.parse(given);
const refusalOf = (given: unknown) => JSON.stringify(smtpCredentials.safeParse(given).error?.issues);

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
