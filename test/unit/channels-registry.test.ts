import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SendingChannel } from '../../channels/channel.js';
import { inAppChannel } from '../../channels/in-app.js';
import { channelRegistry } from '../../channels/registry.js';
import type { ChannelName } from '../../contracts/channels.js';

function provider(channel: ChannelName, name: string, close = () => Promise.resolve()): SendingChannel {
  return {
    channel,
    provider: name,
    delivery: 'sent',
    credentials: z.unknown(),
    targetOf: () => undefined,
    check: () => undefined,
    shown: [],
    verify: () => Promise.resolve(),
    send: () => Promise.resolve({}),
    close,
  };
}

describe('the registry of channels', () => {
  it('gives the providers of a channel in the order in which they were registered', () => {
    const registry = channelRegistry([provider('email', 'smtp'), provider('sms', 'twilio')]);
    registry.register(provider('email', 'ses'));
    expect(registry.providersOf('email').map(({ provider }) => provider)).toEqual(['smtp', 'ses']);
    expect(registry.channelNames()).toEqual(['email', 'sms']);
  });

  it('finds a provider by its name, and the first one without', () => {
    const [smtp, ses] = [provider('email', 'smtp'), provider('email', 'ses')];
    const registry = channelRegistry([smtp, ses]);
    expect(registry.find('email', 'ses')).toBe(ses);
    expect(registry.find('email')).toBe(smtp);
    expect(registry.find('email', 'twilio')).toBeUndefined();
    expect(registry.find('sms')).toBeUndefined();
  });

  it('knows the inbox as a channel to which nobody sends', () => {
    const registry = channelRegistry([inAppChannel]);
    expect(registry.channelNames()).toEqual(['in_app']);
    expect(registry.find('in_app')).toBe(inAppChannel);
    expect(registry.providersOf('in_app')).toEqual([]);
  });

  it('refuses the same provider of the same channel twice', () => {
    const registry = channelRegistry([provider('email', 'smtp')]);
    expect(() => registry.register(provider('email', 'smtp'))).toThrow('email has a provider smtp already');
  });

  it('takes a provider of that name on another channel', () => {
    const registry = channelRegistry([provider('sms', 'twilio'), provider('whatsapp', 'twilio')]);
    expect(registry.find('whatsapp', 'twilio')?.channel).toBe('whatsapp');
  });

  it('closes every provider, and tells which failed to', async () => {
    const closed: string[] = [];
    const registry = channelRegistry([
      provider('email', 'smtp', () => Promise.reject(new Error('still busy'))),
      provider('sms', 'twilio', () => Promise.resolve(void closed.push('twilio'))),
    ]);
    await expect(registry.close()).rejects.toMatchObject({ errors: [new Error('still busy')] });
    expect(closed).toEqual(['twilio']);
  });
});
