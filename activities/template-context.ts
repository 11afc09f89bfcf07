import type { ChannelName } from '../contracts/channels.js';
import { DIGEST_TYPE } from '../contracts/digests.js';
import type { Trigger } from '../contracts/trigger.js';
import type { TemplateContext } from '../templates/template-context.js';
import { shareOf } from './digest/content.js';
import type { PlanningFacts } from './planning-facts.js';

/** What templates see of a notification. */
export function templateContext(
  subject: {
    notificationId: string;
    recipientId: string;
    createdAt: Date;
    trigger: Trigger;
    facts: PlanningFacts;
    unsubscribeUrl?: string | undefined;
  },
  channel: ChannelName,
): TemplateContext {
  const { trigger, facts } = subject;
  return {
    data: trigger.type === DIGEST_TYPE ? shareOf(trigger.data, channel) : trigger.data,
    recipient: {
      id: subject.recipientId,
      email: facts.contact?.email,
      phone: facts.contact?.phone,
      timezone: facts.contact?.timezone,
    },
    tenant: {
      id: facts.tenant.id,
      name: facts.tenant.branding.name ?? facts.tenant.name,
      locale: facts.tenant.locale,
      timezone: facts.tenant.timezone,
      appUrl: facts.tenant.appUrl,
      branding: facts.tenant.branding,
    },
    actor: trigger.actor ? { id: trigger.actor } : null,
    notification: {
      id: subject.notificationId,
      type: trigger.type,
      severity: trigger.severity ?? facts.type.severity,
      actionUrl: trigger.actionUrl,
      related: trigger.related,
      createdAt: subject.createdAt.toISOString(),
      expiresAt: trigger.expiresAt,
      unsubscribeUrl: subject.unsubscribeUrl,
    },
  };
}
