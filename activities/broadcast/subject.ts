import { createHash } from 'node:crypto';
import type { AudienceSources } from '../../contracts/audience.js';
import type { BroadcastMessage } from '../../contracts/broadcasts.js';
import type { NotificationInput } from '../../contracts/notification-run.js';
import type { NotificationType } from '../../contracts/notification-types.js';
import type { Tenant } from '../../contracts/tenants.js';
import { BEST_TIME, type Trigger } from '../../contracts/trigger.js';
import type { BroadcastRow } from '../../models/broadcasts.js';
import type { AddressVault } from '../../models/data-keys.js';
import type { PublishedTemplates } from '../../templates/published-templates.js';
import { attached, type Attached } from '../attachments.js';
import { typeOf, withDefaults } from '../deciding.js';
import type { ActivityDependencies } from '../dependencies.js';
import { configuredProviders, type ConfiguredProviders } from '../providers.js';
import type { Member } from './audience.js';

/** What a broadcast says and rests on, read once for a page. */
export interface BroadcastSubject {
  tenantId: string;
  broadcastId: string;
  startedAt: Date;
  message: BroadcastMessage;
  sources: AudienceSources;
  tenant: Tenant;
  type: NotificationType;
  templates: PublishedTemplates;
  vault: AddressVault;
  providers: ConfiguredProviders;
  /** What its mails carry, read once for a page. */
  attached: Attached;
}

/** Undefined when the broadcast or its tenant is gone. */
export async function readSubject(
  deps: ActivityDependencies,
  place: { tenantId: string; broadcastId: string; startedAtMs: number },
): Promise<BroadcastSubject | undefined> {
  const { tenantId, broadcastId } = place;
  const [row, tenant] = await Promise.all([
    deps.models.broadcasts.find(tenantId, broadcastId),
    deps.models.tenants.find(tenantId),
  ]);
  if (!row || !tenant) return undefined;
  const vault = await deps.models.dataKeys.vault(tenantId);
  const opened = openBroadcast(vault, row);
  const types = await deps.types.of(tenantId, tenant.typesVersion);
  const type = typeOf(types, opened.message);
  return {
    tenantId,
    broadcastId,
    startedAt: new Date(place.startedAtMs),
    ...opened,
    message: withDefaults(opened.message, type),
    attached: attached(deps, tenantId, opened.message.attachments),
    tenant,
    type,
    templates: types.templates,
    vault,
    providers: await configuredProviders(deps, tenantId, tenant.credentialsVersion),
  };
}

/** What a stored broadcast says and to whom. */
export function openBroadcast(
  vault: AddressVault,
  row: Pick<BroadcastRow, 'message' | 'audience'>,
): { message: BroadcastMessage; sources: AudienceSources } {
  return {
    message: JSON.parse(vault.open(row.message)) as BroadcastMessage,
    sources: JSON.parse(row.audience) as AudienceSources,
  };
}

/** What one recipient's notification is started with, whether on the page or in a run of its own. */
export function inputFor(subject: BroadcastSubject, member: Member): NotificationInput {
  const { tenantId, broadcastId, message } = subject;
  const { idempotencyKey: _key, ...said } = message;
  const trigger: Trigger = {
    ...said,
    // The broadcast has waited for a time already; the best one is each person's own.
    sendAt: message.sendAt === BEST_TIME ? BEST_TIME : null,
    to: { recipient: member.recipient },
    data: member.data === undefined ? message.data : { ...message.data, ...member.data },
  };
  return {
    tenantId,
    notificationId: notificationIdOf(tenantId, broadcastId, member.recipientId),
    recipientId: member.recipientId,
    trigger,
    requestHash: broadcastId,
    acceptedAtMs: subject.startedAt.getTime(),
    broadcastId,
    ...(member.topic === undefined ? {} : { topic: member.topic }),
    ...(member.onlyTopics === undefined ? {} : { onlyTopics: member.onlyTopics }),
  };
}

/** The same recipient of the same broadcast is always the same notification: nobody gets it twice. */
export function notificationIdOf(tenantId: string, broadcastId: string, recipientId: string): string {
  const digest = createHash('sha256').update(`${tenantId}\0${broadcastId}\0${recipientId}`).digest('hex');
  return `ntf_b${digest.slice(0, 32)}`;
}
