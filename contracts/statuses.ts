export const notificationStatuses = [
  'accepted',
  'held',
  'digesting',
  'sending',
  'sent',
  'partial',
  'failed',
  'cancelled',
  'suppressed',
  'expired',
] as const;
export type NotificationStatus = (typeof notificationStatuses)[number];

/** Statuses in which a run can still be held, amended, cancelled or asked to plan again. */
export const waitingNotificationStatuses: readonly NotificationStatus[] = [
  'accepted',
  'held',
  'digesting',
  'sending',
];

/** Statuses in which the notification's own run goes on; what is collected has left it for the digest's. */
export const runningNotificationStatuses: readonly NotificationStatus[] = waitingNotificationStatuses.filter(
  (status) => status !== 'digesting',
);

/** The workflow has ended, or has nothing left to do. */
export const finalNotificationStatuses: readonly NotificationStatus[] = notificationStatuses.filter(
  (status) => !waitingNotificationStatuses.includes(status),
);

export function isFinal(status: NotificationStatus): boolean {
  return finalNotificationStatuses.includes(status);
}

export const deliveryStatuses = [
  'pending',
  'sending',
  'retrying',
  'parked',
  'sent',
  'delivered',
  'bounced',
  'failed',
  'skipped',
  'cancelled',
  'expired',
] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** No attempt will follow. */
export const finalDeliveryStatuses: readonly DeliveryStatus[] = [
  'sent',
  'delivered',
  'bounced',
  'failed',
  'skipped',
  'cancelled',
  'expired',
];
