import { sourcesOf, type AudienceMember, type AudienceSources } from '../../contracts/audience.js';
import type { BroadcastCreate, BroadcastMessage, ListedRecipient } from '../../contracts/broadcasts.js';
import { CarillonError } from '../../contracts/errors.js';
import type { AddressVault } from '../../models/data-keys.js';
import type { BroadcastRow } from '../../models/broadcasts.js';
import type { ApiDependencies } from '../dependencies.js';
import { phoneNumbersOf } from '../phone-numbers.js';
import { checkText } from '../trigger/check-text.js';
import { checkTrigger } from '../trigger/check.js';
import { checkBroadcastData } from './data.js';
import { broadcastId } from '../trigger/notification-id.js';
import { recipientIdOf } from '../trigger/recipient-id.js';
import { requestHash } from '../trigger/request-hash.js';
import { storeAttachments } from '../trigger/store-attachments.js';
import { refuseNobody } from './start.js';

/** Lists are written in portions of this many. */
const PORTION = 500;
/** As long as its list: some wait, or are tried again, long after it was made. */
const ATTACHMENTS_KEPT_MS = 400 * 86_400_000;

/** What a broadcast is made of, from whichever route. */
export type BroadcastRequest = Omit<BroadcastCreate, 'schedule'>;

/**
 * Stores a broadcast as a draft, its list first: so a draft is whole, or it is not there. The same idempotency key
 * again finds the same one.
 * @throws CarillonError `conflict` for the same key with another request; `unprocessable` for an audience of nobody.
 */
export async function makeBroadcast(
  deps: ApiDependencies,
  tenantId: string,
  given: BroadcastRequest,
  by: { actor: string; may: (role: 'manager' | 'admin') => boolean },
): Promise<{ row: BroadcastRow; isNew: boolean }> {
  const request =
    given.to === undefined ? given : { ...given, to: await phoneNumbersOf(deps, tenantId).inTo(given.to) };
  const { name, to, audience, spreadOver, ...message } = request;
  const named = audience ?? to;
  const sources: AudienceSources = named
    ? sourcesOf(named)
    : { list: true, roles: [], topics: [], everyone: false };
  mayReach(sources, by);
  const id = broadcastId(tenantId, message.idempotencyKey);
  const hash = requestHash(request);
  const known =
    message.idempotencyKey === undefined ? undefined : await deps.models.broadcasts.find(tenantId, id);
  if (known) return { row: sameRequest(known, hash), isNew: false };

  const type = await deps.types.find(tenantId, message.type);
  checkTrigger(message, type, Date.now());
  checkBroadcastData(type, message.data, named && { sources, audience });
  await checkText(deps, tenantId, message, type);
  await checkFilter(deps, tenantId, sources);
  const sendAt = message.sendAt ? new Date(message.sendAt) : undefined;
  // Before anything is stored: nobody wants to find a draft for each request that was refused.
  if (named) {
    await refuseNobody(deps, tenantId, { sources, isListed: sources.list, ...(sendAt ? { sendAt } : {}) });
  }
  const vault = await deps.models.dataKeys.vault(tenantId);
  const members = (audience?.recipients ?? []).map((one) => listedMember(vault, one));
  const recipients = (to?.recipients ?? []).map((one) => listedRecipient(vault, one));
  await addToList(deps, tenantId, id, [...members, ...recipients]);
  const now = new Date();
  const purgeAt = new Date((sendAt ?? now).getTime() + ATTACHMENTS_KEPT_MS);
  const stored = await storeAttachments(deps, { tenantId, id, requestHash: hash, purgeAt }, message);
  const { row, inserted } = await deps.models.broadcasts.insert({
    tenantId,
    id,
    name,
    type: message.type,
    status: 'draft',
    message: vault.seal(JSON.stringify(stored satisfies BroadcastMessage)),
    audience: JSON.stringify(sources),
    ...(sendAt ? { sendAt } : {}),
    ...(spreadOver === null || spreadOver === undefined ? {} : { spreadOverMs: spreadOver }),
    processed: 0,
    requestHash: hash,
    createdBy: by.actor,
    createdAt: now,
    updatedAt: now,
  });
  return { row: sameRequest(row, hash), isNew: inserted };
}

/** Adds to a broadcast's own list, in portions. Answers how many were not in it before. */
export async function addToList(
  deps: ApiDependencies,
  tenantId: string,
  id: string,
  members: readonly { recipientId: string; sealed?: string }[],
): Promise<number> {
  let added = 0;
  for (let from = 0; from < members.length; from += PORTION) {
    // Within one write each recipient may stand once only; the last one counts.
    const portion = new Map(members.slice(from, from + PORTION).map((one) => [one.recipientId, one]));
    added += await deps.models.broadcastRecipients.add(tenantId, id, [...portion.values()]);
  }
  return added;
}

/** A member of a list in its stored form. */
export function listedMember(
  vault: AddressVault,
  member: AudienceMember,
): { recipientId: string; sealed?: string } {
  if (typeof member === 'string') return { recipientId: member };
  const { id, data } = member;
  return { recipientId: id, ...(data === undefined ? {} : { sealed: vault.seal(JSON.stringify({ data })) }) };
}

function listedRecipient(vault: AddressVault, recipient: ListedRecipient) {
  const recipientId = recipientIdOf(vault, recipient);
  return {
    recipientId,
    ...(typeof recipient === 'string' ? {} : { sealed: vault.seal(JSON.stringify({ recipient })) }),
  };
}

function mayReach(
  { roles, topics, everyone }: AudienceSources,
  by: { may: (role: 'manager' | 'admin') => boolean },
): void {
  if (everyone && !by.may('admin'))
    throw new CarillonError('forbidden', 'only a key with the role admin sends to everyone');
  if (roles.length + topics.length > 0 && !by.may('manager'))
    throw new CarillonError('forbidden', 'roles and topics need a key with the role manager');
}

/** A filter on an attribute that nobody carries is a slip of the pen, not an audience of nobody. */
async function checkFilter(
  deps: ApiDependencies,
  tenantId: string,
  { filter }: AudienceSources,
): Promise<void> {
  for (const key of Object.keys(filter ?? {})) {
    if (await deps.models.subscribers.knowsFacet(tenantId, key)) continue;
    const message = `nobody carries "${key}"`;
    throw new CarillonError('unprocessable', message, [{ path: `audience.filter.${key}`, message }]);
  }
}

function sameRequest(row: BroadcastRow, hash: string): BroadcastRow {
  if (row.requestHash === hash) return row;
  throw new CarillonError('conflict', 'this idempotency key was used for another request');
}
