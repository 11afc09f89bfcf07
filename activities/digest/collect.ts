import type { ChannelName } from '../../contracts/channels.js';
import { digestTimes, type DigestPlace } from '../../contracts/digests.js';
import type { Trigger } from '../../contracts/trigger.js';
import type { DigestRow } from '../../models/digests.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import type { ActivityDependencies } from '../dependencies.js';
import { inAppItem } from '../in-app-item.js';
import type { PlanningFacts } from '../planning-facts.js';
import { chooseTemplate, loadTemplate } from '../templates.js';

const DAY_MS = 86_400_000;
/** Longest message kept of an item: a digest shows the beginning. */
const MAX_MESSAGE = 500;
/** A window's workflow is told again after this long, should it have been ended from outside. */
const TELL_AGAIN_MS = 15 * 60_000;

type Share = { channels: ChannelName[]; untilMs: number };

/**
 * Gives a notification's collected channels to the digests that its plan names. The item is stored before its window is
 * looked for: so a window that closes at this moment either takes it, or is found closed, and the next one opens for it.
 * The same again adds nothing, and tells the window's workflow where a crash came before that.
 */
export async function collect(
  deps: Pick<ActivityDependencies, 'models' | 'runs' | 'templates'>,
  row: NotificationRow,
  { trigger, facts, nowMs }: { trigger: Trigger; facts: PlanningFacts; nowMs: number },
): Promise<void> {
  for (const [digestKey, { channels, untilMs }] of sharesOf(row)) {
    const place: DigestPlace = { tenantId: row.tenantId, recipientId: row.recipientId, digestKey };
    const waits = await deps.models.digestItems.add({
      ...place,
      notificationId: row.id,
      channels,
      type: row.type,
      category: row.category,
      ...(await shown(deps, row, trigger, facts)),
      ...(trigger.threadKey ? { threadKey: trigger.threadKey } : {}),
      ...(trigger.actionUrl ? { url: trigger.actionUrl } : {}),
      addedAt: new Date(nowMs),
      purgeAt: new Date(untilMs + facts.tenant.retention.unreadDays * DAY_MS),
    });
    if (!waits) continue;
    const times =
      digestKey === trigger.digestKey ? digestTimes(trigger.digest) : { periodMs: untilMs - nowMs };
    const window = await deps.models.digests.touch(place, nowMs, { ...times, closesAtMs: untilMs });
    await tell(deps, window, nowMs);
  }
}

/** Starts the window's workflow, or tells it of the window. */
async function tell(
  deps: Pick<ActivityDependencies, 'models' | 'runs'>,
  window: DigestRow,
  nowMs: number,
): Promise<void> {
  const { tenantId, recipientId, digestKey, toldAt, closesAt } = window;
  const isOverdue = closesAt.getTime() < nowMs;
  if (toldAt && !isOverdue && nowMs - toldAt.getTime() < TELL_AGAIN_MS) return;
  const news = { digestId: window.id, closesAtMs: closesAt.getTime() };
  await deps.runs.collect({ tenantId, recipientId, digestKey }, news);
  await deps.models.digests.markTold(tenantId, window.id, new Date(nowMs));
}

/** By digest: the channels that it collects on, and when its window was to close. */
function sharesOf(row: NotificationRow): Map<string, Share> {
  const shares = new Map<string, Share>();
  for (const [name, decision] of Object.entries(row.plan.channels)) {
    const channel = name as ChannelName;
    if (decision.action !== 'digest' || row.outcomes[channel] !== 'digesting') continue;
    const share = shares.get(decision.digestKey) ?? { channels: [], untilMs: Date.parse(decision.until) };
    share.channels.push(channel);
    shares.set(decision.digestKey, share);
  }
  return shares;
}

/** What the item says: as in the inbox, or where nothing can be written there, what kind of thing it is. */
async function shown(
  deps: Pick<ActivityDependencies, 'templates'>,
  row: NotificationRow,
  trigger: Trigger,
  facts: PlanningFacts,
): Promise<{ title: string; message: string }> {
  const { title, message } = row;
  if (title !== undefined) return { title, message: message?.slice(0, MAX_MESSAGE) ?? '' };
  const { tenantId, id: notificationId, recipientId, requestHash } = row;
  const acceptedAtMs = row.createdAt.getTime();
  const input = { tenantId, notificationId, recipientId, requestHash, trigger, acceptedAtMs };
  const chosen = row.plan.templates?.in_app ?? chooseTemplate('in_app', { facts, trigger });
  const template = await loadTemplate(deps, tenantId, chosen);
  const item = await inAppItem({ input, trigger, facts, template });
  if (!item.failed) return { title: item.title, message: item.message.slice(0, MAX_MESSAGE) };
  return { title: facts.type.label[facts.tenant.locale] ?? facts.type.label.en ?? row.type, message: '' };
}
