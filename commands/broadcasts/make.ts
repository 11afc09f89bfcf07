import type { AudienceSources } from '../../contracts/audience.js';
import type { BroadcastCreate } from '../../contracts/broadcasts.js';
import { CarillonError } from '../../contracts/errors.js';
import { BEST_TIME } from '../../contracts/trigger.js';
import { sourcesOfDraft } from '../../models/broadcast-drafts.js';
import type { BroadcastRow } from '../../models/broadcasts.js';
import type { CommandDependencies } from '../dependencies.js';
import { phoneNumbersOf } from '../phone-numbers.js';
import { checkText } from '../trigger/check-text.js';
import { checkTrigger } from '../trigger/check.js';
import { checkBroadcastData } from './data.js';
import { broadcastId } from '../trigger/notification-id.js';
import { requestHash } from '../trigger/request-hash.js';
import { storeAttachments } from '../trigger/store-attachments.js';
import { refuseNobody } from './start.js';

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
  deps: CommandDependencies,
  tenantId: string,
  given: BroadcastRequest,
  by: { actor: string; may: (role: 'manager' | 'admin') => boolean },
): Promise<{ row: BroadcastRow; isNew: boolean }> {
  const request =
    given.to === undefined ? given : { ...given, to: await phoneNumbersOf(deps, tenantId).inTo(given.to) };
  const { name, to, audience, spreadOver, ...message } = request;
  const sources = sourcesOfDraft({ to, audience });
  mayReach(sources, by);
  const id = broadcastId(tenantId, message.idempotencyKey);
  const hash = requestHash(request);
  const known =
    message.idempotencyKey === undefined ? undefined : await deps.models.broadcasts.find(tenantId, id);
  if (known) return { row: sameRequest(known, hash), isNew: false };

  const type = await deps.types.find(tenantId, message.type);
  checkTrigger(message, type, Date.now());
  checkBroadcastData(type, message.data, to || audience ? { sources, audience } : undefined);
  await checkText(deps, tenantId, message, type);
  await checkFilter(deps, tenantId, sources);
  // At each person's best time: it begins at once.
  const sendAt = message.sendAt && message.sendAt !== BEST_TIME ? new Date(message.sendAt) : undefined;
  // Before anything is stored: nobody wants to find a draft for each request that was refused.
  if (to ?? audience) {
    await refuseNobody(deps, tenantId, { sources, isListed: sources.list, ...(sendAt ? { sendAt } : {}) });
  }
  const purgeAt = new Date((sendAt ?? new Date()).getTime() + ATTACHMENTS_KEPT_MS);
  const stored = await storeAttachments(deps, { tenantId, id, requestHash: hash, purgeAt }, message);
  const { row, inserted } = await deps.models.broadcastDrafts.store(
    { tenantId, id },
    { name, message: stored, to, audience, spreadOver },
    { status: 'draft', requestHash: hash, createdBy: by.actor },
  );
  return { row: sameRequest(row, hash), isNew: inserted };
}

/**
 * Whether the caller may send to all these.
 * @throws CarillonError `forbidden`
 */
export function mayReach(
  { roles, topics, everyone }: AudienceSources,
  by: { may: (role: 'manager' | 'admin') => boolean },
): void {
  if (everyone && !by.may('admin'))
    throw new CarillonError('forbidden', 'only a key with the role admin sends to everyone');
  if (roles.length + topics.length > 0 && !by.may('manager'))
    throw new CarillonError('forbidden', 'roles and topics need a key with the role manager');
}

/**
 * A filter on an attribute that nobody carries is a slip of the pen, not an audience of nobody.
 * @throws CarillonError `unprocessable`
 */
export async function checkFilter(
  deps: CommandDependencies,
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
