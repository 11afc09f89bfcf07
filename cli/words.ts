/** What the API shows of a delivery, as far as a line of text says it. */
export interface DeliveryShown {
  id: string;
  notificationId: string;
  recipient: string;
  type: string;
  channel: string;
  provider: string;
  status: string;
  retryCount: number;
  reason: string | null;
  failureReason: string | null;
  createdAt: string;
}

/** `email via smtp sent`, `sms via twilio failed: invalid_recipient, after 3 retries` */
export function deliveryLine({
  channel,
  provider,
  status,
  reason,
  failureReason,
  retryCount,
}: DeliveryShown): string {
  const why = failureReason ?? reason;
  const retries = retryCount === 0 ? '' : `, after ${retryCount} ${retryCount === 1 ? 'retry' : 'retries'}`;
  return `${channel}${provider === 'none' ? '' : ` via ${provider}`} ${status}${why === null ? '' : `: ${why}`}${retries}`;
}

/** `1 person`, `2 people`, `1,000 people` */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
