import { ApplicationFailure, CancellationScope, setHandler } from '@temporalio/workflow';
import type { OperatorNote } from '../contracts/notification-run.js';
import type { ChannelOutcomes } from '../contracts/outcomes.js';
import type { Amendment } from '../contracts/trigger.js';
import {
  acknowledgedSignal,
  cancelSignal,
  expediteSignal,
  recheckSignal,
  redeliverSignal,
  releaseSignal,
} from './messages.js';
import { redeliverer } from './redeliver.js';

/** What a run has been told by signals and updates. Handlers set it, the main body acts on it. */
export interface Requests {
  /** Ends what has not gone out; the first such word is the last. */
  end?: { as: 'cancelled' | 'acknowledged'; note?: string };
  /** How often "send now" was asked: each wait ends on one more than it has seen. */
  expedites: number;
  /** How often a look at changed facts was asked for, counted like `expedites`. */
  rechecks: number;
  /** How often it was told that a provider answers again, counted likewise. */
  releases: number;
  /** Updates under way. Their answer leaves with the workflow task, which no first attempt may hold up then. */
  callersWaiting: number;
  amendment?: Amendment;
  /** What failed before and was tried again in this run: how the notification's channels stood after it. */
  redelivered?: ChannelOutcomes;
}

/**
 * Registers the signal handlers. Signals typed by hand come without an argument, or with one of any shape. A
 * cancellation asked for in the Web UI counts as the `cancel` signal.
 */
export function listen(): Requests {
  const requests: Requests = { expedites: 0, rechecks: 0, releases: 0, callersWaiting: 0 };
  setHandler(cancelSignal, (note) => {
    requests.end ??= { as: 'cancelled', note: describeNote(note) };
  });
  setHandler(acknowledgedSignal, (note) => {
    requests.end ??= { as: 'acknowledged', note: describeNote(note) };
  });
  setHandler(expediteSignal, () => {
    requests.expedites += 1;
  });
  setHandler(recheckSignal, () => {
    requests.rechecks += 1;
  });
  const redeliver = redeliverer(requests);
  // It is under way for as long as its attempts are, so no run ends before it: each waits for its handlers.
  setHandler(redeliverSignal, redeliver);
  setHandler(releaseSignal, () => {
    requests.releases += 1;
  });
  const cancelledFromOutside = () => {
    requests.end ??= { as: 'cancelled', note: 'cancellation requested from Temporal' };
  };
  const scope = CancellationScope.current();
  // One that came before the first task is known now, and would be heard of only after planning has begun.
  if (scope.consideredCancelled) cancelledFromOutside();
  scope.cancelRequested.catch(cancelledFromOutside);
  return requests;
}

/** What to amend, for the plan that follows: the next one does not get it again. */
export function takeAmendment(requests: Requests): Amendment | undefined {
  const { amendment } = requests;
  requests.amendment = undefined;
  return amendment;
}

/** Who asked and why, for the timeline; whatever was typed. */
export function describeNote(note: unknown): string | undefined {
  if (typeof note !== 'object' || note === null) return undefined;
  const { by, reason } = note as OperatorNote;
  const parts = [by, reason].filter((part) => typeof part === 'string');
  return parts.length > 0 ? parts.join(': ').slice(0, 300) : undefined;
}

const fields: Readonly<Record<keyof Amendment, (value: unknown) => boolean>> = {
  data: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  sendAt: (value) => value === 'best' || isTimeOrNull(value),
  expiresAt: isTimeOrNull,
  channels: (value) => Array.isArray(value) && value.length > 0,
};

/**
 * The API has checked what it passes on; this is for an amendment typed by hand. Planning is tried until it succeeds,
 * so one that cannot be planned would hold up the run for good. Without an argument it changes nothing.
 *
 * By hand here too, since zod would be loaded anew for every run.
 * @throws ApplicationFailure `content_error`
 */
export function checkAmendment(amendment: unknown): void {
  if (amendment === undefined || amendment === null) return;
  const wrong = Object.entries(amendment).find(
    ([name, value]) => !(name in fields) || (value !== undefined && !fields[name as keyof Amendment](value)),
  );
  if (wrong || typeof amendment !== 'object' || Array.isArray(amendment)) {
    const what = wrong?.[0] ?? 'it';
    throw ApplicationFailure.nonRetryable(`${what} cannot be amended like this`, 'content_error');
  }
}

function isTimeOrNull(value: unknown): boolean {
  return value === null || (typeof value === 'string' && !Number.isNaN(Date.parse(value)));
}
