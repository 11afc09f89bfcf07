import type { ChannelName } from '../../contracts/channels.js';
import type { FailureReason } from '../../contracts/errors.js';
import type { SuppressionReason } from '../../contracts/suppressions.js';

/** A provider's call, as it came. */
export interface Callback {
  /** The very bytes. */
  body: Buffer;
  header: (name: string) => string | undefined;
  /** The whole address that was called, as the provider knows it, with its query. */
  url: string;
  nowMs: number;
}

/** What a delivery's provider, or its reader, tells of it. */
export type Feedback = { deliveryId: string; at: Date } & (
  | { kind: 'delivered' }
  /** It came back for good. `suppress`: its address must not be written to any more. */
  | {
      kind: 'bounced';
      failureReason: FailureReason;
      suppress?: SuppressionReason | undefined;
      /** Redacted. */
      detail: string;
      /** Where it may have been sent to, as the provider says it. */
      addresses: readonly string[];
      /** The provider's own ID for it. */
      providerMessageId?: string | undefined;
    }
  /** Not yet, or not this time: it is only told. */
  | { kind: 'delayed'; detail: string }
  /** The reader calls it spam. */
  | { kind: 'complained'; detail: string; addresses: readonly string[] }
  /** `tracked`: seen by a pixel or a redirect, which a person may not want. `byMachine`: perhaps nobody looked. */
  | { kind: 'opened'; tracked?: boolean; byMachine?: boolean }
  | { kind: 'clicked'; tracked?: boolean }
  | { kind: 'replied' }
);

/** What somebody writes to us, known only by where they write from. */
export type Answer = { channel: ChannelName; address: string; at: Date } & (
  | { kind: 'wrote' }
  /** Wants nothing more. */
  | { kind: 'stopped' }
  /** Wants to be written to again. */
  | { kind: 'started' }
);

/** What a callback that is its provider's tells. */
export interface Told {
  feedback: readonly Feedback[];
  answers?: readonly Answer[];
}

/** A callback that is its provider's, and what it tells; or what is wrong, without a word of a secret. */
export type Taken<T = Told> = { ok: true; told: T } | { ok: false; problem: string };

/** A callback that tells nothing of deliveries. */
export const nothing: Told = { feedback: [] };

export function refused(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}
