import { createHash } from 'node:crypto';
import { DELIVERY_FAILING, type AlertSettings } from '../../contracts/alerts.js';
import type { ChannelName } from '../../contracts/channels.js';
import { trigger } from '../../contracts/trigger.js';
import type { FailureCountRow } from '../../models/failure-counts.js';
import type { ActivityDependencies } from '../dependencies.js';
import { configuredProviders } from '../providers.js';

/** The most administrators of a tenant that are told, in the order of their IDs. */
const MAX_TOLD = 100;
const AT_ONCE = 50;

type Telling = Pick<ActivityDependencies, 'models' | 'runs' | 'channels' | 'credentials'>;

/**
 * Tells a tenant's administrators that a provider fails, in the inbox and on every other channel that is set up but the
 * one that fails. Each is told once in a window, however often this is called for it: the notifications' IDs follow
 * from the window. That they were told is written last, so a crash in between has it done again.
 */
export async function tellOfFailures(deps: Telling, row: FailureCountRow): Promise<void> {
  const { tenantId, channel, provider } = row;
  const tenant = await deps.models.tenants.find(tenantId);
  if (tenant) {
    const configured = await configuredProviders(deps, tenantId, tenant.credentialsVersion);
    const channels: ChannelName[] = [
      'in_app',
      ...[...configured.keys()].filter((name) => name !== 'in_app' && name !== channel),
    ];
    for (const recipient of await administrators(deps, tenantId, tenant.alerts)) {
      await deps.runs.start({
        tenantId,
        notificationId: idFor(row, recipient),
        recipientId: recipient,
        trigger: trigger.parse({
          type: DELIVERY_FAILING,
          to: { recipient },
          channels,
          priority: 'high',
          data: {
            channel,
            provider,
            failures: row.count,
            minutes: row.windowMs / 60_000,
            reason: row.failureReason,
          },
        }),
        requestHash: idFor(row, recipient),
        acceptedAtMs: Date.now(),
      });
    }
  }
  await deps.models.failureCounts.markTold(row);
}

/** Tells of what a worker that died, or could not reach Temporal, has left untold. */
export async function tellOfAllDue(deps: Telling): Promise<void> {
  for (const row of await deps.models.failureCounts.due(AT_ONCE)) await tellOfFailures(deps, row);
}

async function administrators(
  { models }: Telling,
  tenantId: string,
  { roles, recipients }: AlertSettings,
): Promise<Set<string>> {
  const inRole =
    roles.length === 0
      ? []
      : await models.subscribers.idsAfter(tenantId, { roles }, undefined, MAX_TOLD, new Date());
  return new Set([...recipients, ...inRole]);
}

function idFor({ tenantId, channel, provider, since }: FailureCountRow, recipient: string): string {
  const window = [tenantId, channel, provider, since.getTime(), recipient].join('\0');
  return `ntf_a${createHash('sha256').update(window).digest('hex').slice(0, 32)}`;
}
