import { createHash } from 'node:crypto';
import { canDigest } from '../../contracts/cadences.js';
import { DIGEST_TYPE, type ClosedDigest, type CloseDigestRequest } from '../../contracts/digests.js';
import type { NotificationInput } from '../../contracts/notification-run.js';
import { trigger as triggerSchema, type Trigger } from '../../contracts/trigger.js';
import type { DigestRow } from '../../models/digests.js';
import type { ActivityDependencies } from '../dependencies.js';
import type { createPlan } from '../plan.js';
import { readFacts } from '../planning-facts.js';
import { openTrigger } from '../stored-trigger.js';
import { DigestContent } from './content.js';
import { judgedItems, type JudgedItem, type Judging } from './items.js';

/**
 * Ends a window: what it holds at this moment goes out in one notification, which is planned like any other. Keyed by
 * the window: its items are taken in one transaction, so the same again finds the same items, or the notification that
 * was made of them.
 */
export function createCloseDigest(deps: ActivityDependencies, plan: ReturnType<typeof createPlan>) {
  return async function closeDigest(request: CloseDigestRequest): Promise<ClosedDigest> {
    const { tenantId, digestId, expedite } = request;
    const { models } = deps;
    const nowMs = Math.max(request.nowMs, Date.now());
    const { window, isFirst } = await models.digests.close(
      tenantId,
      digestId,
      { nowMs, early: expedite },
      (row, session) => models.digestItems.take(row, row.id, session),
    );
    if (window?.state === 'open') return { closesAtMs: window.closesAt.getTime() };
    if (!window || window.state === 'cancelled' || window.state === 'empty') return {};

    const judging = await judgingOf(deps, window);
    const before = isFirst ? undefined : await stored(deps, window, judging);
    const { input, pages } = before ?? (await made(deps, window, judging));
    const planned = input && (await plan({ input, sequence: 1, nowMs, expedite, cancelled: false }, judging));
    if (window.state === 'closing') {
      await endItems(deps, window, pages, input?.notificationId);
      await models.digests.markEnded(tenantId, digestId, {
        ...(input ? { state: 'sent', notificationId: input.notificationId } : { state: 'empty' }),
      });
    }
    if (!input || !planned) return {};
    return {
      notification: {
        notificationId: input.notificationId,
        status: planned.status,
        deliveries: planned.deliveries,
        waits: planned.holdUntilMs !== undefined,
      },
    };
  };
}

async function judgingOf(deps: ActivityDependencies, window: DigestRow): Promise<Judging> {
  const channels = deps.channels.channelNames().filter(canDigest);
  const { facts, providers } = await readFacts(deps, window, aboutItems(window, {}, channels));
  const types = await deps.types.of(window.tenantId, facts.tenant.typesVersion);
  return { nowMs: window.closesAt.getTime(), facts, providers, types };
}

interface Contents {
  /** Absent when nothing is left to send. */
  input?: NotificationInput;
  pages: Iterable<JudgedItem[]> | AsyncIterable<JudgedItem[]>;
}

async function made(deps: ActivityDependencies, window: DigestRow, judging: Judging): Promise<Contents> {
  const content = new DigestContent();
  const pages: JudgedItem[][] = [];
  for await (const page of judgedItems(deps, window, judging)) {
    pages.push(page);
    for (const { item, goesOut } of page) content.add(item, goesOut);
  }
  if (content.channels.length === 0) return { pages };
  const trigger = aboutItems(window, content.data(window.digestKey), content.channels);
  return { input: inputOf(window, trigger), pages };
}

/** As it was made before a crash; undefined where it was not. */
async function stored(
  deps: ActivityDependencies,
  window: DigestRow,
  judging: Judging,
): Promise<Contents | undefined> {
  const row = await deps.models.notifications.find(window.tenantId, notificationIdOf(window));
  if (!row) return undefined;
  const vault = await deps.models.dataKeys.vault(window.tenantId);
  return {
    input: inputOf(window, openTrigger(vault, row.trigger)),
    pages: judgedItems(deps, window, judging),
  };
}

/** What goes out of a window is always the same notification. */
function notificationIdOf({ tenantId, id }: DigestRow): string {
  const digest = createHash('sha256').update(`${tenantId}\0${id}`).digest('hex');
  return `ntf_d${digest.slice(0, 32)}`;
}

function inputOf(window: DigestRow, trigger: Trigger): NotificationInput {
  return {
    tenantId: window.tenantId,
    notificationId: notificationIdOf(window),
    recipientId: window.recipientId,
    trigger,
    requestHash: window.id,
    acceptedAtMs: window.closesAt.getTime(),
  };
}

function aboutItems(
  window: DigestRow,
  data: Record<string, unknown>,
  channels: Trigger['channels'],
): Trigger {
  return {
    ...triggerSchema.parse({ type: DIGEST_TYPE, to: { recipient: window.recipientId } }),
    data,
    channels,
  };
}

/** Marks how the items' own notifications ended by it. */
async function endItems(
  deps: ActivityDependencies,
  window: DigestRow,
  pages: Contents['pages'],
  notificationId: string | undefined,
): Promise<void> {
  const at = window.closesAt;
  for await (const page of pages) {
    await deps.models.notificationBulk.endChannels(
      window.tenantId,
      page.map(({ item, ends, goesOut, reason }) => ({
        id: item.notificationId,
        outcomes: ends,
        entry:
          goesOut.length > 0
            ? { at, event: 'digested', ...(notificationId === undefined ? {} : { detail: notificationId }) }
            : { at, event: 'left_digest', ...(reason === undefined ? {} : { detail: reason }) },
      })),
    );
  }
}
