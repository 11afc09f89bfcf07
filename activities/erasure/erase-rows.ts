import { Context } from '@temporalio/activity';
import type { ErasurePass, ErasurePlace } from '../../contracts/erasures.js';
import { erasureSteps } from '../../models/erasing.js';
import type { ActivityDependencies } from '../dependencies.js';

/**
 * Takes the person out of every collection, batch by batch, each counted once it is written. Repeated, it goes on with
 * what is left.
 */
export function createEraseRows({ models }: ActivityDependencies) {
  return async function eraseRows(place: ErasurePlace): Promise<ErasurePass> {
    const person = await models.erasures.subjectOf(place.tenantId, place.erasureId);
    if (!person) return { found: 0 };
    let found = 0;
    for (const step of erasureSteps) {
      for (;;) {
        const done = await models.personRows.erase(step, person);
        await models.erasures.count(place, done);
        Context.current().heartbeat();
        const batch = done.reduce((sum, { removed = 0, blanked = 0 }) => sum + removed + blanked, 0);
        found += batch;
        if (batch === 0) break;
      }
    }
    return { found };
  };
}
