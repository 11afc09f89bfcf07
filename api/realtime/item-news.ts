import type { LiveChange } from '../../models/live-changes.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import type { ApiDependencies } from '../dependencies.js';
import { itemContext } from '../views/item.js';
import type { Presence, PresentPerson } from './presence.js';
import type { RealtimeSettings } from './settings.js';
import { tell, toldOf } from './tell.js';

type ItemChange = Extract<LiveChange, { kind: 'item' }>;

/** Rows that are read in one go. */
const STEP = 500;

export interface NewsFollowers {
  /** The person's counts may be others now. */
  counts(person: PresentPerson): void;
  /** An item of theirs is put off until then. */
  snoozed(person: PresentPerson, until: Date): void;
  /** More changed at once than is told one by one, or it could not be read. */
  reload(people: Iterable<PresentPerson>): void;
}

/**
 * Brings changed items to those of their people who are connected here. Rows are read together: whatever changed while
 * others were read. An item is told as it stands when it is read, so that of several changes the last is told.
 */
export class ItemNews {
  private waiting = new Map<string, ItemChange>();
  private isReading = false;

  constructor(
    private readonly deps: Pick<ApiDependencies, 'models' | 'types' | 'log'>,
    private readonly presence: Presence,
    private readonly settings: Pick<RealtimeSettings, 'maxAtOnce'>,
    private readonly followers: NewsFollowers,
  ) {}

  add(change: ItemChange): void {
    const { tenantId, recipientId, rowId } = change;
    if (!this.presence.hasTenant(tenantId)) return;
    if (recipientId !== undefined && !this.presence.find(tenantId, recipientId)) return;
    const earlier = this.waiting.get(rowId);
    this.waiting.set(rowId, { ...change, isNew: change.isNew || earlier?.isNew === true });
    if (!this.isReading) void this.readAll();
  }

  private async readAll(): Promise<void> {
    this.isReading = true;
    // What came with the same answer of the server is read together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.size > 0) {
      const changes = [...this.waiting.values()];
      this.waiting = new Map();
      for (const [tenantId, some] of byTenant(changes)) {
        for (let from = 0; from < some.length; from += STEP)
          await this.read(tenantId, some.slice(from, from + STEP));
      }
    }
    this.isReading = false;
  }

  private async read(tenantId: string, changes: readonly ItemChange[]): Promise<void> {
    try {
      const rows = await this.deps.models.inboxLive.find(
        tenantId,
        changes.map(({ rowId }) => rowId),
      );
      const byId = new Map(rows.map((row) => [row._id, row]));
      // In the order of the changes.
      const theirs = new Map<PresentPerson, { row: NotificationRow; isNew: boolean }[]>();
      for (const { rowId, isNew } of changes) {
        const row = byId.get(rowId);
        const person = row && this.presence.find(tenantId, row.recipientId);
        if (!person) continue;
        const some = theirs.get(person);
        if (some) some.push({ row, isNew });
        else theirs.set(person, [{ row, isNew }]);
      }
      for (const [person, items] of theirs) await this.tell(person, items);
    } catch (error) {
      this.deps.log.warn({ tenantId, err: error }, 'changes not read');
      this.followers.reload([...this.presence.persons].filter((person) => person.tenantId === tenantId));
    }
  }

  private async tell(
    person: PresentPerson,
    items: readonly { row: NotificationRow; isNew: boolean }[],
  ): Promise<void> {
    if (items.length > this.settings.maxAtOnce) {
      this.followers.reload([person]);
      return;
    }
    const context = await itemContext(this.deps, person.tenantId);
    for (const { row, isNew } of items) {
      const told = toldOf(row, context, { isNew });
      if (told) tell(person, told);
      if (row.snoozedUntil) this.followers.snoozed(person, row.snoozedUntil);
    }
    this.followers.counts(person);
  }
}

function byTenant(changes: readonly ItemChange[]): Map<string, ItemChange[]> {
  const tenants = new Map<string, ItemChange[]>();
  for (const change of changes) {
    const some = tenants.get(change.tenantId);
    if (some) some.push(change);
    else tenants.set(change.tenantId, [change]);
  }
  return tenants;
}
