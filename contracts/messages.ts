import type { OwnChannelName } from './channels.js';
import type { Severity } from './notification-types.js';
import type { PriorityName } from './priorities.js';

/** What each channel is handed to send, fully rendered. `to` is what the provider's `targetOf` gave. */
export interface EmailMessage {
  channel: 'email';
  to: string;
  subject: string;
  html?: string;
  text: string;
  /** The tenant's own name and address; `channels/email/mail.ts` says how they go with the credentials'. */
  from?: { name?: string; address?: string };
  /** Where answers go, unless the credentials say. */
  replyTo?: { name?: string; address: string };
  attachments?: readonly EmailAttachment[];
  /** URL for one-click unsubscribe (RFC 8058); absent until the tenant has one. */
  unsubscribeUrl?: string;
}

export interface EmailAttachment {
  filename: string;
  /** Guessed from the name where it is absent. */
  contentType?: string;
  content: Uint8Array;
}

export interface InAppMessage {
  channel: 'in_app';
  title: string;
  message: string;
}

export interface SmsMessage {
  channel: 'sms';
  /** E.164, e.g. `+33612345678`. */
  to: string;
  text: string;
}

export interface WhatsAppMessage {
  channel: 'whatsapp';
  /** E.164. */
  to: string;
  text: string;
}

/** What the richer channels show beside their text. */
export interface MessageExtras {
  /** Absolute http(s) URL of what it is about. */
  link?: string;
  /** What the link's button says in the reader's language; `Open` where nothing is given. */
  linkLabel?: string;
  imageUrl?: string;
  /** Buttons, each with an absolute http(s) URL. */
  actions: readonly { label: string; url: string }[];
}

export interface PushMessage extends MessageExtras {
  channel: 'push';
  /** The person's device tokens that the provider reaches, as one string: `channels/push/tokens.ts`. */
  to: string;
  /** The notification's ID, the same for every attempt. */
  id: string;
  title: string;
  body: string;
  /** For the application on the device. */
  data: Readonly<Record<string, string>>;
  priority: PriorityName;
  /** ISO 8601: not to be shown any more after it. */
  expiresAt?: string;
  /** Groups what belongs together on the device. */
  threadKey?: string;
}

export interface SlackMessage extends MessageExtras {
  channel: 'slack';
  to: string;
  text: string;
}

export interface TeamsMessage extends MessageExtras {
  channel: 'teams';
  to: string;
  title: string;
  text: string;
}

export interface WebhookMessage {
  channel: 'webhook';
  to: string;
  /** The notification's ID, the same for every attempt. */
  id: string;
  /** Its type, e.g. `approval_request`. */
  type: string;
  /** ISO 8601. */
  createdAt: string;
  recipient: string;
  body: Readonly<Record<string, unknown>>;
}

/** Of a channel of the deployment's own. */
export interface OwnMessage extends MessageExtras {
  channel: OwnChannelName;
  to: string;
  /** The notification's ID, the same for every attempt. */
  id: string;
  /** Its type, e.g. `approval_request`. */
  type: string;
  /** ISO 8601. */
  createdAt: string;
  recipient: string;
  severity: Severity;
  priority: PriorityName;
  /** One line; never empty. */
  title: string;
  /** A sentence or two where the type wrote it. */
  text: string;
}

/** The message of a channel by its name. */
export interface Messages {
  in_app: InAppMessage;
  email: EmailMessage;
  sms: SmsMessage;
  whatsapp: WhatsAppMessage;
  push: PushMessage;
  slack: SlackMessage;
  teams: TeamsMessage;
  webhook: WebhookMessage;
  [own: OwnChannelName]: OwnMessage;
}
