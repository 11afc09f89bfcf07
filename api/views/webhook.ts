import { z } from 'zod';
import { webhookReplayWorkflowId } from '../../contracts/ids.js';
import { outboundEventTypes } from '../../contracts/outbound-events.js';
import { masked } from '../../contracts/tenant-channels.js';
import { attemptKinds, disabledReasons, endpointStates, replayStatuses } from '../../contracts/webhooks.js';
import { eventOf, type OutboundEventRow } from '../../models/outbound-events.js';
import type { WebhookAttemptRow } from '../../models/webhook-attempts.js';
import type { WebhookEndpoint } from '../../models/webhook-endpoints.js';
import type { WebhookReplayRow } from '../../models/webhook-replays.js';
import type { Config } from '../../runtime/config.js';
import { temporalUrl } from './notification.js';
import { iso } from './time.js';

const time = z.iso.datetime();
const count = z.number().int();

export const endpointView = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string().nullable(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  headers: z.record(z.string(), z.string()).describe('their names; the values are not read back'),
  state: z.enum(endpointStates).describe('`failing`: nothing has reached it since `failingSince`'),
  disabledReason: z.enum(disabledReasons).nullable(),
  disabledAt: time.nullable(),
  failingSince: time.nullable(),
  /** Secrets that sign now: more than one while a rotation goes on. */
  secrets: z.array(z.object({ until: time.nullable() })),
  problem: z
    .string()
    .nullable()
    .describe('why nothing can be sent to it, where its settings cannot be opened'),
  createdAt: time,
  updatedAt: time,
});

/** Shown once: when it is made. */
export const endpointWithSecretView = endpointView.extend({ secret: z.string() });

/** An endpoint as administrators see it. */
export function showEndpoint(endpoint: WebhookEndpoint): z.output<typeof endpointView> {
  const { id, url, events, enabled, createdAt, updatedAt } = endpoint;
  const nowMs = Date.now();
  return {
    id,
    url,
    description: endpoint.description ?? null,
    events,
    enabled,
    headers: maskedHeaders(endpoint.headers),
    state: !enabled ? 'disabled' : endpoint.failingSince ? 'failing' : 'active',
    disabledReason: endpoint.disabledReason ?? null,
    disabledAt: iso(endpoint.disabledAt),
    failingSince: iso(endpoint.failingSince),
    secrets: endpoint.secrets
      .filter(({ untilMs }) => untilMs === undefined || untilMs > nowMs)
      .map(({ untilMs }) => ({ until: untilMs === undefined ? null : new Date(untilMs).toISOString() })),
    problem: endpoint.problem ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** For the audit trail, which more people read: of the URL only the host, since a path is often a secret. */
export function auditedEndpoint({ url, events, enabled, description, headers }: WebhookEndpoint) {
  const host = URL.canParse(url) ? new URL(url).host : '';
  return { host, events, enabled, description: description ?? null, headers: maskedHeaders(headers) };
}

function maskedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, masked]));
}

export const attemptView = z.object({
  id: z.string(),
  eventId: z.string(),
  eventType: z.string(),
  kind: z.enum(attemptKinds),
  attempt: count,
  at: time,
  durationMs: count,
  outcome: z.enum(['delivered', 'failed']),
  status: count.nullable().describe('of HTTP; null where nobody answered'),
  response: z.string().nullable(),
  nextAttemptAt: time.nullable(),
});

export function showAttempt(row: Omit<WebhookAttemptRow, '_id'>): z.output<typeof attemptView> {
  return {
    id: row.id,
    eventId: row.eventId,
    eventType: row.eventType,
    kind: row.kind,
    attempt: row.attempt,
    at: row.at.toISOString(),
    durationMs: row.durationMs,
    outcome: row.outcome,
    status: row.status ?? null,
    response: row.response ?? null,
    nextAttemptAt: iso(row.nextAttemptAt),
  };
}

export const replayView = z.object({
  id: z.string(),
  endpointId: z.string(),
  status: z.enum(replayStatuses),
  from: time,
  to: time,
  events: z.array(z.string()),
  counts: z.object({ total: count, delivered: count, failed: count }),
  createdBy: z.string(),
  createdAt: time,
  finishedAt: time.nullable(),
  workflowId: z.string(),
  temporalUrl: z.string().nullable(),
});

/** A replay, as far as it is now. */
export function showReplay(
  row: WebhookReplayRow,
  config: Pick<Config, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE'>,
): z.output<typeof replayView> {
  const workflowId = webhookReplayWorkflowId(row.tenantId, row.id);
  const { total, delivered, failed } = row.counts;
  return {
    id: row.id,
    endpointId: row.endpointId,
    status: row.status,
    from: row.from.toISOString(),
    to: row.to.toISOString(),
    events: row.types,
    counts: { total, delivered, failed },
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    finishedAt: iso(row.finishedAt),
    workflowId,
    temporalUrl: temporalUrl(config, workflowId),
  };
}

export const outboundEventView = z.object({
  id: z.string(),
  type: z.enum(outboundEventTypes),
  at: time,
  tenantId: z.string(),
  sequence: count,
  data: z.record(z.string(), z.unknown()),
});

/** An event as endpoints get it. */
export function showOutboundEvent(row: OutboundEventRow): z.output<typeof outboundEventView> {
  return eventOf(row) as z.output<typeof outboundEventView>;
}
