/** What bell and inbox say at first. */
export const english = {
  'bell.label': 'Notifications',
  'bell.unread': { one: 'Notifications, {count} unread', other: 'Notifications, {count} unread' },
  'bell.many': 'Notifications, more than {count} unread',
  'inbox.title': 'Notifications',
  'inbox.all': 'All',
  'inbox.unread': 'Unread',
  'inbox.archived': 'Archived',
  'inbox.filters': 'Search and filter',
  'inbox.readAll': 'Mark all as read',
  'inbox.more': 'More',
  'inbox.loading': 'Loading notifications…',
  'inbox.newer': 'New notifications',
  'inbox.arrived': { one: 'New notification: {title}', other: '{count} new notifications' },
  'item.unread': 'Unread',
  'item.warning': 'Warning',
  'item.error': 'Urgent',
  'item.read': 'Mark as read',
  'item.markUnread': 'Mark as unread',
  'item.archive': 'Archive',
  'item.unarchive': 'Move to inbox',
  'item.delete': 'Delete',
  'item.more': 'Snooze and more',
  'item.thread': { one: '{count} more', other: '{count} more' },
} as const;

/** The keys of these texts. */
export type InboxText = keyof typeof english;
