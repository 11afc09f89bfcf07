import { setTimeout as pause } from 'node:timers/promises';
import { finalBroadcastStatuses } from '../../contracts/broadcasts.js';
import type { ApiDependencies } from '../dependencies.js';
import type { ServerEvent } from '../route.js';
import { showBroadcast } from '../views/broadcast.js';

const EVERY_MS = 1_000;

/** A broadcast's state now and at each change, looked at once a second, until it is over. */
export async function* progressEvents(
  deps: ApiDependencies,
  tenantId: string,
  id: string,
): AsyncGenerator<ServerEvent, void, void> {
  let last = '';
  for (;;) {
    const row = await deps.models.broadcasts.find(tenantId, id);
    if (!row) return;
    const view = await showBroadcast(deps, row);
    const { secondsLeft: _changesAlways, ...state } = view;
    const seen = JSON.stringify(state);
    const isOver = finalBroadcastStatuses.includes(row.status);
    if (seen !== last) yield { event: isOver ? 'end' : 'progress', data: view };
    if (isOver) return;
    last = seen;
    await pause(EVERY_MS);
  }
}
