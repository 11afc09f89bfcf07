/** What each channel is handed to send, fully rendered. */
export interface EmailMessage {
  channel: 'email';
  to: string;
  subject: string;
  html?: string;
  text: string;
  from?: { name?: string; address: string };
  /** URL for one-click unsubscribe (RFC 8058); absent until the tenant has one. */
  unsubscribeUrl?: string;
}

export interface InAppMessage {
  channel: 'in_app';
  title: string;
  message: string;
}
