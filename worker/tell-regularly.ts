import { tellOfAllDisabledEndpoints } from '../activities/alerts/tell-of-disabled-endpoints.js';
import { tellOfAllDue } from '../activities/alerts/tell-of-failures.js';
import { tellOfAllOutages } from '../activities/alerts/tell-of-outages.js';
import type { ActivityDependencies } from '../activities/dependencies.js';

const EVERY_MS = 60_000;

/** Looks each minute for failures outages and disabled endpoints that administrators are still to be told of. Answers what ends it. */
export function tellRegularly(deps: ActivityDependencies): () => void {
  let isTelling = false;
  const timer = setInterval(() => {
    if (isTelling) return;
    isTelling = true;
    Promise.all([tellOfAllDue(deps), tellOfAllOutages(deps), tellOfAllDisabledEndpoints(deps)])
      .catch((error: unknown) =>
        deps.log.warn({ err: error }, 'administrators were not told of failures; trying again'),
      )
      .finally(() => {
        isTelling = false;
      });
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
