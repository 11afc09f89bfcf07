import type { ErrorBody, ErrorCode } from './shapes.js';

export interface CarillonErrorDetails {
  /** The HTTP status; 0 where there was no answer. */
  status?: number;
  errors?: ErrorBody['errors'];
  requestId?: string;
  retryAfterMs?: number;
  cause?: unknown;
}

/** Why something was not done: one of the API's codes, or `unreachable` where it did not answer. */
export class CarillonError extends Error {
  override readonly name = 'CarillonError';
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** What of the input is wrong, in dotted form; each place with its message in `errors`. */
  readonly path?: string;
  readonly errors: readonly { path: string; message: string }[];
  /** By which the operator finds the call in the log. */
  readonly requestId?: string;
  /** Milliseconds after which the same call may succeed. */
  readonly retryAfterMs?: number;

  constructor(
    readonly code: ErrorCode | 'unreachable',
    message: string,
    { status = 0, errors = [], requestId, retryAfterMs, cause }: CarillonErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.errors = errors;
    this.path = errors[0]?.path;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whatever was thrown, as one of these. */
export function asCarillonError(error: unknown): CarillonError {
  if (error instanceof CarillonError) return error;
  return new CarillonError('unreachable', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
