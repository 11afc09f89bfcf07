import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { CarillonError } from '../contracts/errors.js';

/** Longest that a request waits for Temporal before it answers `unavailable`. */
const DEADLINE_MS = 10_000;

/** Runs calls of the Temporal client under the API's deadline. */
export function withDeadline<T>(client: Client, call: () => Promise<T>): Promise<T> {
  return client.connection.withDeadline(Date.now() + DEADLINE_MS, call);
}

/**
 * Tells a run something.
 * @throws CarillonError `too_late` when it has ended, or says so itself.
 */
export async function tell<T>(client: Client, call: () => Promise<T>): Promise<T> {
  try {
    return await withDeadline(client, call);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw tooLate(error);
    if (
      error instanceof WorkflowUpdateFailedError &&
      error.cause instanceof ApplicationFailure &&
      error.cause.type === 'too_late'
    ) {
      throw tooLate(error);
    }
    throw error;
  }
}

export function tooLate(cause?: unknown): CarillonError {
  return new CarillonError('too_late', 'it is being delivered already, or is over', undefined, { cause });
}
