import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Bots, which is tenants, and people of each: what was not used for longest goes first. */
const MAX_BOTS = 500;
const MAX_PEOPLE = 2000;
/** Somebody's address may pass to another account. */
const KEPT_MS = 3_600_000;

/**
 * User IDs by email address, so that not every message asks Slack twice. Who is not found is not remembered. Each tenant
 * has a bound of its own, lest one tenant's broadcast empties the others'; keyed by a hash of the token, since another
 * bot may belong to another workspace.
 */
export class UserIds {
  private readonly bots = new LRUCache<string, LRUCache<string, string>>({ max: MAX_BOTS });
  private readonly hashKey = randomBytes(32);

  get(tenantId: string, token: string, email: string): string | undefined {
    return this.bots.get(this.keyOf(tenantId, token))?.get(email.toLowerCase());
  }

  set(tenantId: string, token: string, email: string, userId: string): void {
    const key = this.keyOf(tenantId, token);
    const people = this.bots.get(key) ?? new LRUCache<string, string>({ max: MAX_PEOPLE, ttl: KEPT_MS });
    people.set(email.toLowerCase(), userId);
    this.bots.set(key, people);
  }

  forget(tenantId: string, token: string, email: string): void {
    this.bots.get(this.keyOf(tenantId, token))?.delete(email.toLowerCase());
  }

  private keyOf(tenantId: string, token: string): string {
    return createHmac('sha256', this.hashKey)
      .update(JSON.stringify([tenantId, token]))
      .digest('base64url');
  }
}
