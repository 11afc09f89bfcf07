/** What toasts say. */
export const english = {
  'toasts.region': { one: '{count} new notification', other: '{count} new notifications' },
  'toasts.regionKey': {
    one: '{count} new notification ({key} to get here)',
    other: '{count} new notifications ({key} to get here)',
  },
  'toasts.close': 'Close: {title}',
  'toasts.closeAll': 'Close all',
  'toasts.waiting': { one: '{count} more', other: '{count} more' },
  'toasts.warning': 'Warning:',
  'toasts.error': 'Urgent:',
  'toasts.success': 'Good news:',
  'toasts.said': 'Announcement',
} as const;

/** The keys of these texts. */
export type ToastsText = keyof typeof english;
