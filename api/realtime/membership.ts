import { setTimeout as pause } from 'node:timers/promises';
import type { Models } from '../../models/models.js';
import type { Logger } from '../../runtime/logger.js';
import type { Presence, PresentPerson } from './presence.js';

const RETRY_MS = 1_000;

/**
 * Keeps roles, topics and tokens of those who are connected as the database has them: whose person is gone, or whose
 * token was revoked, is disconnected.
 */
export class Membership {
  private readonly stale = new Set<PresentPerson>();
  private isLooking = false;
  private isClosed = false;

  constructor(
    private readonly models: Pick<Models, 'subscribers' | 'topicMembers'>,
    private readonly presence: Presence,
    private readonly log: Logger,
  ) {}

  /** Once it has resolved, the person hears what is said to their roles and topics. */
  async load(person: PresentPerson): Promise<void> {
    const { tenantId, recipientId } = person;
    const [standing, topics] = await Promise.all([
      this.models.subscribers.standing(tenantId, recipientId),
      this.models.topicMembers.topicsOf(tenantId, recipientId),
    ]);
    this.presence.belongs(person, { roles: standing?.roles ?? [], topics });
    for (const connection of person.connections) {
      const { issuedMs } = connection.person;
      const revokedMs = standing?.revokedAt?.getTime();
      if (!standing || (revokedMs !== undefined && (issuedMs === undefined || issuedMs <= revokedMs)))
        connection.end();
    }
  }

  /** Something of theirs changed. Looked at until it could be: a revoked token must not live on by a bad moment. */
  changed(person: PresentPerson): void {
    this.stale.add(person);
    if (!this.isLooking) void this.look();
  }

  close(): void {
    this.isClosed = true;
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    while (this.stale.size > 0 && !this.isClosed) {
      const people = [...this.stale].slice(0, 20);
      for (const person of people) this.stale.delete(person);
      try {
        await Promise.all(
          people.filter((person) => person.connections.size > 0).map((one) => this.load(one)),
        );
      } catch (error) {
        for (const person of people) this.stale.add(person);
        this.log.warn({ err: error }, 'memberships not read, trying again');
        await pause(RETRY_MS, undefined, { ref: false });
      }
    }
    this.isLooking = false;
  }
}
