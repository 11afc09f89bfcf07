import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ChannelError, type SendContext, type SendingChannel } from '../../channels/channel.js';
import { deploymentChannels } from '../../channels/deployment-channels.js';
import { channelsIn } from '../../channels/own-modules.js';
import { loadConfig, ConfigError } from '../../runtime/config.js';
import { loadModules } from '../../runtime/load-modules.js';

/** The least that a module may export. */
const least = {
  channel: 'sms',
  provider: 'mine',
  credentials: z.strictObject({ token: z.string() }),
  targetOf: () => '+33612345678',
  verify: () => Promise.resolve(),
  send: () => Promise.resolve(),
};
const message = { channel: 'sms', to: '+33612345678', text: 'The door is open' };
const context = {} as SendContext;

function made(changes: object): SendingChannel {
  const [channel] = channelsIn({ default: { ...least, ...changes } });
  if (!channel) throw new Error('made none');
  return channel;
}

async function failureOf(call: () => Promise<unknown>): Promise<ChannelError> {
  const error = await call().catch((caught: unknown) => caught);
  if (error instanceof ChannelError) return error;
  throw new Error(`did not fail as a channel does: ${String(error)}`);
}

describe('a module of the deployment’s own', () => {
  it('exports its channel by default, as `channel`, or several as `channels`', () => {
    const names = (exports: Record<string, unknown>) => channelsIn(exports).map(({ provider }) => provider);
    expect(names({ default: least })).toEqual(['mine']);
    expect(names({ channel: least })).toEqual(['mine']);
    expect(names({ channels: [least, { ...least, provider: 'other' }] })).toEqual(['mine', 'other']);
    expect(names({ default: least, channel: least })).toEqual(['mine']);
  });

  it('has what it leaves out filled in', async () => {
    const channel = made({});
    expect(channel).toMatchObject({ delivery: 'sent', shown: [], reachesOwnDevices: false });
    expect('retract' in channel).toBe(false);
    expect(() => channel.check(message)).not.toThrow();
    await expect(channel.close()).resolves.toBeUndefined();
  });

  it('may be an instance of a class', async () => {
    class Mine {
      channel = 'sms';
      provider = 'mine';
      credentials = least.credentials;
      private readonly id = 'm-1';
      targetOf = () => '+1';
      verify() {}
      send() {
        return { providerMessageId: this.id };
      }
    }
    const [channel] = channelsIn({ default: new Mine() });
    await expect(channel?.send(message, {}, context)).resolves.toEqual({ providerMessageId: 'm-1' });
  });

  it.each<[string, object, string]>([
    ['the inbox', { channel: 'in_app' }, 'channel'],
    ['no name', { channel: undefined }, 'channel'],
    ['a provider that no path can hold', { provider: 'a/b' }, 'provider is not the name of a provider'],
    ['no schema', { credentials: { token: 'string' } }, 'credentials must be a schema of zod 4'],
    ['no send', { send: undefined }, 'send must be a function'],
    ['no verify', { verify: 'yes' }, 'verify must be a function'],
    ['a check that is none', { check: true }, 'check must be a function'],
    ['shown fields that are no list', { shown: 'token' }, 'shown must be an array of names'],
  ])('is refused for %s', (_what, changes, words) => {
    expect(() => made(changes)).toThrow(words);
  });

  it('is refused with everything that is wrong at once', () => {
    expect(() => channelsIn({ default: {} })).toThrow(
      /channel .+; provider .+; targetOf .+; verify .+; send /,
    );
    expect(() => channelsIn({ default: 'sms' })).toThrow('must be an object');
    expect(() => channelsIn({ send: least.send })).toThrow('neither default nor channel nor channels');
  });
});

describe('what a module says of a call', () => {
  it('is a receipt of which only what fits is kept, as what was sent stays sent', async () => {
    const receiptOf = (given: unknown) => made({ send: () => given }).send(message, {}, context);
    await expect(receiptOf(undefined)).resolves.toEqual({});
    await expect(receiptOf('sent')).resolves.toEqual({});
    await expect(receiptOf({ providerMessageId: 7, units: 2 })).resolves.toEqual({ units: 2 });
  });

  it('is kept without a word of the message or the credentials', async () => {
    const send = () =>
      Promise.reject(
        new ChannelError('auth_error', {
          providerResponse: 'no t-o-k-e-n: +33612345678 The door is open',
          retryAfterMs: 5,
        }),
      );
    const error = await failureOf(() => made({ send }).send(message, { token: 't-o-k-e-n' }, context));
    expect(error).toMatchObject({ reason: 'auth_error', retryAfterMs: 5 });
    expect(error.providerResponse).not.toMatch(/token|336|door/);
  });

  it('is understood from a copy of the class, too', async () => {
    const copy = () => {
      throw Object.assign(new Error(), { name: 'ChannelError', reason: 'rate_limited', retryAfterMs: 9 });
    };
    expect(await failureOf(() => made({ send: copy }).send(message, {}, context))).toMatchObject({
      reason: 'rate_limited',
      retryAfterMs: 9,
      retryable: true,
    });
    expect(await failureOf(() => made({ verify: copy }).verify({}, context))).toBeInstanceOf(ChannelError);
    expect(() => made({ check: copy }).check(message)).toThrow(ChannelError);
  });

  it('stays what it is where it is no failure of a channel', async () => {
    const bug = new TypeError('x is not a function');
    await expect(made({ send: () => Promise.reject(bug) }).send(message, {}, context)).rejects.toBe(bug);
  });

  it('is an address only where it is a text', () => {
    const targetOf = (given: unknown) => made({ targetOf: () => given }).targetOf({} as never, {});
    expect([targetOf('p-1'), targetOf(''), targetOf(7), targetOf(undefined)]).toEqual([
      'p-1',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('CARILLON_CHANNELS', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const load = (names: string) =>
    deploymentChannels(
      loadConfig({ MONGODB_URI: 'mongodb://127.0.0.1:27017/carillon', CARILLON_CHANNELS: names }),
      (variable, modules, take) => loadModules(variable, modules, take, root),
    );

  it('names none by default', async () => {
    expect((await load('')).find('sms', 'twilio')).toBeDefined();
  });

  it('adds providers behind those that come with Carillon', async () => {
    const registry = await load(' ./docs/examples/sms-gateway.js, ');
    expect(registry.providersOf('sms').map(({ provider }) => provider)).toEqual(['twilio', 'gateway']);
  });

  it.each([
    ['./docs/examples/none.js', /CARILLON_CHANNELS: \.\/docs\/examples\/none\.js: /],
    ['no-such-package', /CARILLON_CHANNELS: no-such-package: /],
    ['zod', /CARILLON_CHANNELS: zod: exports what is no channel/],
    ['./contracts/priorities.ts', /exports no channel/],
    ['./docs/examples/sms-gateway.js,./docs/examples/sms-gateway.js', /sms has a provider gateway already/],
  ])('refuses %s at the start, and says why', async (names, words) => {
    const error = await load(names).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(words);
  });
});
