import { CarillonError } from '../../contracts/errors.js';
import type { CommandDependencies } from '../dependencies.js';
import { endReminder } from '../reminders/end.js';
import { stopUnsent } from './stop-unsent.js';

const PAGE = 200;
const AT_ONCE = 10;
const TOMBSTONE_MS = 30 * 86_400_000;

/** What is withdrawn, for whom, and by whom. */
export interface Withdrawal {
  related: { type: string; id: string };
  /** One person's; absent: everybody's. */
  recipientId?: string;
  /** The actor, for the timeline. */
  by: string;
  /** Told between pages, so that a long one can show that it is alive. */
  onPage?: () => Promise<void>;
}

/**
 * Takes back everything that concerns an object which somebody may not see any more: what waits is cancelled, its reminders
 * end, and what is in an inbox leaves it. Answers how many of each; doing it again does what is left.
 */
export async function withdrawRelated(
  deps: CommandDependencies,
  tenantId: string,
  { related, recipientId, by, onPage }: Withdrawal,
): Promise<{ cancelled: number; retracted: number; reminders: number }> {
  const { notifications, reminders } = deps.models;
  const whose = { related: `${related.type}:${related.id}`, recipientId };
  const reason = 'access was revoked';

  let ended = 0;
  for (;;) {
    const keys = await reminders.activeKeysRelated(tenantId, whose, PAGE);
    for (const key of keys) {
      try {
        await endReminder(deps, tenantId, key, { as: 'withdrawn', by });
        ended += 1;
      } catch (error) {
        if (!(error instanceof CarillonError) || error.code !== 'not_found') throw error;
      }
    }
    await onPage?.();
    if (keys.length < PAGE) break;
  }

  let cancelled = 0;
  let afterId: string | undefined;
  for (;;) {
    const ids = await notifications.findUnsentRelated(tenantId, whose, afterId, PAGE);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE);
      const told = await Promise.all(some.map((id) => stopUnsent(deps, tenantId, [id], { by, reason })));
      cancelled += told.reduce((sum, one) => sum + one, 0);
      await onPage?.();
    }
    if (ids.length < PAGE) break;
    afterId = ids.at(-1);
  }

  const now = new Date();
  const purgeAt = new Date(now.getTime() + TOMBSTONE_MS);
  const retracted = await notifications.retractRelated(tenantId, whose, { now, purgeAt, detail: reason });
  return { cancelled, retracted, reminders: ended };
}
