import { z } from 'zod';
import { channelName } from '../../contracts/channels.js';
import { DIGEST_TYPE } from '../../contracts/digests.js';
import { CarillonError } from '../../contracts/errors.js';
import type { NotificationType } from '../../contracts/notification-types.js';
import type { Trigger } from '../../contracts/trigger.js';
import type { DeliveryRow } from '../../models/delivery-schema.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { render } from '../../templates/render.js';
import { withSensitiveMasked } from '../../templates/sensitive.js';
import type { TemplateContext } from '../../templates/template-context.js';
import { TemplateError } from '../../templates/template-error.js';
import type { ApiDependencies } from '../dependencies.js';

export const deliveryContentView = z.object({
  id: z.string(),
  channel: channelName,
  template: z.string().nullable().describe('the version that it is written with; null for a built-in text'),
  locale: z.string(),
  rendered: z
    .record(z.string(), z.unknown())
    .describe('the channel’s texts: subject, html and text of a mail, title and message of an item, …'),
  masked: z
    .array(z.string())
    .describe('variables that stand as dots in it, since their type calls them sensitive'),
});

/**
 * What a delivery said. Contents are not kept: it is written once more with the version of the template that it was
 * planned with and the data that it was triggered with, for the person as they are known now. A mail lacks its link to
 * unsubscribe, which is the reader's alone.
 * @throws CarillonError `not_found` where its notification is not kept any more, `unprocessable` where its type is gone or
 *   its template fails.
 */
export async function contentOf(
  deps: ApiDependencies,
  tenantId: string,
  delivery: DeliveryRow,
): Promise<z.infer<typeof deliveryContentView>> {
  const notification = await deps.models.notifications.find(tenantId, delivery.notificationId);
  if (!notification) throw new CarillonError('not_found', 'its notification is not kept any more');
  const type = await deps.types.find(tenantId, notification.type);
  if (!type) throw new CarillonError('unprocessable', `there is no type "${notification.type}" any more`);
  const vault = await deps.models.dataKeys.vault(tenantId);
  const trigger = JSON.parse(vault.open(notification.trigger)) as Trigger;
  const { channel } = delivery;
  const templateId = delivery.template ?? notification.plan.templates?.[channel];
  const [template, { locale, ...context }] = await Promise.all([
    templateId === undefined ? undefined : deps.templates.get(tenantId, templateId),
    contextOf(deps, tenantId, notification, trigger, type),
  ]);
  const data = trigger.type === DIGEST_TYPE ? shareOf(context.data, channel) : context.data;
  try {
    const rendered = await render({
      type,
      channel,
      locale,
      content: trigger.content,
      template,
      context: { ...context, data },
    });
    return {
      id: delivery.id,
      channel,
      template: templateId ?? null,
      locale,
      rendered: { ...rendered },
      masked: type.sensitive,
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new CarillonError('unprocessable', error.message, undefined, { cause: error });
  }
}

async function contextOf(
  { models }: ApiDependencies,
  tenantId: string,
  notification: NotificationRow,
  trigger: Trigger,
  type: NotificationType,
): Promise<TemplateContext & { locale: string }> {
  const { recipientId: id, createdAt } = notification;
  const [tenant, contact] = await Promise.all([
    models.tenants.find(tenantId),
    models.subscribers.contact(tenantId, id),
  ]);
  if (!tenant) throw new CarillonError('not_found', 'there is no such tenant');
  // It may be the very secret: of a password's reset, say.
  const actionUrl = type.sensitive.length === 0 ? trigger.actionUrl : trigger.actionUrl && '/';
  return {
    locale: contact?.locale ?? tenant.locale,
    data: withSensitiveMasked(trigger.data, type.sensitive),
    recipient: { id, email: contact?.email, phone: contact?.phone, timezone: contact?.timezone },
    tenant: {
      id: tenant.id,
      name: tenant.branding.name ?? tenant.name,
      locale: tenant.locale,
      timezone: tenant.timezone,
      appUrl: tenant.appUrl,
      branding: tenant.branding,
    },
    actor: trigger.actor ? { id: trigger.actor } : null,
    notification: {
      id: notification.id,
      type: type.name,
      severity: trigger.severity ?? type.severity,
      actionUrl,
      related: trigger.related,
      createdAt: createdAt.toISOString(),
      expiresAt: trigger.expiresAt,
      unsubscribeUrl: null,
    },
  };
}

/** What a digest says on one channel. */
function shareOf(data: TemplateContext['data'], channel: string): TemplateContext['data'] {
  const { channels, ...rest } = data as { channels?: Record<string, object>; digestKey?: string };
  return { total: 0, more: 0, items: [], ...rest, period: rest.digestKey, ...channels?.[channel] };
}
