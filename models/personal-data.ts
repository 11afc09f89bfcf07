/** What an erasure does to a collection's rows of a person. */
export type ErasureOf =
  /** They are removed. */
  | 'removed'
  /** They stay, without the person: somebody or something else needs them. */
  | 'blanked'
  /** The collection holds nothing of people, or only what names nobody. */
  | 'kept';

export interface PersonalData {
  /** What it holds of a person; or why nothing. */
  holds: string;
  erasure: ErasureOf;
  /** Under which name the person's share is in an export; absent where there is none, or it is in another one. */
  exportedAs?: string;
}

/**
 * Every collection, what it holds of people, and what an erasure does about it. `docs/privacy.md` has the same table; a
 * test compares both with the collections that there are.
 */
export const personalData: Readonly<Record<string, PersonalData>> = {
  subscribers: {
    holds: 'addresses, devices, locale, zone, roles, attributes',
    erasure: 'removed',
    exportedAs: 'person',
  },
  preferences: { holds: 'what the person wants', erasure: 'removed', exportedAs: 'preferences' },
  topicMembers: { holds: 'topics that the person is in', erasure: 'removed', exportedAs: 'topics' },
  insights: {
    holds: 'at which hours and where the person answers',
    erasure: 'removed',
    exportedAs: 'insights',
  },
  notifications: {
    holds: 'contents, plans, when they were read',
    erasure: 'removed',
    exportedAs: 'notifications',
  },
  attachments: { holds: 'files that came with notifications', erasure: 'removed', exportedAs: 'attachments' },
  deliveries: {
    holds: 'attempts, masked addresses, opens, clicks and replies',
    erasure: 'removed',
    exportedAs: 'deliveries',
  },
  digests: {
    holds: 'windows in which notifications are collected',
    erasure: 'removed',
    exportedAs: 'digests',
  },
  digestItems: {
    holds: 'titles and beginnings of what is collected',
    erasure: 'removed',
    exportedAs: 'digestItems',
  },
  reminders: { holds: 'due dates and what is said of them', erasure: 'removed', exportedAs: 'reminders' },
  audiences: {
    holds: 'the person’s row in lists of broadcasts, with data of their own',
    erasure: 'removed',
    exportedAs: 'broadcastLists',
  },
  outboundEvents: {
    holds: 'events about the person’s notifications and deliveries',
    erasure: 'removed',
    exportedAs: 'outboundEvents',
  },
  inboundEvents: {
    holds: 'events of applications that led to something for the person',
    erasure: 'blanked',
    exportedAs: 'inboundEvents',
  },
  suppressions: {
    holds: 'addresses that are not written to; a keyed hash stays, so that they are not written to again',
    erasure: 'blanked',
    exportedAs: 'suppressions',
  },
  audit: {
    holds: 'what was done to the person, and by them',
    erasure: 'blanked',
    exportedAs: 'audit',
  },
  schedules: {
    holds: 'recurring notifications to the person, and lists that name them',
    erasure: 'blanked',
    exportedAs: 'schedules',
  },
  systemMessages: { holds: 'words to the person alone, for an hour', erasure: 'blanked' },
  redrives: { holds: 'the person as a filter, or as who asked', erasure: 'blanked' },
  broadcasts: { holds: 'the person as who made it', erasure: 'blanked' },
  tenants: { holds: 'the person as one who is told of failures', erasure: 'blanked' },
  erasures: {
    holds: 'whom it is of, sealed, while it runs; then keyed hashes',
    erasure: 'kept',
  },
  throttles: { holds: 'hashes and IDs of notifications, until their period ends', erasure: 'kept' },
  rollups: { holds: 'sums by channel, type and role', erasure: 'kept' },
  rollupMarks: { holds: 'times', erasure: 'kept' },
  housekeeping: { holds: 'counts', erasure: 'kept' },
  rollupSlots: { holds: 'times', erasure: 'kept' },
  socketReports: { holds: 'counts', erasure: 'kept' },
  sendLimits: { holds: 'counts', erasure: 'kept' },
  failureCounts: { holds: 'counts', erasure: 'kept' },
  outageAlerts: { holds: 'counts', erasure: 'kept' },
  providerHealth: { holds: 'counts', erasure: 'kept' },
  leases: { holds: 'the names of processes, and positions', erasure: 'kept' },
  webhookAttempts: { holds: 'IDs of events, and what receivers answered', erasure: 'kept' },
  webhookReplays: { holds: 'the person as who asked', erasure: 'blanked' },
  webhookEndpoints: { holds: 'the tenant’s set-up', erasure: 'kept' },
  hookSecrets: { holds: 'the tenant’s set-up', erasure: 'kept' },
  eventSources: { holds: 'the tenant’s set-up', erasure: 'kept' },
  eventRules: { holds: 'the tenant’s set-up', erasure: 'kept' },
  credentials: { holds: 'the tenant’s set-up', erasure: 'kept' },
  notificationTypes: { holds: 'the tenant’s set-up', erasure: 'kept' },
  templates: { holds: 'the person as who published', erasure: 'blanked' },
  templateVersions: { holds: 'the person as who wrote it', erasure: 'blanked' },
  tenantAuth: { holds: 'the tenant’s set-up', erasure: 'kept' },
  apiKeys: { holds: 'the tenant’s set-up', erasure: 'kept' },
  dataKeys: { holds: 'keys', erasure: 'kept' },
};
