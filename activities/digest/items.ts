import type { ChannelName } from '../../contracts/channels.js';
import type { ChannelOutcome, ChannelOutcomes } from '../../contracts/outcomes.js';
import type { DigestItemRow } from '../../models/digest-items.js';
import type { DigestRow } from '../../models/digests.js';
import type { Standing } from '../../models/notification-bulk.js';
import { typeOf, unwantedByNow } from '../deciding.js';
import type { ActivityDependencies } from '../dependencies.js';
import type { PlanningFacts } from '../planning-facts.js';
import type { ConfiguredProviders } from '../providers.js';

const PAGE = 500;

/** An item that a window took, and on which channels it goes out with it; on the others it ends in another way. */
export interface JudgedItem {
  item: DigestItemRow;
  goesOut: ChannelName[];
  ends: ChannelOutcomes;
  /** Why it does not go out, for the timeline. */
  reason?: string;
}

/** What items are judged by: the person's choices as they are when the window closes. */
export interface Judging {
  /** When the window closed: what came later, a read say, came after the digest. */
  nowMs: number;
  facts: PlanningFacts;
  providers: ConfiguredProviders;
  types: Awaited<ReturnType<ActivityDependencies['types']['of']>>;
}

/**
 * All items that a window took, newest first, in pages. One that was read, retracted, has expired or is not wanted any
 * more does not go out; of one whose notification is gone nothing is left to say.
 */
export async function* judgedItems(
  deps: Pick<ActivityDependencies, 'models'>,
  window: Pick<DigestRow, 'tenantId' | 'id'>,
  judging: Judging,
): AsyncGenerator<JudgedItem[]> {
  const unwanted = rememberedReasons(judging);
  let last: DigestItemRow | undefined;
  for (;;) {
    const items = await deps.models.digestItems.taken(window.tenantId, window.id, PAGE, last);
    const ids = items.map(({ notificationId }) => notificationId);
    const rows = await deps.models.notificationBulk.standing(window.tenantId, ids);
    yield items.flatMap((item) => {
      const row = rows.get(item.notificationId);
      return row ? [judge(item, row, judging.nowMs, unwanted)] : [];
    });
    if (items.length < PAGE) return;
    last = items.at(-1);
  }
}

function judge(
  item: DigestItemRow,
  row: Standing,
  nowMs: number,
  unwanted: ReturnType<typeof rememberedReasons>,
): JudgedItem {
  const all = (outcome: ChannelOutcome) =>
    Object.fromEntries(item.channels.map((channel) => [channel, outcome]));
  const before = (at: Date | undefined) => at !== undefined && at.getTime() <= nowMs;
  if (before(row.deletedAt)) return { item, goesOut: [], ends: all('cancelled'), reason: 'retracted' };
  if (before(row.readAt)) return { item, goesOut: [], ends: all('acknowledged'), reason: 'read' };
  if (before(row.expiresAt)) {
    return { item, goesOut: [], ends: all('expired'), reason: 'expired' };
  }
  const judged: JudgedItem = { item, goesOut: [], ends: {} };
  for (const channel of item.channels) {
    const reason = unwanted(item, row, channel);
    if (reason === undefined) judged.goesOut.push(channel);
    else judged.reason = reason;
    judged.ends[channel] = reason === undefined ? 'sent' : 'skipped';
  }
  return judged;
}

/** A digest of thousands has a few types. */
function rememberedReasons({ types, ...subject }: Judging) {
  const known = new Map<string, string | undefined>();
  return ({ type, category }: DigestItemRow, { onlyTopics }: Standing, channel: ChannelName) => {
    const key = JSON.stringify([type, category, channel, onlyTopics]);
    if (!known.has(key)) {
      const about = { type: typeOf(types, { type }), category, onlyTopics };
      known.set(key, unwantedByNow(channel, { ...subject, ...about }));
    }
    return known.get(key);
  };
}
