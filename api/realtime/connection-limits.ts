import { CarillonError } from '../../contracts/errors.js';
import { rowId } from '../../models/row-id.js';
import type { Config } from '../../runtime/config.js';

type Limits = Pick<Config, 'CARILLON_SOCKETS_PER_PERSON' | 'CARILLON_SOCKETS_PER_TENANT'>;

/** When a client that was refused may try again, in milliseconds: others must leave first. */
const RETRY_MS = 30_000;

/** How many clients this process takes of one person and of one tenant. */
export class ConnectionLimits {
  private readonly taken = new Map<string, number>();

  constructor(private readonly limits: Limits) {}

  /**
   * Takes a place; what is answered gives it back, once.
   * @throws CarillonError `rate_limited`
   */
  take(tenantId: string, recipientId: string): () => void {
    const person = rowId(tenantId, recipientId);
    if (this.of(person) >= this.limits.CARILLON_SOCKETS_PER_PERSON)
      throw limited('this person has too many connections');
    if (this.of(tenantId) >= this.limits.CARILLON_SOCKETS_PER_TENANT)
      throw limited('the tenant has too many connections');
    this.count(person, 1);
    this.count(tenantId, 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.count(person, -1);
      this.count(tenantId, -1);
    };
  }

  private of(key: string): number {
    return this.taken.get(key) ?? 0;
  }

  /** A tenant's ID has no slash, so that it is no person's key. */
  private count(key: string, change: 1 | -1): void {
    const now = this.of(key) + change;
    if (now === 0) this.taken.delete(key);
    else this.taken.set(key, now);
  }
}

function limited(detail: string): CarillonError {
  return new CarillonError('rate_limited', detail, undefined, { retryAfterMs: RETRY_MS });
}
