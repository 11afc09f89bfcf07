import type { ChannelName, OwnChannelName } from '../contracts/channels.js';
import type { EmailMessage, InAppMessage } from '../contracts/messages.js';
import type { NotificationType } from '../contracts/notification-types.js';
import { isSafeLink } from '../contracts/primitives.js';
import type { Content } from '../contracts/trigger.js';
import { actionLink } from './action-link.js';
import type { FilterSettings } from './liquid-filters.js';
import type { CompiledMail } from './compile-template.js';
import { parseCallers, type Escaping, type ParsedTemplate } from './liquid.js';
import { chooseLocale, formatLocale, type ChosenLocale, type TextLocale } from './locales.js';
import { mayTellAll, withoutSensitive } from './sensitive.js';
import type { LoadedTemplate } from './template-cache.js';
import type { TemplateContext } from './template-context.js';
import type { TemplatePlace } from './template-error.js';

/** What is to be written, for which channel, in whose language. */
export interface RenderRequest<C extends ChannelName = ChannelName> {
  type: NotificationType;
  channel: C;
  /** The reader's, e.g. `fr-CA`; an unknown one falls back to the tenant's, then to English. */
  locale: string;
  /** The trigger's own text; channels it does not name get the type's. */
  content?: Content | null;
  /** The version that was chosen: of the type's text, or of the layout around mails that Carillon lays out. */
  template?: LoadedTemplate | undefined;
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
  [own: OwnChannelName]: { title: string; text: string };
}
export type Rendered<C extends ChannelName = ChannelName> = RenderedTexts[C];

/** A request with everything that its templates share. */
export interface Rendering {
  type: NotificationType;
  context: TemplateContext;
  /** The language of built-in texts and phrases. */
  locale: TextLocale;
  /** The language of what is written, where that is known to be another. */
  lang: string;
  /** Whether it is the caller's text that is written. */
  fromContent: boolean;
  /** Absolute; null where there is nothing to link to. */
  link: string | null;
  variables: Readonly<Record<string, unknown>>;
  settings: FilterSettings;
  parse(text: string, escaping: Escaping, place: TemplatePlace): ParsedTemplate;
  /** The tenant's layout around mails that Carillon lays out; absent for its own. */
  mailLayout?: ((place: TemplatePlace) => ParsedTemplate) | undefined;
}

/** Chooses the language and lays out the variables. Carillon's own names hide fields of `data` that bear them too. */
export function startRendering(request: RenderRequest): Rendering {
  const { type, channel, context, template } = request;
  const { recipient, tenant, actor, notification } = context;
  const fromContent = request.content?.[channel] !== undefined;
  const written = template?.kind === 'type' && !fromContent ? template : undefined;
  const locale = written
    ? localeOf(written.locale, request.locale, tenant.locale)
    : chooseLocale(request.locale, tenant.locale);
  const link = actionLink(notification.actionUrl, tenant.appUrl);
  return {
    type,
    context,
    locale: locale.text,
    lang: written?.locale ?? locale.text,
    fromContent,
    link,
    variables: {
      ...(mayTellAll(channel) ? context.data : withoutSensitive(context.data, type.sensitive)),
      recipient,
      tenant,
      actor: actor ?? null,
      unsubscribeUrl: notification.unsubscribeUrl ?? null,
      notification: { ...notification, actionUrl: link ?? safe(notification.actionUrl) },
    },
    settings: { locale: locale.format, timezone: recipient.timezone ?? tenant.timezone },
    parse: (text, escaping, place) =>
      written ? written.parse(text, escaping, place) : parseCallers(text, escaping, place),
    mailLayout: template && layoutOf(template),
  };
}

/** The layout that a version holds, where it holds one. */
function layoutOf(template: LoadedTemplate): Rendering['mailLayout'] {
  const { layout } = template.texts as Partial<CompiledMail>;
  return layout === undefined ? undefined : (place) => template.parse(layout, 'html', place);
}

/** Of a text in a language that the built-in ones may not be in. */
function localeOf(text: string, wanted: string, tenantLocale: string): ChosenLocale {
  return {
    text: chooseLocale(text, tenantLocale).text,
    format: formatLocale(text, wanted, tenantLocale),
  };
}

function safe(url: string | null | undefined): string | null {
  return url && isSafeLink(url) ? url : null;
}
