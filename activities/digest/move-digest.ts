import { canDigest } from '../../contracts/cadences.js';
import type { DigestNews, MoveDigestRequest } from '../../contracts/digests.js';
import { cadenceOf, cadenceOfKey, digestTimeOf } from '../../policy/digest.js';
import { digestEnd } from '../../policy/digest-window.js';
import { typeOf } from '../deciding.js';
import type { ActivityDependencies } from '../dependencies.js';

/**
 * Looks for the window that collects, its end as the person's choices have it now: they may want it at another time of
 * day, or what it holds at once. Undefined where none collects.
 */
export function createMoveDigest(deps: ActivityDependencies) {
  return async function moveDigest(request: MoveDigestRequest): Promise<DigestNews | undefined> {
    const { tenantId, recipientId, digestKey } = request;
    const { models } = deps;
    const window = await models.digests.findOpen({ tenantId, recipientId, digestKey });
    if (!window) return undefined;
    const cadence = cadenceOfKey(digestKey);
    const nowMs = Math.max(request.nowMs, Date.now());
    const closesAtMs = cadence ? await endNow() : window.closesAt.getTime();
    if (closesAtMs !== window.closesAt.getTime()) {
      await models.digests.move(tenantId, window.id, new Date(closesAtMs));
    }
    return { digestId: window.id, closesAtMs };

    async function endNow(): Promise<number> {
      const current = window?.closesAt.getTime() ?? nowMs;
      const [tenant, contact, preferences, names] = await Promise.all([
        models.tenants.find(tenantId),
        models.subscribers.contact(tenantId, recipientId),
        models.preferences.find(tenantId, recipientId),
        models.digestItems.waitingTypes({ tenantId, recipientId, digestKey }),
      ]);
      if (!tenant || !cadence) return current;
      const types = await deps.types.of(tenantId, tenant.typesVersion);
      const stillCollected = names.some((type) =>
        deps.channels
          .channelNames()
          .some(
            (channel) =>
              canDigest(channel) && cadenceOf(channel, typeOf(types, { type }), preferences) === cadence,
          ),
      );
      if (!stillCollected) return nowMs;
      return Math.max(nowMs, digestEnd(cadence, nowMs, digestTimeOf({ contact, preferences, tenant })));
    }
  };
}
