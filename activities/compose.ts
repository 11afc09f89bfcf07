import { entryOf, EVERY_OWN, type ChannelName, type SentChannelName } from '../contracts/channels.js';
import type { EmailAttachment, MessageExtras, Messages } from '../contracts/messages.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import { isSafeLink } from '../contracts/primitives.js';
import { actionLink } from '../templates/action-link.js';
import { layoutPhrases } from '../templates/layout-phrases.js';
import { chooseLocale } from '../templates/locales.js';
import { render } from '../templates/render.js';
import type { RenderedTexts } from '../templates/rendering.js';
import type { LoadedTemplate } from '../templates/template-cache.js';
import type { TemplateContext } from '../templates/template-context.js';
import { deliveryId } from '../contracts/ids.js';
import type { Prepared } from './prepared.js';
import { templateContext } from './template-context.js';
import { trackedMail } from './tracked-mail.js';
import type { TrackingUrls } from './tracking-urls.js';
import type { UnsubscribeUrls } from './unsubscribe-urls.js';

/** What a message says beside its texts. */
interface Subject {
  to: string;
  prepared: Prepared;
  context: TemplateContext;
  attachments: readonly EmailAttachment[];
  /** The reader's language, as a tag. */
  locale: string;
}

/** What a message is made of beside what it is about. */
export interface MessageParts {
  /** The version that its channel was planned with. */
  template?: LoadedTemplate | undefined;
  /** Of a mail. */
  attachments?: readonly EmailAttachment[];
  /** Where a mail's reader unsubscribes. */
  unsubscribeUrls?: UnsubscribeUrls | undefined;
  /** Where a mail tells that it was opened. */
  trackingUrls?: TrackingUrls | undefined;
}

type Composers = {
  [C in SentChannelName]: (texts: RenderedTexts[C], subject: Subject, channel: C) => Messages[C];
};

const composers: Composers = {
  email: ({ subject, html, text }, { to, prepared, context, attachments }) => {
    const { name, address, replyTo } = prepared.facts.tenant.sender;
    const { unsubscribeUrl } = context.notification;
    return {
      channel: 'email',
      to,
      subject,
      html,
      text,
      ...(name === undefined && address === undefined ? {} : { from: { name, address } }),
      ...(replyTo === undefined ? {} : { replyTo: { address: replyTo } }),
      ...(unsubscribeUrl ? { unsubscribeUrl } : {}),
      ...(attachments.length === 0 ? {} : { attachments }),
    };
  },
  sms: ({ text }, { to }) => ({ channel: 'sms', to, text }),
  whatsapp: ({ text }, { to }) => ({ channel: 'whatsapp', to, text }),
  push: ({ title, body }, subject) => ({
    channel: 'push',
    to: subject.to,
    id: subject.context.notification.id,
    title,
    body,
    data: {
      notificationId: subject.context.notification.id,
      type: subject.context.notification.type,
    },
    ...pushHints(subject.prepared.trigger),
    ...extras(subject),
  }),
  slack: ({ text }, subject) => ({ channel: 'slack', to: subject.to, text, ...extras(subject) }),
  teams: ({ text }, subject) => {
    const [title = '', ...rest] = text.split('\n');
    return { channel: 'teams', to: subject.to, title, text: rest.join('\n'), ...extras(subject) };
  },
  webhook: ({ body }, { to, prepared, context }) => ({
    channel: 'webhook',
    to,
    id: context.notification.id,
    type: context.notification.type,
    createdAt: context.notification.createdAt,
    recipient: prepared.recipientId,
    body,
  }),
  [EVERY_OWN]: ({ title, text }, subject, channel) => {
    const { id, type, createdAt, severity } = subject.context.notification;
    const { recipientId: recipient, trigger } = subject.prepared;
    const about = { id, type, createdAt, recipient, severity, priority: trigger.priority };
    return { channel, to: subject.to, ...about, title, text, ...extras(subject) };
  },
};

/** Renders what a channel sends, in the person's language. @throws TemplateError for a template that fails. */
export async function composeMessage(
  channel: ChannelName,
  target: string,
  request: Pick<DeliverRequest, 'notificationId'>,
  prepared: Prepared,
  parts: MessageParts = {},
): Promise<Messages[SentChannelName]> {
  if (channel === 'in_app') throw new Error('the inbox is stored, not sent');
  const message = await compose(channel, target, request, prepared, parts);
  if (message.channel !== 'email' || !parts.trackingUrls) return message;
  return trackedMail(message, request.notificationId, prepared, parts.trackingUrls);
}

async function compose<C extends SentChannelName>(
  channel: C,
  to: string,
  { notificationId }: Pick<DeliverRequest, 'notificationId'>,
  prepared: Prepared,
  { template, attachments = [], unsubscribeUrls }: MessageParts,
): Promise<Messages[C]> {
  const { facts, trigger, recipientId, createdAt } = prepared;
  const { type } = facts;
  const locale = facts.contact?.locale ?? facts.tenant.locale;
  // What passes an unsubscribe does not offer one.
  const unsubscribeUrl =
    channel === 'email' && !type.critical
      ? await unsubscribeUrls?.({
          tenantId: facts.tenant.id,
          channel,
          address: to,
          category: trigger.category ?? type.category,
          deliveryId: deliveryId(notificationId, channel),
          locale: facts.contact?.locale,
        })
      : undefined;
  const about = { notificationId, recipientId, createdAt, trigger, facts, unsubscribeUrl };
  const context = templateContext(about, channel);
  const texts = await render<C>({
    type,
    channel,
    locale,
    content: trigger.content,
    template,
    context,
  });
  const subject = { to, prepared, context, attachments, locale };
  return composers[entryOf(channel)](texts, subject, channel);
}

/** How a device is to treat it. */
function pushHints({
  priority,
  expiresAt,
  threadKey,
}: Prepared['trigger']): Pick<Messages['push'], 'priority' | 'expiresAt' | 'threadKey'> {
  return { priority, ...(expiresAt ? { expiresAt } : {}), ...(threadKey ? { threadKey } : {}) };
}

/** Only what can be opened from outside the application: absolute links. */
function extras({ prepared, context, locale }: Subject): MessageExtras {
  const { actions, actionUrl, imageUrl } = prepared.trigger;
  const absolute = (url: string | null | undefined) => actionLink(url, context.tenant.appUrl) ?? undefined;
  const link = absolute(actionUrl);
  const image = imageUrl && isSafeLink(imageUrl) ? absolute(imageUrl) : undefined;
  return {
    actions: actions.flatMap(({ label, url }) => {
      const full = absolute(url);
      return full === undefined ? [] : [{ label, url: full }];
    }),
    ...(link === undefined
      ? {}
      : { link, linkLabel: layoutPhrases[chooseLocale(locale, context.tenant.locale).text].open }),
    ...(image === undefined ? {} : { imageUrl: image }),
  };
}
