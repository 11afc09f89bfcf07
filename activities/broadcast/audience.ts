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
}

/** What the sealed part of a listed recipient says. */
export interface Listed {
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

/**
 * The next recipients behind `afterId`, in byte order of their IDs, each once. The order never changes, so a page that
 * is asked for again holds the same people, but for those who have left meanwhile.
 */
export async function nextMembers(
  models: Models,
  broadcast: Broadcast,
  afterId: string | undefined,
  limit: number,
): Promise<{ members: Member[]; done: boolean; afterId?: string }> {
  const { tenantId, broadcastId, sources, startedAt } = broadcast;
  const { roles, topics, everyone, filter } = sources;
  const listed = sources.list
    ? await models.broadcastRecipients.pageAfter(tenantId, broadcastId, afterId, limit)
    : [];
  const pages = await Promise.all([
    ...topics.map((topic) => models.topicMembers.idsAfter(tenantId, topic, afterId, limit, startedAt)),
    ...(everyone ? [models.subscribers.idsAfter(tenantId, { filter }, afterId, limit, startedAt)] : []),
    ...(!everyone && roles.length > 0
      ? [models.subscribers.idsAfter(tenantId, { roles, filter }, afterId, limit, startedAt)]
      : []),
  ]);
  const { ids, done } = nextOfAudience([listed.map((row) => row.recipientId), ...pages], limit);
  const vault = await models.dataKeys.vault(tenantId);
  const sealed = new Map(listed.map((row) => [row.recipientId, row.sealed]));
  const members = ids.map((recipientId) => member(vault, recipientId, sealed.get(recipientId)));
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
