/**
 * The one table of error codes that HTTP callers see: code → HTTP status.
 * `docs/architecture.md` and the OpenAPI document list the same codes; a test compares them.
 */
export const errorStatus = {
  validation_failed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_late: 409,
  payload_too_large: 413,
  unprocessable: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** One place in the input that is wrong: `path` in dotted form (`to.recipient.email`), or the name of a header. */
export interface ErrorItem {
  path: string;
  message: string;
}

/**
 * An error with a code from {@link errorStatus}. Thrown anywhere below the API, answered as
 * `{ detail, code, errors? }`. `detail` is for the caller: no internals, no addresses.
 */
export class CarillonError extends Error {
  override readonly name = 'CarillonError';

  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly errors?: readonly ErrorItem[],
    options?: { cause?: unknown; retryAfterMs?: number },
  ) {
    super(detail, options?.cause === undefined ? undefined : { cause: options.cause });
    this.retryAfterMs = options?.retryAfterMs;
  }

  /** Milliseconds after which the same call may succeed; answered as `Retry-After`. */
  readonly retryAfterMs?: number;
}

/** A single-path validation error, the commonest kind. */
export function invalid(path: string, message: string): CarillonError {
  return new CarillonError('validation_failed', `${path}: ${message}`, [{ path, message }]);
}

/** Why a delivery failed, as the log and the API name it. */
export const failureReasons = [
  'auth_error',
  'network_error',
  'provider_error',
  'content_error',
  'invalid_recipient',
  'rate_limited',
  'unknown_error',
] as const;

export type FailureReason = (typeof failureReasons)[number];

/** Reasons that no later attempt can mend: the delivery is final at once. */
export const finalFailureReasons: readonly FailureReason[] = [
  'auth_error',
  'content_error',
  'invalid_recipient',
];

/** The `type` of every `ApplicationFailure` that crosses between workflows and activities. */
export const workflowFailureTypes = [...failureReasons, 'too_late', 'interrupted'] as const;
export type WorkflowFailureType = (typeof workflowFailureTypes)[number];
