import { writeCursor } from '../../models/cursor.js';
import type { Models } from '../../models/models.js';
import type { Logger } from '../../runtime/logger.js';
import type { Presence, PresentPerson } from './presence.js';
import type { RealtimeSettings } from './settings.js';
import { tell } from './tell.js';

/** Endings that are looked at in one go. Past this, whoever has such an item open finds out when they touch it. */
const MOST = 5_000;

/**
 * Tells people of items whose retention ends: housekeeping removes such rows at night, and tells nobody whose they were. So
 * they are looked for as their time comes, for all who are connected at once.
 */
export class Endings {
  private timer: NodeJS.Timeout | undefined;
  private reached = new Date();

  constructor(
    private readonly models: Pick<Models, 'inboxLive'>,
    private readonly presence: Presence,
    private readonly log: Logger,
    private readonly settings: Pick<RealtimeSettings, 'endingsMs'>,
    private readonly onEnded: (person: PresentPerson) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.look(), this.settings.endingsMs);
    this.timer.unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const from = this.reached;
    const to = new Date(Date.now() + this.settings.endingsMs);
    this.reached = to;
    if (this.presence.isEmpty) return;
    try {
      for (const { tenantId, recipientId, id } of await this.models.inboxLive.ending(from, to, MOST)) {
        const person = this.presence.find(tenantId, recipientId);
        if (!person) continue;
        tell(person, ['removed', { id, cursor: writeCursor({ at: new Date(), id }) }]);
        this.onEnded(person);
      }
    } catch (error) {
      this.log.warn({ err: error }, 'endings not read');
      this.reached = from;
    }
  }
}
