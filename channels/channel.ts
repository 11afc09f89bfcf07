import type { z } from 'zod';
import type { ChannelName } from '../contracts/channels.js';
import type { Contact } from '../contracts/contact.js';
import type { Callback, CallbackReport } from '../contracts/feedback.js';
import type { Network } from '../contracts/network.js';
import type { SuppressionReason } from '../contracts/suppressions.js';
import { finalFailureReasons, type FailureReason } from '../contracts/errors.js';

/** What every channel can say of itself, whether a provider sends for it or a write in Carillon is the delivery. */
export interface ChannelBase<Message = unknown> {
  readonly channel: ChannelName;
  /** e.g. `smtp`, `twilio` */
  readonly provider: string;
  /**
   * Refuses what no attempt could deliver: too long, too large, empty.
   * @throws {ChannelError} `content_error`
   */
  check(message: Message): void;
}

/** A channel without a provider: storing the message delivers it, so there is nothing to send and nothing to retry. */
export interface StoredChannel<Message = unknown> extends ChannelBase<Message> {
  readonly delivery: 'stored';
  /** Where this person is reached; undefined when nowhere. */
  targetOf(contact: Contact): string | undefined;
}

/** One thing to send through one provider. `Message` is what the channel renders to, `Credentials` what the provider needs. */
export interface SendingChannel<Message = unknown, Credentials = unknown> extends ChannelBase<Message> {
  readonly delivery: 'sent';
  /** Reads stored or configured credentials, and what it gave before. Its errors never repeat a value. */
  readonly credentials: z.ZodType<Credentials>;
  /** Names of the credentials' fields that may be read back; of all others only that they are there. */
  readonly shown: readonly string[];
  /**
   * True where every provider reaches devices of its own: what one of them delivers does not stand in for another, so
   * all that reach the person are used. False by default: the first that succeeds is enough.
   */
  readonly reachesOwnDevices?: boolean;
  /** Where this provider reaches this person, and what a delivery is keyed by; undefined when nowhere. */
  targetOf(contact: Contact, credentials: Credentials): string | undefined;
  /**
   * Tries the credentials at the provider and sends nothing to anybody.
   * @throws {ChannelError} classified as in `send`; its `providerResponse` says what is wrong.
   */
  verify(credentials: Credentials, context: CallContext): Promise<Verified | void>;
  /**
   * Sends once. Resolves when the provider has taken responsibility.
   * @throws {ChannelError} classified; anything else counts as `unknown_error` and is retried.
   */
  send(message: Message, credentials: Credentials, context: SendContext): Promise<Receipt>;
  /**
   * Takes back what was sent, e.g. because it was read elsewhere; absent where the provider cannot. Resolves too where
   * the message is gone already. `providerMessageId` is the receipt's.
   * @throws {ChannelError} classified as in `send`.
   */
  retract?(providerMessageId: string, credentials: Credentials, context: CallContext): Promise<void>;
  /** How its callbacks are read; absent where Carillon reads them itself, or there are none. */
  readonly callbacks?: CallbackReader;
  /** Ends pooled connections, once the sends under way are done. */
  close(): Promise<void>;
}

/** A provider's call to `callbackUrl`, as it came, of at most 256 KiB. */
export interface ProviderCall extends Callback {
  /** The delivery that `callbackUrl` names, where that was called: proved only if the URL is. */
  deliveryId?: string;
  /** The delivery that a `returnToken` names; undefined for what is none of this tenant's and channel's. */
  deliveryOf: (returnToken: string) => string | undefined;
}

/** Says whether a call is the provider's, and what it tells. */
export interface CallbackReader {
  /**
   * Whether these credentials prove the call.
   * @throws {Error} where that cannot be found out: then it is not proved.
   */
  verify(call: ProviderCall, credentials: unknown): Promise<boolean>;
  /**
   * What a call that is proved tells, without addresses and secrets in its words.
   * @throws {Error} where it cannot be read.
   */
  read(call: ProviderCall, credentials: unknown): Promise<readonly CallbackReport[]>;
}

/** Credentials that work. */
export interface Verified {
  /** What is good to know of them all the same, e.g. that the account is for trying out only. */
  note?: string;
}

/** What the registry holds: one way to deliver on one channel; `delivery` tells which kind. */
export type Channel = StoredChannel | SendingChannel;

/** One call to a provider. */
export interface CallContext {
  tenantId: string;
  /**
   * Aborted when the call is to end: with a `TimeoutError` as its reason when its time is up, with an `AbortError` when
   * it is not to go on (its worker must go, or nobody waits for it any more).
   */
  signal: AbortSignal;
  /** Milliseconds that the whole call has; `signal` keeps them. */
  timeoutMs: number;
  /** The only way out to a URL or host that a tenant or a person named. */
  network: Network;
}

/** One attempt at a provider. */
export interface SendContext extends CallContext {
  /** `notification:channel:target`: the same for every attempt; handed to providers that take such a key. */
  idempotencyKey: string;
  /** Where the provider may report what became of the message; absent while the deployment has no public address. */
  callbackUrl?: string;
  /**
   * Names the delivery to whoever reports of it: goes into a mail's Message-ID and return path, into a button's value or a
   * provider's tags. At most 50 lower-case letters, digits and dashes; the same for every attempt.
   */
  returnToken?: string;
}

export interface Receipt {
  /** The provider's own ID for the message, where it gives one. */
  providerMessageId?: string;
  /** What the provider said, capped to {@link MAX_PROVIDER_RESPONSE} characters, without addresses. */
  providerResponse?: string;
  /** What the provider bills it as, e.g. the segments of an SMS. */
  units?: number;
  /** Of the targets, those that the provider does not know any more: they are forgotten. */
  goneTargets?: readonly string[];
}

export const MAX_PROVIDER_RESPONSE = 500;

/** A send that failed, with its reason classified by the channel that knows the provider. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly retryAfterMs?: number;
  /** What the provider said, or in its silence what Carillon saw; capped, without addresses. */
  readonly providerResponse?: string;
  /** The provider was not reached or not usable, as opposed to it refusing this message. */
  readonly providerDown: boolean;
  /** The provider says that this address must not be written to on this channel any more. */
  readonly suppress?: SuppressionReason;
  /** Of the targets, those that the provider does not know any more: they are forgotten. */
  readonly goneTargets: readonly string[];

  constructor(
    readonly reason: FailureReason,
    options: {
      cause?: unknown;
      retryAfterMs?: number;
      providerResponse?: string;
      providerDown?: boolean;
      suppress?: SuppressionReason;
      goneTargets?: readonly string[];
    } = {},
  ) {
    super(reason, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
    this.providerResponse = options.providerResponse?.slice(0, MAX_PROVIDER_RESPONSE);
    this.suppress = options.suppress;
    this.goneTargets = options.goneTargets ?? [];
    this.providerDown = options.providerDown ?? reason === 'network_error';
  }

  /** False where no later attempt can succeed. */
  get retryable(): boolean {
    return !finalFailureReasons.includes(this.reason);
  }
}
