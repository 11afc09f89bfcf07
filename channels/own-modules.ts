import { z } from 'zod';
import { sentChannelName } from '../contracts/channels.js';
import { hookNames, providerName } from '../contracts/tenant-channels.js';
import type { CallContext, SendingChannel } from './channel.js';
import { callbackReader } from './own-callbacks.js';
import { classified, received, said } from './own-calls.js';
import type { OwnChannel } from './own-channel.js';

const isFunction = (value: unknown) => typeof value === 'function';
const aFunction = z.custom<unknown>(isFunction, 'must be a function');

/** What can be seen of a module's channel before it is used. */
const shape = z
  .looseObject(
    {
      channel: sentChannelName,
      provider: z.string('must be a name').pipe(providerName),
      delivery: z.literal('sent', 'must be "sent"').optional(),
      credentials: z.custom<z.ZodType>(isSchema, 'must be a schema of zod 4'),
      shown: z.array(z.string(), 'must be an array of names').optional(),
      reachesOwnDevices: z.boolean('must be true or false').optional(),
      targetOf: aFunction,
      verify: aFunction,
      send: aFunction,
      retract: aFunction.optional(),
      check: aFunction.optional(),
      close: aFunction.optional(),
      callbacks: z.looseObject({ verify: aFunction, read: aFunction }, 'must be an object').optional(),
    },
    'must be an object',
  )
  .refine(
    ({ provider, callbacks }) =>
      callbacks === undefined || !(hookNames as readonly string[]).includes(provider),
    {
      path: ['callbacks'],
      error: `are read by Carillon itself where the provider is ${hookNames.join(', ')}`,
    },
  );

function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_zod' in value && 'safeParse' in value;
}

/**
 * The channels that a module exports: as its default, as `channel`, or several as `channels`.
 * @throws {Error} which says what is missing.
 */
export function channelsIn(exports: Readonly<Record<string, unknown>>): SendingChannel[] {
  const found = [exports.default, exports.channel, exports.channels]
    .flat()
    .filter((one) => one !== undefined);
  if (found.length === 0) throw new Error('exports no channel: neither default nor channel nor channels');
  return [...new Set(found)].map((own) => {
    const parsed = shape.safeParse(own);
    if (parsed.success) return asChannel(own as OwnChannel);
    const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(' '));
    throw new Error(`exports what is no channel: ${problems.join('; ')}`);
  });
}

/** A stranger's code behind Carillon's interface: what it leaves out is filled in, and what it says is looked at. */
function asChannel(own: OwnChannel): SendingChannel {
  const calling = async <T>(secrets: unknown, call: () => T): Promise<Awaited<T>> => {
    try {
      return await call();
    } catch (error) {
      throw classified(error, secrets);
    }
  };
  return {
    channel: own.channel,
    provider: own.provider,
    delivery: 'sent',
    credentials: own.credentials,
    shown: own.shown ?? [],
    reachesOwnDevices: own.reachesOwnDevices ?? false,
    targetOf(contact, credentials) {
      const target: unknown = own.targetOf(contact, credentials);
      return typeof target === 'string' && target !== '' ? target : undefined;
    },
    check(message) {
      try {
        own.check?.(message as never);
      } catch (error) {
        throw classified(error, said(message));
      }
    },
    verify: (credentials, context) => calling(credentials, () => own.verify(credentials, context)),
    async send(message, credentials, context) {
      const secrets = [said(message), credentials];
      return received(
        await calling(secrets, () => own.send(message as never, credentials, context)),
        secrets,
      );
    },
    ...(own.retract !== undefined && {
      retract: (id: string, credentials: unknown, context: CallContext) =>
        calling(credentials, () => own.retract?.(id, credentials, context)),
    }),
    ...(own.callbacks !== undefined && { callbacks: callbackReader(own.callbacks) }),
    close: async () => own.close?.(),
  };
}
