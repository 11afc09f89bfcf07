import { ulid } from 'ulid';
import type { Network } from '../../contracts/network.js';
import type { OutboundEvent } from '../../contracts/outbound-events.js';
import { DISABLE_AFTER_MS, type AttemptKind, type DisabledReason } from '../../contracts/webhooks.js';
import type { Models } from '../../models/models.js';
import type { WebhookAttemptRow } from '../../models/webhook-attempts.js';
import type { WebhookEndpoint } from '../../models/webhook-endpoints.js';
import type { Logger } from '../../runtime/logger.js';
import { webhookWaitMs } from '../../workflows/retry-policies.js';
import { postEvent } from './post-event.js';

/** What attempts need, wherever they are made. */
export interface AttemptDependencies {
  models: Pick<Models, 'webhookEndpoints' | 'webhookAttempts' | 'outboundEvents' | 'audit'>;
  network: Pick<Network, 'fetch'>;
  log: Logger;
  /** Days that attempts are kept. */
  keepDays: number;
}

/** An attempt that was made: what is to be recorded, and when the next one is due. */
export interface AttemptMade {
  row: Omit<WebhookAttemptRow, '_id'>;
  /** Absent where it was delivered, or no attempt follows. */
  waitMs?: number;
  /** It was the last straw. */
  disabled?: DisabledReason;
}

const DAY_MS = 86_400_000;
const GONE = 410;

/**
 * Makes one attempt and draws what follows from it: the next one's time, and what becomes of the endpoint. Recording the
 * attempt is up to the caller, who may have many. Undefined where it was stopped before there was an answer.
 * @param attempt 1 is the first.
 */
export async function attemptEvent(
  deps: AttemptDependencies,
  endpoint: WebhookEndpoint,
  event: OutboundEvent,
  { kind, attempt, stop }: { kind: AttemptKind; attempt: number; stop?: AbortSignal },
): Promise<AttemptMade | undefined> {
  const at = new Date();
  const { delivered, status, response, retryAfterMs, durationMs } = await postEvent(
    deps.network,
    endpoint,
    event,
    stop ? { stop } : {},
  );
  if (!delivered && stop?.aborted) return undefined;
  const disabled = await consequence(deps, endpoint, { delivered, status, kind });
  const isOver = delivered || disabled !== undefined || kind === 'test';
  const waitMs = isOver ? undefined : webhookWaitMs(attempt, retryAfterMs, Math.random());
  return {
    row: {
      tenantId: endpoint.tenantId,
      id: `wha_${ulid()}`,
      endpointId: endpoint.id,
      eventId: event.id,
      eventType: event.type,
      kind,
      attempt,
      at,
      durationMs,
      outcome: delivered ? 'delivered' : 'failed',
      ...(status === undefined ? {} : { status }),
      ...(response === undefined || response === '' ? {} : { response }),
      ...(waitMs === undefined ? {} : { nextAttemptAt: new Date(at.getTime() + durationMs + waitMs) }),
      purgeAt: new Date(at.getTime() + deps.keepDays * DAY_MS),
    },
    ...(waitMs === undefined ? {} : { waitMs }),
    ...(disabled === undefined ? {} : { disabled }),
  };
}

/** Of a test nothing follows: it is made to find out. */
async function consequence(
  deps: AttemptDependencies,
  endpoint: WebhookEndpoint,
  { delivered, status, kind }: { delivered: boolean; status: number | undefined; kind: AttemptKind },
): Promise<DisabledReason | undefined> {
  const { tenantId, id } = endpoint;
  const { webhookEndpoints } = deps.models;
  if (delivered) {
    if (endpoint.failingSince) {
      await webhookEndpoints.markWorking(tenantId, id);
      delete endpoint.failingSince;
    }
    return undefined;
  }
  if (kind === 'test') return undefined;
  if (status === GONE) return disable(deps, endpoint, 'gone');
  const since = await webhookEndpoints.markFailing(tenantId, id);
  if (!since) return undefined;
  endpoint.failingSince = since;
  if (since.getTime() > Date.now() - DISABLE_AFTER_MS) return undefined;
  // Another process may have delivered meanwhile without a look at this.
  if (await deps.models.webhookAttempts.hasDelivered(tenantId, id, since)) {
    await webhookEndpoints.markWorking(tenantId, id);
    return undefined;
  }
  return disable(deps, endpoint, 'failing');
}

async function disable(
  { models, log }: AttemptDependencies,
  { tenantId, id, _id, failingSince }: WebhookEndpoint,
  reason: DisabledReason,
): Promise<DisabledReason> {
  if (await models.webhookEndpoints.disable(tenantId, id, reason)) {
    log.warn({ tenantId, endpointId: id, reason }, 'webhook endpoint disabled');
    await models.audit.record(tenantId, {
      actor: 'carillon',
      action: 'webhook.disabled',
      subject: id,
      after: { reason, ...(failingSince ? { failingSince } : {}) },
    });
  }
  await models.outboundEvents.dropPending(_id);
  return reason;
}
