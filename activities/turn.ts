import type { DeliverRequest } from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import type { DeliveryRow } from '../models/delivery-schema.js';
import { instant } from './instant.js';
import type { ActivityDependencies } from './dependencies.js';
import { endOf } from './ledger.js';
import type { Prepared } from './prepared.js';
import { recordWaiting } from './record.js';

/**
 * How late a reserved turn is still taken: workers are busy at times. What comes later asks anew, or all that waited
 * while no worker was there would go out at once.
 */
const TURN_KEPT_MS = 120_000;
/** The longest wait without a look, so that a limit that was changed or removed meanwhile is noticed. */
const LOOK_AGAIN_MS = 900_000;

/**
 * Whether a send limit makes this attempt wait; undefined when it may be made now. A turn that was reserved stands in
 * the log, so that neither a workflow task that runs again nor a repeated activity reserves another; the attempt uses
 * it up.
 * @param dueMs when the attempt was to be made, in milliseconds.
 */
export async function waitsForTurn(
  deps: Pick<ActivityDependencies, 'models' | 'sendLimits'>,
  request: DeliverRequest,
  subject: Pick<Prepared, 'facts' | 'trigger'>,
  dueMs: number,
): Promise<DeliveryOutcome | undefined> {
  const { tenantId, delivery } = request;
  const { channel, provider } = delivery;
  const { tenant } = subject.facts;
  const limits = deps.sendLimits.of(tenant, channel, provider);
  if (limits.length === 0) return undefined;
  const row = await deps.models.deliveries.find(tenantId, delivery.deliveryId);
  // Then no attempt is made: the log answers it.
  if (!row || endOf(row) || (request.attempt === 'first' && row.status === 'retrying')) return undefined;

  const nowMs = Math.max(dueMs, Date.now());
  const reserved = limits.some(({ key }) => key === row.turn?.limit) ? row.turn : undefined;
  const lateMs = reserved === undefined ? Infinity : nowMs - reserved.at.getTime();
  if (lateMs < 0) return limited(-lateMs);

  const expiresAtMs = instant(subject.trigger.expiresAt);
  const withinMs = expiresAtMs === undefined ? Infinity : Math.max(0, expiresAtMs - nowMs);
  const passed = lateMs <= TURN_KEPT_MS ? reserved?.limit : undefined;
  const turn = await deps.sendLimits.turn(tenant, channel, provider, { passed, withinMs });
  if (turn.status === 'now') return undefined;
  const next: DeliveryRow['turn'] =
    turn.status === 'later' ? { at: new Date(nowMs + turn.inMs), limit: turn.limit.key } : undefined;
  await recordWaiting(deps, request, next, turn.limit.of);
  return limited(turn.status === 'later' ? turn.inMs : withinMs);
}

function limited(waitMs: number): DeliveryOutcome {
  return { status: 'limited', retryAfterMs: Math.min(waitMs, LOOK_AGAIN_MS) };
}
