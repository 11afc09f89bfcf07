import type { InboundEvent } from '../../contracts/inbound-events.js';
import { CarillonError } from '../../contracts/errors.js';
import { rulesOf } from '../../events/inbound/rules-of.js';
import { takeEvent } from '../../events/inbound/take.js';
import type { InboundEventRow } from '../../models/inbound-events.js';
import type { ApiDependencies } from '../dependencies.js';
import { inboundOf } from './dependencies.js';

/**
 * Takes an event in, and answers what became of it; of one that was taken before, what became of it then.
 * @throws CarillonError `not_found` without such a tenant.
 */
export async function receive(
  deps: ApiDependencies,
  event: InboundEvent,
): Promise<{ row: InboundEventRow; duplicate: boolean }> {
  const { inboundEvents } = deps.models;
  const { tenantId, id } = event;
  const known = await inboundEvents.find(tenantId, id);
  if (known) {
    await inboundEvents.countRepeats([event]);
    return { row: { ...known, repeats: known.repeats + 1 }, duplicate: true };
  }
  const rules = await rulesOf(deps.models, tenantId);
  if (!rules) throw new CarillonError('not_found', `there is no tenant "${tenantId}"`);
  const outcome = await takeEvent(inboundOf(deps), rules, event);
  await inboundEvents.store([{ event, outcome }]);
  const row = await inboundEvents.find(tenantId, id);
  if (!row) throw new Error('an event that was just stored is gone');
  return { row, duplicate: false };
}
