// The API's codes in words.

const reasons: Record<string, string> = {
  type_disabled: 'this type is switched off for the tenant',
  channel_not_supported: 'this type does not go out there',
  recipient_unknown: 'nobody of that name',
  recipient_erased: 'the person was erased',
  suppressed_address: 'the address is suppressed',
  actor_is_recipient: 'nobody is told of their own doing',
  channel_not_configured: 'no provider is set up',
  turned_off_by_person: 'the person turned it off',
  turned_off_by_default: 'off until somebody turns it on',
  topic_muted: 'the topic is muted',
  muted: 'the person muted everything',
  no_address: 'no address is known',
  no_inbox: 'there is no inbox',
  no_content: 'there is no text for it',
  quiet_hours: 'quiet hours',
  scheduled: 'scheduled',
  escalation: 'only if it stays unread',
  cadence: 'the person wants a summary',
  digest_key: 'collected with others',
  duplicate: 'the same was just sent',
  throttled: 'too many of these',
  expired: 'it was too late',
  cancelled: 'it was cancelled',
  acknowledged: 'it was read in time',
  auth_error: 'the provider refused our credentials',
  network_error: 'the server does not answer',
  provider_error: 'the provider failed',
  content_error: 'the content was refused',
  invalid_recipient: 'the address was refused',
  rate_limited: 'the provider asked to slow down',
  unknown_error: 'something unknown',
};

const channels: Record<string, string> = {
  in_app: 'Inbox',
  email: 'Email',
  sms: 'SMS',
  push: 'Push',
  slack: 'Slack',
  teams: 'Teams',
  webhook: 'Webhook',
  whatsapp: 'WhatsApp',
};

export function reasonInWords(code: string): string {
  return reasons[code] ?? plain(code);
}

export function channelInWords(name: string): string {
  return channels[name] ?? plain(name);
}

/** `password_reset` as `password reset`. */
export function plain(code: string): string {
  return code.replaceAll('_', ' ');
}

export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** `14:03:12` */
export function clockTime(iso: string): string {
  return clock.format(new Date(iso));
}

/** `14:03:12` within the next minutes, else `Tue 08:00`. */
export function untilTime(iso: string): string {
  const at = new Date(iso);
  return at.getTime() - Date.now() < 3_600_000 ? clock.format(at) : day.format(at);
}
