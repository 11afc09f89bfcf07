import type { Answer, Feedback } from '../../contracts/feedback.js';

export type { Answer, Feedback } from '../../contracts/feedback.js';

/** A provider's call, as it came. */
export interface Callback {
  /** The very bytes. */
  body: Buffer;
  header: (name: string) => string | undefined;
  /** The whole address that was called, as the provider knows it, with its query. */
  url: string;
  nowMs: number;
}

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
