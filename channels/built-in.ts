import type { Channel } from './channel.js';
import { sesChannel } from './email/ses.js';
import { smtpChannel } from './email/smtp.js';
import { inAppChannel } from './in-app.js';
import { fcmChannel } from './push/fcm.js';
import { webPushChannel } from './push/web-push.js';
import { slackIncomingWebhook } from './slack/incoming-webhook.js';
import { slackChannel } from './slack/slack.js';
import { twilioSmsChannel } from './sms/twilio.js';
import { teamsWorkflowChannel } from './teams/workflow.js';
import { standardWebhookChannel } from './webhook/standard.js';
import { twilioWhatsAppChannel } from './whatsapp/twilio.js';

export interface ChannelSetup {
  /** `channel/provider` → URL at which its API is reached instead of the vendor's own: a proxy, or a double in tests. */
  endpoints: ReadonlyMap<string, string>;
}

/** Every channel that comes with Carillon. A provider's SDK is loaded when the first message goes through it. */
export function builtInChannels({ endpoints }: ChannelSetup): Channel[] {
  return [
    inAppChannel,
    smtpChannel(),
    sesChannel(endpoints.get('email/ses')),
    twilioSmsChannel(endpoints.get('sms/twilio')),
    twilioWhatsAppChannel(endpoints.get('whatsapp/twilio')),
    fcmChannel({ endpoint: endpoints.get('push/fcm') }),
    webPushChannel({ endpoint: endpoints.get('push/web-push') }),
    slackChannel({ endpoint: endpoints.get('slack/slack') }),
    slackIncomingWebhook({ endpoint: endpoints.get('slack/incoming-webhook') }),
    teamsWorkflowChannel(),
    standardWebhookChannel(),
  ];
}
