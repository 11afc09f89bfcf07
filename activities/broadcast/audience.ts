import type { AudienceSources } from '../../contracts/audience.js';
import type { ListedRecipient } from '../../contracts/broadcasts.js';
import type { AddressVault } from '../../models/data-keys.js';
import type { Models } from '../../models/models.js';
import { nextOfAudience } from '../../policy/audience-page.js';

/** One recipient of a broadcast, before anything is known of the person. */
export interface Member {
  recipientId: string;
  /** As it came with the request: an ID, a person brought along, or a bare address. */
  recipient: ListedRecipient;
  /** Data for this one; it goes before the broadcast's. */
  data?: Record<string, unknown>;
  /** The first topic that names them, of those that the broadcast goes to. */
  topic?: string;
  /** All that name them, where nothing else of the audience does. */
  onlyTopics?: string[];
}

/** What the sealed part of a listed recipient says. */
interface Listed {
  recipient?: ListedRecipient;
  data?: Record<string, unknown>;
}

interface Broadcast {
  tenantId: string;
  broadcastId: string;
  sources: AudienceSources;
  /** Who is added to a role, a topic or the tenant after this is not in it. */
  startedAt: Date;
}

interface IdsPage {
  /** In byte order, each once. */
  ids: string[];
  /** What the broadcast's own list says of those that stand in it, sealed. */
  sealed: ReadonlyMap<string, string | undefined>;
  /** The first topic that names them, of those that no list does. */
  topics: ReadonlyMap<string, string>;
  /** All topics that name one of them, where nothing else does; else none. */
  onlyTopicsOf: (recipientId: string) => string[];
  /** Nobody comes after these. */
  done: boolean;
}

/** Where in an audience to read on. */
export interface Cursor {
  /** Behind this ID; from the start when absent. */
  afterId?: string | undefined;
  /** Up to this ID, itself included; to the end when absent. */
  untilId?: string | undefined;
  limit: number;
}

/**
 * The next recipients behind the cursor. The order never changes, so a page that is asked for again holds the same
 * people, but for those who have left meanwhile.
 */
export async function nextIds(
  models: Models,
  broadcast: Broadcast,
  { afterId, untilId, limit }: Cursor,
): Promise<IdsPage> {
  const { tenantId, broadcastId, sources, startedAt } = broadcast;
  const { roles, topics, everyone, filter } = sources;
  // One more than wanted tells whether somebody comes after them.
  const upTo = limit + 1;
  const listed = sources.list
    ? await models.broadcastRecipients.pageAfter(tenantId, broadcastId, afterId, upTo)
    : [];
  const members = await Promise.all(
    topics.map((topic) => models.topicMembers.idsAfter(tenantId, topic, afterId, upTo, startedAt)),
  );
  const pages = await Promise.all([
    ...(everyone ? [models.subscribers.idsAfter(tenantId, { filter }, afterId, upTo, startedAt)] : []),
    ...(!everyone && roles.length > 0
      ? [models.subscribers.idsAfter(tenantId, { roles, filter }, afterId, upTo, startedAt)]
      : []),
  ]);
  const listedIds = listed.map((row) => row.recipientId);
  return {
    ...nextOfAudience([listedIds, ...members, ...pages], { limit, untilId }),
    onlyTopicsOf: onlyTopics(topics, members, [listedIds, ...pages]),
    sealed: new Map(listed.map((row) => [row.recipientId, row.sealed])),
    // The first of two is set last.
    topics: new Map(
      topics.flatMap((topic, at) => (members[at] ?? []).map((id) => [id, topic] as const)).reverse(),
    ),
  };
}

/** Whoever is on a page stands in the pages of all sources that name them: these go at least as far. */
function onlyTopics(
  topics: readonly string[],
  members: readonly (readonly string[])[],
  others: readonly (readonly string[])[],
): IdsPage['onlyTopicsOf'] {
  if (topics.length === 0) return () => [];
  const byTopic = members.map((ids) => new Set(ids));
  const named = new Set(others.flat());
  return (id) => (named.has(id) ? [] : topics.filter((_topic, at) => byTopic[at]?.has(id)));
}

/** The same with what came along with each of them. */
export async function nextMembers(
  models: Models,
  broadcast: Broadcast,
  place: Cursor,
): Promise<{ members: Member[]; done: boolean; afterId?: string }> {
  const { ids, sealed, topics, onlyTopicsOf, done } = await nextIds(models, broadcast, place);
  const vault = await models.dataKeys.vault(broadcast.tenantId);
  const members = ids.map((recipientId) => {
    const only = onlyTopicsOf(recipientId);
    const topic = sealed.has(recipientId) ? undefined : topics.get(recipientId);
    return {
      ...member(vault, recipientId, sealed.get(recipientId)),
      ...(topic === undefined ? {} : { topic }),
      ...(only.length === 0 ? {} : { onlyTopics: only }),
    };
  });
  const last = ids.at(-1);
  return { members, done, ...(last === undefined ? {} : { afterId: last }) };
}

function member(vault: AddressVault, recipientId: string, sealed: string | undefined): Member {
  const listed = sealed === undefined ? {} : (JSON.parse(vault.open(sealed)) as Listed);
  return {
    recipientId,
    recipient: listed.recipient ?? recipientId,
    ...(listed.data === undefined ? {} : { data: listed.data }),
  };
}
