import type { Models } from '../../models/models.js';
import type { Logger } from '../../runtime/logger.js';
import type { Presence, PresentPerson } from './presence.js';
import type { RealtimeSettings } from './settings.js';
import { tell } from './tell.js';

/** Tells a person's clients the counts after changes: soon, and once for many changes. */
export class CountsTeller {
  private readonly due = new Map<PresentPerson, NodeJS.Timeout>();

  constructor(
    private readonly models: Pick<Models, 'inbox'>,
    private readonly presence: Presence,
    private readonly log: Logger,
    private readonly settings: Pick<RealtimeSettings, 'countsMs'>,
  ) {}

  changed(person: PresentPerson): void {
    if (this.due.has(person)) return;
    const timer = setTimeout(() => {
      this.due.delete(person);
      void this.tell(person);
    }, this.settings.countsMs);
    this.due.set(person, timer);
  }

  close(): void {
    for (const timer of this.due.values()) clearTimeout(timer);
    this.due.clear();
  }

  private async tell(person: PresentPerson): Promise<void> {
    const { tenantId, recipientId } = person;
    if (this.presence.find(tenantId, recipientId) !== person) return;
    try {
      const { unread, unseen } = await this.models.inbox.counts(tenantId, recipientId, new Date());
      tell(person, ['counts', { unread, unseen }]);
    } catch (error) {
      // When the database is back there are changes to tell, or a gap: either brings the counts again.
      this.log.warn({ tenantId, err: error }, 'counts not told');
      this.changed(person);
    }
  }
}
