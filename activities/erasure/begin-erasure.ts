import type { ErasurePlace } from '../../contracts/erasures.js';
import type { ActivityDependencies } from '../dependencies.js';

/**
 * Finds by what else the person is known, while the log still tells it: addresses that they had before. False when there
 * is nobody left to erase.
 */
export function createBeginErasure({ models }: ActivityDependencies) {
  return async function beginErasure({ tenantId, erasureId }: ErasurePlace): Promise<boolean> {
    const person = await models.erasures.subjectOf(tenantId, erasureId);
    if (!person) return false;
    const found = await models.personRows.identify(tenantId, person.recipientId);
    await models.erasures.widen(erasureId, {
      ...person,
      ids: [...new Set([...person.ids, ...found.ids])],
      addressHashes: [...new Set([...person.addressHashes, ...found.addressHashes])],
    });
    return true;
  };
}
