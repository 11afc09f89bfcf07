import type { Message } from '../../../elements/shared/i18n.js';

export const english = {
  'deliveries.title': 'Deliveries',
  'deliveries.text': 'Every message on every channel, newest first.',
  'deliveries.live': 'Live',
  'deliveries.liveHelp': 'New deliveries come in by themselves',
  'deliveries.paused': 'Paused',
  'deliveries.pausedPage': 'Not live: these are older ones',
  'deliveries.more': { one: 'One new', other: '{count} new' },
  'deliveries.new': 'new',
  'deliveries.status': 'Status',
  'deliveries.notification': 'Notification',
  'deliveries.channel': 'Channel',
  'deliveries.target': 'Target',
  'deliveries.detail': 'Detail',
  'deliveries.time': 'Triggered',
  'deliveries.reason': 'Failure',
  'deliveries.recipient': 'Person',
  'deliveries.type': 'Type',
  'deliveries.provider': 'Provider',
  'deliveries.from': 'From',
  'deliveries.to': 'Until',
  'deliveries.attempts': { one: '1 attempt', other: '{count} attempts' },
  'deliveries.next': 'again {time}',
  'deliveries.opened': 'opened {time}',
  'deliveries.clicked': 'clicked {time}',
  'deliveries.none': 'Nothing fits',
  'deliveries.noneText':
    'No delivery of this tenant fits these filters. Clear some, or look at a longer period.',
  'deliveries.empty': 'Nothing was sent yet',
  'deliveries.emptyText': 'Trigger a notification with POST /v1/notifications: it shows up here at once.',
} satisfies Record<string, Message>;

export type DeliveriesText = keyof typeof english;
