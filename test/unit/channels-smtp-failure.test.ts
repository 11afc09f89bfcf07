import { describe, expect, it } from 'vitest';
import { smtpFailure } from '../../channels/email/smtp-failure.js';
import { visibleText } from '../support/smtp-sending.js';

/** An error as nodemailer makes them: the message repeats the reply, and recipients hang on it. */
function thrown(fields: Record<string, unknown>): Error {
  const response = typeof fields['response'] === 'string' ? `: ${fields['response']}` : '';
  return Object.assign(new Error(`Cannot send to <ada@example.com>${response}`), {
    recipient: 'ada@example.com',
    rejected: ['ada@example.com'],
    ...fields,
  });
}

const underWay = { transferred: false };

describe('a failure of nodemailer', () => {
  it.each([
    [{ code: 'EDNS', originalCode: 'ENOTFOUND' }, 'network_error', true],
    [{ code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED' }, 'network_error', true],
    [{ code: 'ETLS', response: '454 4.7.0 TLS not available', command: 'STARTTLS' }, 'network_error', true],
    [{ code: 'ETLS', response: '550 5.7.0 no TLS', command: 'STARTTLS' }, 'network_error', true],
    [{ code: 'ETIMEDOUT', timeoutType: 'GREETING_TIMEOUT' }, 'network_error', true],
    [{ code: 'EPROTOCOL' }, 'provider_error', true],
    [{ code: 'EAUTH', command: 'API' }, 'auth_error', false],
    [{ code: 'EENVELOPE', command: 'API' }, 'invalid_recipient', false],
    [{ code: 'EMESSAGE', command: 'MAIL FROM' }, 'content_error', false],
    [{ code: 'ESTREAM' }, 'content_error', false],
    [{ code: 'EWHATEVER' }, 'unknown_error', false],
    [{}, 'unknown_error', false],
  ])('with %j is %s', (fields, reason, providerDown) => {
    expect(smtpFailure(thrown(fields), underWay, [])).toMatchObject({ reason, providerDown });
  });

  it('keeps the words of the cause that name nobody', () => {
    const failure = smtpFailure(
      thrown({ code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED', command: 'CONN' }),
      underWay,
      [],
    );
    expect(failure.providerResponse).toBe('ESOCKET CERT_HAS_EXPIRED');
    expect((failure.cause as Error).message).toBe('ESOCKET CERT_HAS_EXPIRED at CONN');
  });

  it('shows an address nowhere, neither in its fields nor in its cause', () => {
    const fields = { code: 'EENVELOPE', command: 'RCPT TO', response: '550 5.1.1 <ada@example.com> unknown' };
    expect(visibleText(smtpFailure(thrown(fields), underWay, []))).not.toContain('ada@example.com');
  });

  it('after the whole message went out is in doubt only where the server said nothing', () => {
    const transferred = { transferred: true };
    const refused = { code: 'EMESSAGE', command: 'DATA', response: '451 4.3.0 no' };
    const doubt = 'the message may have been accepted';
    expect(smtpFailure(thrown({ code: 'ECONNECTION' }), transferred, []).providerResponse).toContain(doubt);
    expect(smtpFailure(thrown(refused), transferred, []).providerResponse).not.toContain(doubt);
  });
  it('is what the server said, even where the time ran out with it', () => {
    const refused = thrown({ code: 'EENVELOPE', command: 'RCPT TO', response: '550 5.1.1 unknown' });
    const atTheEnd = { transferred: false, ended: 'deadline' } as const;
    expect(smtpFailure(refused, atTheEnd, []).reason).toBe('invalid_recipient');
  });
});
