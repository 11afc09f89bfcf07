import type { ChannelName } from '../contracts/channels.js';
import type { EmailMessage, InAppMessage } from '../contracts/messages.js';
import type { NotificationType } from '../contracts/notification-types.js';
import { isSafeLink } from '../contracts/primitives.js';
import type { Content } from '../contracts/trigger.js';
import { actionLink } from './action-link.js';
import type { FilterSettings } from './liquid-filters.js';
import { chooseLocale, type TextLocale } from './locales.js';
import type { TemplateContext } from './template-context.js';

/** What is to be written, for which channel, in whose language. */
export interface RenderRequest<C extends ChannelName = ChannelName> {
  type: NotificationType;
  channel: C;
  /** The reader's, e.g. `fr-CA`; an unknown one falls back to the tenant's, then to English. */
  locale: string;
  /** The trigger's own text; channels it does not name get the type's. */
  content?: Content | null;
  context: TemplateContext;
}

/** What comes out for each channel: the text of its message, without addresses. */
export interface RenderedTexts {
  in_app: Pick<InAppMessage, 'title' | 'message'>;
  email: Required<Pick<EmailMessage, 'subject' | 'html' | 'text'>>;
  sms: { text: string };
  push: { title: string; body: string };
  slack: { text: string };
  teams: { text: string };
  whatsapp: { text: string };
  webhook: { body: Record<string, unknown> };
}
export type Rendered<C extends ChannelName = ChannelName> = RenderedTexts[C];

/** A request with everything that its templates share. */
export interface Rendering {
  type: NotificationType;
  context: TemplateContext;
  locale: TextLocale;
  /** Absolute; null where there is nothing to link to. */
  link: string | null;
  variables: Readonly<Record<string, unknown>>;
  settings: FilterSettings;
}

/** Chooses the language and lays out the variables. Carillon's own names hide fields of `data` that bear them too. */
export function startRendering(request: RenderRequest): Rendering {
  const { type, context } = request;
  const { data, recipient, tenant, actor, notification } = context;
  const locale = chooseLocale(request.locale, tenant.locale);
  const link = actionLink(notification.actionUrl, tenant.appUrl);
  return {
    type,
    context,
    locale: locale.text,
    link,
    variables: {
      ...data,
      recipient,
      tenant,
      actor: actor ?? null,
      unsubscribeUrl: notification.unsubscribeUrl ?? null,
      notification: { ...notification, actionUrl: link ?? safe(notification.actionUrl) },
    },
    settings: { locale: locale.format, timezone: recipient.timezone ?? tenant.timezone },
  };
}

function safe(url: string | null | undefined): string | null {
  return url && isSafeLink(url) ? url : null;
}
