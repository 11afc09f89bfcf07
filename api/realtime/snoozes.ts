import type { Models } from '../../models/models.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import type { ApiDependencies } from '../dependencies.js';
import { itemContext } from '../views/item.js';
import { LongTimer } from './long-timer.js';
import type { Presence, PresentPerson } from './presence.js';
import { tell, toldOf } from './tell.js';

/** Items told at one wake-up. */
const MOST = 100;
const RETRY_MS = 1_000;

/** Tells people when a snooze ends. One timer for all: until the next one of anybody who is connected. */
export class Snoozes {
  private readonly next = new Map<PresentPerson, Date>();
  private timer: LongTimer | undefined;
  private timerMs = Infinity;

  constructor(
    private readonly deps: Pick<ApiDependencies, 'models' | 'types' | 'log'>,
    private readonly presence: Presence,
    /** Items of theirs were told to be back; or so many were that they are to load anew. */
    private readonly on: {
      woken: (person: PresentPerson) => void;
      tooMany: (person: PresentPerson) => void;
    },
  ) {}

  /** An item of theirs is to be back then. */
  expect(person: PresentPerson, wake: Date): void {
    if (wake.getTime() <= Date.now() || !this.isThere(person)) return;
    const known = this.next.get(person);
    if (!known || wake < known) this.next.set(person, wake);
    if (wake.getTime() < this.timerMs) this.arm(wake.getTime());
  }

  forget(person: PresentPerson): void {
    this.next.delete(person);
  }

  close(): void {
    this.timer?.cancel();
    this.next.clear();
  }

  private arm(atMs: number): void {
    this.timer?.cancel();
    this.timerMs = atMs;
    this.timer = new LongTimer(atMs, () => void this.wake());
  }

  private async wake(): Promise<void> {
    const now = new Date();
    const awake = [...this.next].filter(([, wake]) => wake <= now);
    for (const [person] of awake) this.next.delete(person);
    this.armNext();
    for (const [person, wake] of awake) {
      try {
        await this.tell(person, wake, now);
      } catch (error) {
        this.deps.log.warn(
          { tenantId: person.tenantId, err: error },
          'end of a snooze not told, trying again',
        );
        this.next.set(person, wake);
        this.arm(Math.min(this.timerMs, Date.now() + RETRY_MS));
      }
    }
  }

  private async tell(person: PresentPerson, wake: Date, now: Date): Promise<void> {
    if (!this.isThere(person)) return;
    const { models } = this.deps;
    const { woken, next } = await snoozedOf(models, person, new Date(wake.getTime() - 1), now, MOST);
    if (next) this.expect(person, next);
    if (woken.length === MOST) return this.on.tooMany(person);
    const context = await itemContext(this.deps, person.tenantId);
    for (const row of woken) {
      const told = toldOf(row, context, { isNew: false, at: row.snoozedUntil ?? now });
      if (told) tell(person, told);
    }
    if (woken.length > 0) this.on.woken(person);
  }

  private armNext(): void {
    this.timerMs = Infinity;
    const nextMs = Math.min(...[...this.next.values()].map((wake) => wake.getTime()));
    if (Number.isFinite(nextMs)) this.arm(nextMs);
  }

  private isThere({ tenantId, recipientId, connections }: PresentPerson): boolean {
    return connections.size > 0 && this.presence.find(tenantId, recipientId) !== undefined;
  }
}

/** A person's items that were put off until after `from`: those that are back by now, at most so many; when the next is. */
export async function snoozedOf(
  { inboxLive }: Pick<Models, 'inboxLive'>,
  { tenantId, recipientId }: Pick<PresentPerson, 'tenantId' | 'recipientId'>,
  from: Date,
  now: Date,
  most: number,
): Promise<{ woken: NotificationRow[]; next: Date | undefined }> {
  const rows = await inboxLive.snoozedAfter(tenantId, recipientId, from, most);
  const isBack = ({ snoozedUntil }: NotificationRow) => snoozedUntil !== undefined && snoozedUntil <= now;
  const woken = rows.filter(isBack);
  const after =
    woken.length === most
      ? await inboxLive.snoozedAfter(tenantId, recipientId, now, 1)
      : rows.slice(woken.length);
  return { woken, next: after[0]?.snoozedUntil };
}
