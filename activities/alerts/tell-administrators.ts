import { createHash } from 'node:crypto';
import { DELIVERY_FAILING, type AlertSettings } from '../../contracts/alerts.js';
import type { ChannelName } from '../../contracts/channels.js';
import { trigger, type Trigger } from '../../contracts/trigger.js';
import type { ActivityDependencies } from '../dependencies.js';
import { inParallel } from '../in-parallel.js';
import { configuredProviders } from '../providers.js';

/** The most administrators of a tenant that are told, in the order of their IDs. */
const MAX_TOLD = 100;
const STARTS_AT_ONCE = 10;

export type Telling = Pick<ActivityDependencies, 'models' | 'runs' | 'channels' | 'credentials' | 'log'>;

/** What a tenant's administrators are told. */
export interface Alert {
  tenantId: string;
  /** The one that fails: they are told on others. */
  channel: ChannelName;
  provider: string;
  data: Record<string, unknown>;
  severity?: Trigger['severity'];
  /** What it is about: the same again is told to nobody twice. */
  about: readonly (string | number)[];
}

/**
 * Tells a tenant's administrators about a provider, in the inbox and on every other channel that is set up but its own.
 * However often this is called for it, each is told once: the notifications' IDs follow from what it is about.
 */
export async function tellAdministrators(deps: Telling, alert: Alert): Promise<void> {
  const { tenantId, channel, provider, data, severity } = alert;
  const tenant = await deps.models.tenants.find(tenantId);
  if (!tenant) return;
  const configured = await configuredProviders(deps, tenantId, tenant.credentialsVersion);
  const channels: ChannelName[] = [
    'in_app',
    ...[...configured.keys()].filter((name) => name !== 'in_app' && name !== channel),
  ];
  const told = [...(await administrators(deps, tenantId, tenant.alerts))];
  await inParallel(told, STARTS_AT_ONCE, (recipient) => {
    const id = idFor(alert, recipient);
    return deps.runs.start({
      tenantId,
      notificationId: id,
      recipientId: recipient,
      trigger: trigger.parse({
        type: DELIVERY_FAILING,
        to: { recipient },
        channels,
        priority: 'high',
        ...(severity === undefined ? {} : { severity }),
        data: { channel, provider, ...data },
      }),
      requestHash: id,
      acceptedAtMs: Date.now(),
    });
  });
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

function idFor({ tenantId, channel, provider, about }: Alert, recipient: string): string {
  const parts = [tenantId, channel, provider, ...about, recipient].join('\0');
  return `ntf_a${createHash('sha256').update(parts).digest('hex').slice(0, 32)}`;
}
