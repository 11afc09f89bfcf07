/** What the inbox says once something was done, went wrong or is not there. */
export const english = {
  'inbox.empty': 'You are all caught up',
  'inbox.emptyHint': 'What happens next shows up here.',
  'inbox.emptyArchive': 'Nothing archived',
  'inbox.emptyArchiveHint': 'What you archive stays here until you need it.',
  'inbox.noMatch': 'Nothing fits these filters',
  'inbox.clearFilters': 'Clear filters',
  'inbox.loadFailed': 'Notifications could not be loaded',
  'inbox.retry': 'Try again',
  'inbox.deleted': 'Deleted.',
  'inbox.archivedNow': 'Archived.',
  'inbox.unarchivedNow': 'Back in the inbox.',
  'inbox.snoozedNow': 'Snoozed until {time}.',
  'inbox.undo': 'Undo',
  'inbox.dismiss': 'Dismiss',
  'status.offline': 'You are offline. New notifications arrive when you are back.',
  'status.connecting': 'Connecting…',
  'status.polling': 'No live connection: checking now and then.',
  'status.refused': 'Your session has ended. Sign in again to see what is new.',
  'error.unreachable': 'The server cannot be reached. Check your connection and try again.',
  'error.unauthenticated': 'Your session has ended. Sign in again.',
  'error.rate_limited': 'That was too much at once. Try again in a moment.',
  'error.other': 'Something went wrong on our side. Try again in a moment.',
  'error.undone': 'That did not work, so nothing was changed.',
  'inbox.showMore': 'Show more',
} as const;

/** The keys of these texts. */
export type ConductText = keyof typeof english;
