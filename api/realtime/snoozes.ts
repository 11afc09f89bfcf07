import type { ApiDependencies } from '../dependencies.js';
import { itemContext } from '../views/item.js';
import { LongTimer } from './long-timer.js';
import type { Presence, PresentPerson } from './presence.js';
import { tell, toldOf } from './tell.js';

/** Items told at one wake-up; nobody snoozes more until the same moment. */
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
    private readonly onWoken: (person: PresentPerson) => void,
  ) {}

  /** From now on, for somebody who connected. */
  async watch(person: PresentPerson): Promise<void> {
    const { tenantId, recipientId } = person;
    const wake = await this.deps.models.inboxLive.nextWake(tenantId, recipientId, new Date());
    if (wake) this.expect(person, wake);
  }

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
    const { tenantId, recipientId } = person;
    const { inboxLive } = this.deps.models;
    const rows = await inboxLive.woken(tenantId, recipientId, new Date(wake.getTime() - 1), now, MOST);
    const context = await itemContext(this.deps, tenantId);
    for (const row of rows) {
      const told = toldOf(row, context, { isNew: false, at: row.snoozedUntil ?? now });
      if (told) tell(person, told);
    }
    if (rows.length > 0) this.onWoken(person);
    await this.watch(person);
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
