import type { Answer, Feedback } from '../../contracts/feedback.js';

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
