import type { z } from 'zod';
import type { SentChannelName } from '../contracts/channels.js';
import type { Contact } from '../contracts/contact.js';
import type { Messages } from '../contracts/messages.js';
import type { WrittenReport } from '../contracts/feedback.js';
import type { CallContext, ProviderCall, Receipt, SendContext, Verified } from './channel.js';

/**
 * A provider as a module of the deployment's own writes one: a `SendingChannel` in which what is mostly the same may be
 * left out. `C` is the channel's name, which says what its messages look like; `Credentials` is what the schema gives.
 */
export interface OwnChannel<C extends SentChannelName = SentChannelName, Credentials = unknown> {
  /** One that Carillon brings, or a new one: `x_` and 1 to 30 lower-case letters, digits or underscores. */
  readonly channel: C;
  /** Letters, digits, dots, dashes and underscores; not one that the channel has already. */
  readonly provider: string;
  readonly delivery?: 'sent';
  /** Reads what a tenant stores, and what it gave before: strict, so that a misspelt field is refused. */
  readonly credentials: z.ZodType<Credentials>;
  /** Names of the credentials' fields that may be read back. None by default: all are secret. */
  readonly shown?: readonly string[];
  /** True where what one provider delivers does not stand in for another. False by default. */
  readonly reachesOwnDevices?: boolean;
  /** Where this provider reaches this person, and what a delivery is keyed by; undefined when nowhere. */
  targetOf(contact: Contact, credentials: Credentials): string | undefined;
  /**
   * Refuses what no attempt could deliver: too long, empty. By default nothing.
   * @throws {ChannelError} `content_error`
   */
  check?(message: Messages[C]): void;
  /**
   * Tries the credentials and sends nothing to anybody.
   * @throws {ChannelError} whose `providerResponse` says what is wrong.
   */
  verify(credentials: Credentials, context: CallContext): Promise<Verified | void>;
  /**
   * Sends once. Resolves when the provider has taken responsibility.
   * @throws {ChannelError} classified; anything else counts as `unknown_error` and is retried.
   */
  send(message: Messages[C], credentials: Credentials, context: SendContext): Promise<Receipt | void>;
  /**
   * Takes back what was sent, where the provider can.
   * @throws {ChannelError} classified as in `send`.
   */
  retract?(providerMessageId: string, credentials: Credentials, context: CallContext): Promise<void>;
  /** How the provider's calls to `callbackUrl` are read. By default there are none: they are answered 404. */
  readonly callbacks?: OwnCallbacks<Credentials>;
  /** Ends pooled connections when the process stops. By default nothing. */
  close?(): Promise<void>;
}

/** How the calls of a provider are read. */
export interface OwnCallbacks<Credentials = unknown> {
  /**
   * Whether the call is the provider's own, as these credentials prove it: only `true` is taken for that. Everything else,
   * and an error, refuses the call.
   */
  verify(call: ProviderCall, credentials: Credentials): boolean | Promise<boolean>;
  /**
   * What a call that is proved tells, at most 1000 reports; nothing where it is of no interest. An error has the provider
   * answered 500, so that it calls again.
   */
  read(
    call: ProviderCall,
    credentials: Credentials,
  ): readonly WrittenReport[] | void | Promise<readonly WrittenReport[] | void>;
}

/** Says of a channel what its parts are, for the compiler or the editor: it gives back what it is given. */
export function defineChannel<C extends SentChannelName, Credentials>(
  channel: OwnChannel<C, Credentials>,
): OwnChannel<C, Credentials> {
  return channel;
}

/** An attribute of the person's as an address: a text that is not empty, or a number; undefined for all else. */
export function attributeOf(contact: Contact, name: string): string | undefined {
  const value = contact.attributes?.[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
