import type { Tally } from '../../contracts/broadcast-run.js';
import { isFinal, type NotificationStatus } from '../../contracts/statuses.js';
import type { FailedDelivery } from '../../models/add-failures.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { countFailures } from '../alerts/count-failures.js';
import { countEnded } from '../count-deliveries.js';
import { deliveryId } from '../../contracts/ids.js';
import type { ActivityDependencies } from '../dependencies.js';
import { patiently } from '../record.js';
import { suppress } from '../suppressions.js';
import { nextMembers, type Cursor } from './audience.js';
import { inParallel } from '../in-parallel.js';
import { planChunk, type PlannedRecipient } from './plan-chunk.js';
import { sendChunk, startedAttempt, type Sent } from './send-chunk.js';
import type { BroadcastSubject } from './subject.js';

// The stages that a chunk of recipients goes through, one after the other.

/** Runs of recipients who must wait or be tried again, started at a time. */
const STARTS_AT_ONCE = 10;

/** Decided about; nothing is stored. */
export interface PlannedChunk {
  recipients: PlannedRecipient[];
  afterId?: string;
  /** Nobody comes after these. */
  done: boolean;
}

/** Stored: these recipients have the broadcast, or will. */
export interface StoredChunk {
  fresh: PlannedRecipient[];
  /** Stored by an earlier call that did not come to its end. */
  known: { recipient: PlannedRecipient; status: NotificationStatus }[];
  afterId?: string;
  done: boolean;
}

export interface SentChunk extends StoredChunk {
  sent: Sent;
}

/** Reads the next recipients and decides about them. */
export async function planNext(
  deps: ActivityDependencies,
  subject: BroadcastSubject,
  place: Cursor,
): Promise<PlannedChunk> {
  const page = await nextMembers(deps.models, subject, place);
  const recipients = await planChunk(deps, subject, page.members);
  return { recipients, done: page.done, ...cursor(page.afterId ?? place.afterId) };
}

/**
 * Writes the deliveries, and for those that are about to be sent that they are: a crash leaves a mark. They come before
 * the notifications, so that a stored notification always has its deliveries.
 */
export async function enterInLog(deps: ActivityDependencies, chunk: PlannedChunk): Promise<PlannedChunk> {
  const now = new Date();
  for (const { deliveries, toSend } of chunk.recipients) {
    for (const row of deliveries) {
      if (!toSend.includes(row.channel)) continue;
      row.status = 'sending';
      row.attempts = [startedAttempt(row.provider, now)];
    }
  }
  await deps.models.deliveryBulk.insert(chunk.recipients.flatMap((one) => one.deliveries));
  return chunk;
}

/** Stores the notifications, which delivers in-app. */
export async function store(
  deps: ActivityDependencies,
  subject: BroadcastSubject,
  { recipients, ...place }: PlannedChunk,
): Promise<StoredChunk> {
  const { notificationBulk } = deps.models;
  const taken = await notificationBulk.insert(recipients.map((one) => one.row));
  const statuses = await notificationBulk.statuses(subject.tenantId, [...taken]);
  const fresh = recipients.filter((one) => !taken.has(one.row.id));
  for (const { row, deliveries } of fresh) {
    deps.metrics.count('carillon_notifications_planned_total', { status: row.status });
    countEnded(deps.metrics, deliveries);
  }
  return {
    ...place,
    fresh,
    known: recipients
      .filter((one) => taken.has(one.row.id))
      .map((recipient) => ({ recipient, status: statuses.get(recipient.row.id) ?? 'cancelled' })),
  };
}

/** Makes the first attempts. */
export async function send(
  deps: ActivityDependencies,
  subject: BroadcastSubject,
  chunk: StoredChunk,
  stop: AbortSignal,
): Promise<SentChunk> {
  return {
    ...chunk,
    sent: await sendChunk(deps, subject, chunk.fresh, stop),
  };
}

/** Records how the attempts ended, and hands over those who must wait or be tried again. */
export async function record(
  deps: ActivityDependencies,
  { tenantId, message }: BroadcastSubject,
  { fresh, known, sent }: SentChunk,
  tally: Tally,
): Promise<void> {
  await countFailures(deps, tenantId, failedOf(sent, message.type));
  await recordEnds(deps, tenantId, sent);
  const waiting = [
    ...fresh.filter((one) => waits(one.row)),
    ...sent.toRetry,
    ...known.filter(({ status }) => !isFinal(status)).map(({ recipient }) => recipient),
  ];
  await inParallel(waiting, STARTS_AT_ONCE, (one) => deps.runs.start(one.input));
  for (const status of [...fresh.map((one) => one.row.status), ...known.map((one) => one.status)]) {
    tally[status] = (tally[status] ?? 0) + 1;
  }
}

/** Whether a run of its own goes on with it: it is held, may be escalated, or is to join a digest. */
function waits(row: NotificationRow): boolean {
  return (
    row.status === 'held' || row.escalation !== undefined || Object.values(row.outcomes).includes('digesting')
  );
}

/**
 * Records how the attempts ended: which addresses are not to be written to again, then in the log, then with the
 * notifications. What is not recorded would be sent again.
 */
export async function recordEnds(
  deps: Pick<ActivityDependencies, 'models' | 'log'>,
  tenantId: string,
  { attempts, expired, ends, suppressions }: Sent,
): Promise<void> {
  const { deliveryBulk, notificationBulk } = deps.models;
  await suppress(deps, tenantId, suppressions);
  await patiently(() => deliveryBulk.recordFirst(tenantId, attempts));
  await patiently(() => deliveryBulk.markExpired(tenantId, expired));
  await patiently(() => notificationBulk.markEnded(tenantId, ends));
}

function failedOf({ attempts, ends }: Sent, type: string): FailedDelivery[] {
  const channels = new Map(ends.map(({ id, channel }) => [deliveryId(id, channel), channel]));
  return attempts.flatMap(({ id, status, attempts: made, failureReason = 'unknown_error' }) => {
    const channel = channels.get(id);
    if (status !== 'failed' || channel === undefined) return [];
    return [{ type, channel, provider: made.at(-1)?.provider ?? 'none', failureReason }];
  });
}

/** As a field, where there is one. */
export function cursor(afterId: string | undefined): { afterId?: string } {
  return afterId === undefined ? {} : { afterId };
}
