import { describe, expect, it } from 'vitest';
import { ChannelError } from '../../channels/channel.js';
import { checkEmail } from '../../channels/email/check-email.js';
import { email } from '../support/smtp-sending.js';

/** The reason for which a message is refused. */
function refusalOf(changes: Parameters<typeof email>[0]): string | undefined {
  try {
    checkEmail(email(changes));
    return undefined;
  } catch (error) {
    if (error instanceof ChannelError) return error.reason;
    throw error;
  }
}

describe('the limits of an email', () => {
  it('allow a subject of 998 characters', () => {
    expect(refusalOf({ subject: 's'.repeat(998) })).toBeUndefined();
    expect(refusalOf({ subject: 's'.repeat(999) })).toBe('content_error');
  });

  it('ask for text or HTML', () => {
    expect(refusalOf({ text: '', html: '<p>Hello</p>' })).toBeUndefined();
    expect(refusalOf({ text: 'Hello', html: undefined })).toBeUndefined();
    expect(refusalOf({ text: ' \n', html: undefined })).toBe('content_error');
  });

  it('allow ten megabytes in bytes, not in characters', () => {
    expect(refusalOf({ subject: '', text: '', html: 'é'.repeat(5_000_000) })).toBeUndefined();
    expect(refusalOf({ subject: '', text: '', html: 'é'.repeat(5_000_000) + 'e' })).toBe('content_error');
  });

  it('allow one address only, and call another recipient invalid', () => {
    expect(refusalOf({ to: 'ada@example.com,eve@example.org' })).toBe('invalid_recipient');
  });

  it('ask for a sender that has an address', () => {
    expect(refusalOf({ from: { address: 'nobody' } })).toBe('content_error');
  });

  it.each(['javascript:alert(1)', 'https://a.example/u/1>', 'https://a.example/u 1', '/u/1'])(
    'allow no %s to unsubscribe at',
    (unsubscribeUrl) => {
      expect(refusalOf({ unsubscribeUrl })).toBe('content_error');
    },
  );
});
