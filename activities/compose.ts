import { ChannelError } from '../channels/channel.js';
import type { ChannelName } from '../contracts/channels.js';
import type { EmailMessage } from '../contracts/messages.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import { render } from '../templates/render.js';
import { typeOf } from './deciding.js';
import type { Prepared } from './prepared.js';
import { templateContext } from './template-context.js';

/** Renders what a channel sends, in the person's language. @throws TemplateError for a caller's template that fails. */
export async function composeMessage(
  channel: ChannelName,
  target: string,
  request: Pick<DeliverRequest, 'notificationId'>,
  subject: Prepared,
): Promise<EmailMessage> {
  if (channel !== 'email') {
    throw new ChannelError('content_error', { providerResponse: `nothing composes ${channel} yet` });
  }
  const { facts, trigger } = subject;
  const mail = await render({
    type: typeOf(trigger),
    channel,
    locale: facts.contact?.locale ?? facts.tenant.locale,
    content: trigger.content,
    context: templateContext({
      notificationId: request.notificationId,
      recipientId: subject.recipientId,
      createdAt: subject.createdAt,
      trigger,
      facts,
    }),
  });
  return { channel: 'email', to: target, subject: mail.subject, html: mail.html, text: mail.text };
}
