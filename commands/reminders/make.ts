import { CarillonError, invalid } from '../../contracts/errors.js';
import type { ReminderPut } from '../../contracts/reminders.js';
import { recipientIdOf } from '../../models/recipient-id.js';
import type { ReminderContent, ReminderRow } from '../../models/reminders.js';
import { daysLeft } from '../../policy/days-left.js';
import { reminderStart } from '../../runtime/reminder-start.js';
import type { CommandDependencies } from '../dependencies.js';
import { phoneNumbersOf } from '../phone-numbers.js';
import { withDeadline } from '../temporal-calls.js';
import { checkText } from '../trigger/check-text.js';
import { checkData, checkTrigger } from '../trigger/check.js';
import { requestHash } from '../trigger/request-hash.js';
import { stopUnsent } from '../notifications/stop-unsent.js';

/** Furthest that a due date may be ahead. */
const LONGEST_MS = 30 * 366 * 86_400_000;

interface Made {
  row: ReminderRow;
  isNew: boolean;
}

/**
 * Stores a reminder and starts its run. The same request again finds the same one, and starts what an earlier call had
 * only stored.
 * @throws CarillonError `conflict` for a key that has another reminder; what {@link contentOf} throws.
 */
export async function makeReminder(
  deps: CommandDependencies,
  tenantId: string,
  key: string,
  given: ReminderPut,
  actor: string,
): Promise<Made> {
  const { content, check } = await contentOf(deps, tenantId, given);
  const known = await deps.models.reminders.find(tenantId, key);
  if (!known) await check();
  const { row, inserted } = known
    ? { row: known, inserted: false }
    : await deps.models.reminders.insert(tenantId, key, content, actor);
  if (row.requestHash !== content.requestHash) {
    throw new CarillonError('conflict', `there is another reminder "${key}": replace it with PUT`);
  }
  if (row.status === 'active') await lookAgain(deps, row);
  return { row, isNew: inserted };
}

/** Makes a reminder, or replaces the one that has the key. What waits of a date that was moved is cancelled. */
export async function putReminder(
  deps: CommandDependencies,
  tenantId: string,
  key: string,
  given: ReminderPut,
  actor: string,
): Promise<Made> {
  const { content, check } = await contentOf(deps, tenantId, given);
  const { reminders } = deps.models;
  for (;;) {
    const known = await reminders.find(tenantId, key);
    const isSame = known?.status === 'active' && known.requestHash === content.requestHash;
    if (!isSame) await check();
    const { row, inserted } = known
      ? { row: isSame ? known : await reminders.replace(known, content), inserted: false }
      : await reminders.insert(tenantId, key, content, actor);
    if (!row || (!known && !inserted)) continue;
    if (known && known.dueAt.getTime() !== row.dueAt.getTime()) {
      const ids = sentFor(known);
      await stopUnsent(deps, tenantId, ids, { by: actor, reason: 'the date was moved' });
    }
    await lookAgain(deps, row);
    return { row, isNew: inserted };
  }
}

/** The notifications that were sent for the date as it is. */
export function sentFor({ sent, dueAt }: ReminderRow): string[] {
  return sent.filter((one) => one.dueAt.getTime() === dueAt.getTime()).map((one) => one.notificationId);
}

/** Tells the run of a reminder that something changed; where none goes on, one begins. */
async function lookAgain(deps: CommandDependencies, row: ReminderRow): Promise<void> {
  await withDeadline(deps.client, () =>
    deps.client.workflow.signalWithStart('reminder', reminderStart(row, deps.taskQueue)),
  );
}

/**
 * A request in its stored form; `check` says whether it may be stored now.
 * @throws CarillonError `validation_failed` for times, and phone numbers that are none; `unprocessable` for its type
 * or `data`.
 */
async function contentOf(
  deps: CommandDependencies,
  tenantId: string,
  given: ReminderPut,
): Promise<{ content: ReminderContent; check: () => Promise<void> }> {
  const { notification } = given;
  const to = await phoneNumbersOf(deps, tenantId).inTo(notification.to);
  const asked = { ...notification, to };
  const dueAtMs = Date.parse(given.dueAt);
  const vault = await deps.models.dataKeys.vault(tenantId);
  const { related } = asked;
  return {
    content: {
      type: asked.type,
      recipientId: recipientIdOf(vault, to.recipient),
      ...(related ? { related: `${related.type}:${related.id}` } : {}),
      dueAt: new Date(dueAtMs),
      offsets: given.offsets,
      notification: vault.seal(JSON.stringify(asked)),
      requestHash: requestHash({ dueAtMs, offsets: given.offsets, notification: asked }),
    },
    check: async () => {
      const nowMs = Date.now();
      if (dueAtMs <= nowMs) throw invalid('dueAt', 'is in the past');
      if (dueAtMs > nowMs + LONGEST_MS) throw invalid('dueAt', 'is more than 30 years ahead');
      const days = daysLeft(nowMs, dueAtMs, 'UTC');
      const type = await deps.types.find(tenantId, asked.type);
      checkTrigger(asked, type, nowMs);
      checkData(type, { ...asked.data, dueAt: given.dueAt, daysLeft: days }, 'notification.data');
      await checkText(deps, tenantId, asked, type);
    },
  };
}
