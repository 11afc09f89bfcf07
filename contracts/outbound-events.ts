import { z } from 'zod';

/** What happened to a notification, a delivery or a provider, as the outside is told of it. */
export const outboundEventTypes = [
  'notification.planned',
  'notification.held',
  'notification.digesting',
  'notification.sent',
  'notification.partial',
  'notification.failed',
  'notification.cancelled',
  'notification.suppressed',
  'notification.expired',
  'notification.read',
  'delivery.sent',
  'delivery.delivered',
  'delivery.bounced',
  'delivery.opened',
  'delivery.clicked',
  'delivery.replied',
  'delivery.failed',
  'delivery.parked',
  'delivery.skipped',
  'delivery.cancelled',
  'delivery.expired',
  'provider.down',
  'provider.recovered',
] as const;
export type OutboundEventType = (typeof outboundEventTypes)[number];

/** Sent on request only, so that a receiver can be tried. */
export const TEST_EVENT = 'webhook.test';

/** An event as it leaves: the body of a webhook, and the value of a Kafka message. */
export interface OutboundEvent {
  /** Made from what changed, so that the same change has the same ID however often it is told. */
  id: string;
  type: OutboundEventType | typeof TEST_EVENT;
  /** When it happened, ISO 8601. */
  at: string;
  tenantId: string;
  /** Grows with every change of one notification and its deliveries, with gaps: what is less is older. */
  sequence: number;
  /** As the API shows it, without contents and addresses. */
  data: Readonly<Record<string, unknown>>;
}

/** `*`, `delivery.*`, or the name of an event. */
export type EventPattern = '*' | `${EventFamily}.*` | OutboundEventType;
type EventFamily = 'notification' | 'delivery' | 'provider';

const families = [...new Set(outboundEventTypes.map((type) => type.split('.')[0] ?? ''))];
const patterns = ['*', ...families.map((family) => `${family}.*`), ...outboundEventTypes] as const;

/** What an endpoint wants to hear of: any of these. */
export const eventPatterns = z
  .array(
    z.enum(patterns as unknown as [EventPattern, ...EventPattern[]], {
      error: `must be *, ${families.map((family) => `${family}.*`).join(', ')}, or the name of an event such as delivery.failed`,
    }),
  )
  .min(1)
  .max(outboundEventTypes.length);

/** True where one of the patterns names the event. */
export function isWanted(wanted: readonly string[], type: string): boolean {
  const [family = ''] = type.split('.');
  return wanted.includes('*') || wanted.includes(`${family}.*`) || wanted.includes(type);
}
