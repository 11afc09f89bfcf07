import {
  allHandlersFinished,
  condition,
  continueAsNew,
  log,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { ClosedDigest, DigestInput, DigestNews, DigestResult } from '../contracts/digests.js';
import type { DeliverRequest, PlannedDelivery } from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import type { DigestActivities, NotificationActivities } from './activity-types.js';
import {
  addItemSignal,
  cancelSignal,
  expediteSignal,
  recheckSignal,
  removeItemSignal,
  windowQuery,
} from './messages.js';
import { describeNote } from './requests.js';
import { closingPolicy, firstAttemptPolicy, planningPolicy } from './retry-policies.js';
import { showStatus } from './visibility.js';

const { closeDigest, dropDigest } = proxyLocalActivities<DigestActivities>(closingPolicy);
const { moveDigest, handOver, removeItem } = proxyLocalActivities<DigestActivities>(planningPolicy);
const { deliver } = proxyLocalActivities<NotificationActivities>(firstAttemptPolicy);

/** Of 14 events each. */
const WINDOWS_PER_RUN = 100;

/** What ends a delivery; anything else is for a run of its own. */
const ends: readonly DeliveryOutcome['status'][] = ['sent', 'failed', 'skipped', 'cancelled', 'expired'];

/**
 * One digest of a person: waits until its window closes, sends what the window holds in one notification, and goes on
 * with the next window, if one was opened meanwhile. The items are in MongoDB: one that joins costs no event here.
 */
export async function digest(input: DigestInput): Promise<DigestResult> {
  const { tenantId, recipientId, digestKey } = input;
  const place = { tenantId, recipientId, digestKey };
  const result: DigestResult = { sent: 0, empty: 0 };
  const past = new Set<string>();
  let window = input.window;
  let next: DigestNews | undefined;
  let cancelled: { note: string | undefined } | undefined;
  let expedites = 0;
  let looks = 0;
  /** How many of these were acted on: one that comes before the first wait counts too. */
  const acted = { expedites: 0, looks: 0 };

  setHandler(addItemSignal, (news) => {
    if (!isNews(news)) looks += 1;
    else if (!past.has(news.digestId) && news.digestId !== window?.digestId) next = news;
  });
  setHandler(cancelSignal, (note) => {
    cancelled ??= { note: describeNote(note) };
  });
  setHandler(expediteSignal, () => {
    expedites += 1;
  });
  setHandler(recheckSignal, () => {
    looks += 1;
  });
  setHandler(removeItemSignal, async (item) => {
    if (typeof item !== 'object' || item === null || typeof item.id !== 'string') return;
    const note = describeNote(item);
    await removeItem({
      ...place,
      notificationId: item.id,
      ...(note === undefined ? {} : { note }),
    });
  });
  setHandler(windowQuery, () => window);

  for (;;) {
    window ??= next ?? (await look());
    if (!window) break;
    if (next?.digestId === window.digestId) next = undefined;
    setCurrentDetails(`collects until ${new Date(window.closesAtMs).toISOString()}`);
    const waitMs = window.closesAtMs - Date.now();
    if (waitMs > 0) {
      await condition(
        () => cancelled !== undefined || expedites > acted.expedites || looks > acted.looks,
        waitMs,
      );
    }
    const nowMs = Date.now();
    if (cancelled) {
      await dropDigest({
        ...place,
        digestId: window.digestId,
        nowMs,
        ...(cancelled.note === undefined ? {} : { note: cancelled.note }),
      });
      cancelled = undefined;
    } else {
      const expedite = expedites > acted.expedites;
      if (looks > acted.looks && !expedite) {
        window = await look();
        continue;
      }
      const closed = await closeDigest({ ...place, digestId: window.digestId, nowMs, expedite });
      if (closed.closesAtMs !== undefined) {
        window = { ...window, closesAtMs: closed.closesAtMs };
        continue;
      }
      if (closed.notification) {
        await send(tenantId, closed.notification, expedite);
        result.sent += 1;
      } else result.empty += 1;
    }
    acted.expedites = expedites;
    past.add(window.digestId);
    window = undefined;
    if (!next) break;
    if (past.size >= (input.windowsPerRun ?? WINDOWS_PER_RUN) || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof digest>({ ...input, window: next });
    }
  }
  await condition(allHandlersFinished);
  setCurrentDetails(`${result.sent} sent`);
  showStatus(result.sent > 0 ? 'sent' : 'suppressed');
  return result;

  function look(): Promise<DigestNews | undefined> {
    acted.looks = looks;
    return moveDigest({ ...place, nowMs: Date.now() });
  }
}

/** Makes the first attempts; what these leave, or what waits, goes on in a run of its own. */
async function send(
  tenantId: string,
  { notificationId, deliveries, waits }: NonNullable<ClosedDigest['notification']>,
  expedite: boolean,
): Promise<void> {
  const outcomes = await Promise.all(
    deliveries.map((delivery) => firstAttempt({ tenantId, notificationId, expedite }, delivery)),
  );
  if (waits || outcomes.some(({ status }) => !ends.includes(status))) {
    await handOver({ tenantId, notificationId });
  }
}

async function firstAttempt(
  subject: Pick<DeliverRequest, 'tenantId' | 'notificationId' | 'expedite'>,
  delivery: PlannedDelivery,
): Promise<DeliveryOutcome> {
  if (!delivery.firstAttemptInTask) return { status: 'deferred' };
  const summary = `${delivery.channel} via ${delivery.provider}`;
  const request: DeliverRequest = { ...subject, delivery, attempt: 'first', nowMs: Date.now() };
  try {
    return await deliver.executeWithOptions({ ...firstAttemptPolicy, summary }, [request]);
  } catch (error) {
    // A local activity's failure comes as it is, not inside an ActivityFailure.
    if (!(error instanceof TemporalFailure)) throw error;
    log.warn('first attempt cut off', { deliveryId: delivery.deliveryId, failure: error.name });
    return { status: 'deferred' };
  }
}

/** Typed by hand it comes without an argument, or with one of any shape. */
function isNews(news: unknown): news is DigestNews {
  return (
    typeof news === 'object' &&
    news !== null &&
    typeof (news as DigestNews).digestId === 'string' &&
    typeof (news as DigestNews).closesAtMs === 'number'
  );
}
