import { describe, expect, it } from 'vitest';
import { ChannelError } from '../../channels/channel.js';
import { inAppChannel } from '../../channels/in-app.js';

const contact = { id: 'u-42', pushTokens: [] };
const item = { channel: 'in_app', title: 'a'.repeat(255), message: 'b'.repeat(10_000) } as const;

describe('the in-app channel', () => {
  it('reaches a person in the inbox of that ID', () => {
    expect(inAppChannel.targetOf({ ...contact, hasInbox: true })).toBe('u-42');
  });

  it('reaches no bare address', () => {
    expect(inAppChannel.targetOf({ ...contact, hasInbox: false })).toBeUndefined();
  });

  it('takes a title of 255 characters and a message of 10,000', () => {
    expect(() => inAppChannel.check(item)).not.toThrow();
  });

  it.each([
    ['title', { ...item, title: `${item.title}a` }],
    ['message', { ...item, message: `${item.message}b` }],
  ])('refuses a %s of one character more, for good', (field, longer) => {
    const refusal = new ChannelError('content_error', {
      providerResponse: `not stored: ${field} is longer than ${item[field as 'title'].length}`,
    });
    expect(() => inAppChannel.check(longer)).toThrow(refusal);
    expect(refusal.retryable).toBe(false);
  });
});
