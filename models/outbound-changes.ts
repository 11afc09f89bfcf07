import type { mongo } from 'mongoose';
import type { OutboundEventType } from '../contracts/outbound-events.js';
import type { DeliveryStatus, NotificationStatus } from '../contracts/statuses.js';

/** What a change means: one event of one subject, before it is known what else there is to tell. */
export interface OutboundChange {
  collection: 'notifications' | 'deliveries' | 'providerHealth';
  /** The row's `_id`. */
  rowId: string;
  tenantId: string;
  type: OutboundEventType;
  /** When it happened: with row and type, it tells this change from every other. */
  at: Date;
  /** What it became by it, where that is a status; the row may have gone on since. */
  status?: NotificationStatus | DeliveryStatus;
  sequence: number;
}

/** An endpoint was made, changed or removed. */
export interface EndpointChange {
  collection: 'webhookEndpoints';
  tenantId: string;
}

const notificationEvents: Partial<Record<NotificationStatus, OutboundEventType>> = {
  held: 'notification.held',
  digesting: 'notification.digesting',
  sent: 'notification.sent',
  partial: 'notification.partial',
  failed: 'notification.failed',
  cancelled: 'notification.cancelled',
  suppressed: 'notification.suppressed',
  expired: 'notification.expired',
};
const deliveryEvents: Partial<Record<DeliveryStatus, OutboundEventType>> = {
  sent: 'delivery.sent',
  delivered: 'delivery.delivered',
  bounced: 'delivery.bounced',
  failed: 'delivery.failed',
  parked: 'delivery.parked',
  skipped: 'delivery.skipped',
  cancelled: 'delivery.cancelled',
  expired: 'delivery.expired',
};
/** Times that a delivery is marked with, each once. */
const deliveryTimes = {
  openedAt: 'delivery.opened',
  clickedAt: 'delivery.clicked',
  repliedAt: 'delivery.replied',
} as const;
const providerEvents: Record<string, OutboundEventType> = {
  down: 'provider.down',
  draining: 'provider.recovered',
};

/** The events of statuses: one row has one of them at a time. */
export const statusEvents: readonly OutboundEventType[] = [
  ...Object.values(notificationEvents),
  ...Object.values(deliveryEvents),
];

/** Fields of a row that an event is made from. */
export interface Marks {
  status?: string;
  updatedAt?: Date;
  sentAt?: Date;
  deliveredAt?: Date;
  bouncedAt?: Date;
  openedAt?: Date;
  clickedAt?: Date;
  repliedAt?: Date;
  readAt?: Date;
  state?: string;
  downSince?: Date;
  plan?: { sequence?: number; decidedAt?: Date };
}
const marks = [
  'status',
  'updatedAt',
  'sentAt',
  'deliveredAt',
  'bouncedAt',
  ...Object.keys(deliveryTimes),
  'readAt',
  'state',
  'downSince',
  'version',
  'plan.sequence',
  'plan.decidedAt',
];

const updated = 'updateDescription.updatedFields';
const exists = (field: string) => ({ [`${updated}.${field}`]: { $exists: true } });
const becomes = (values: object) => ({ [`${updated}.status`]: { $in: Object.keys(values) } });

/** Chosen and cut down by the server: what becomes no event does not leave it. */
export const outboundPipeline: mongo.Document[] = [
  {
    $match: {
      $or: [
        { 'ns.coll': 'notifications', operationType: 'insert' },
        {
          'ns.coll': 'notifications',
          operationType: 'update',
          $or: [becomes(notificationEvents), exists('readAt'), exists('plan.sequence')],
        },
        {
          'ns.coll': 'deliveries',
          operationType: 'insert',
          'fullDocument.status': { $in: Object.keys(deliveryEvents) },
        },
        {
          'ns.coll': 'deliveries',
          operationType: 'update',
          $or: [becomes(deliveryEvents), ...Object.keys(deliveryTimes).map(exists)],
        },
        {
          'ns.coll': 'providerHealth',
          operationType: 'update',
          [`${updated}.state`]: { $in: Object.keys(providerEvents) },
        },
        { 'ns.coll': 'webhookEndpoints', operationType: { $in: ['insert', 'delete'] } },
        { 'ns.coll': 'webhookEndpoints', operationType: 'update', ...exists('version') },
      ],
    },
  },
  {
    $project: {
      operationType: 1,
      'ns.coll': 1,
      'documentKey._id': 1,
      clusterTime: 1,
      wallTime: 1,
      ...Object.fromEntries(
        marks.flatMap((mark) => [
          [`${updated}.${mark}`, 1],
          [`fullDocument.${mark}`, 1],
        ]),
      ),
    },
  },
];

interface Told {
  ns: { coll: string };
  documentKey: { _id: string };
  clusterTime: mongo.Timestamp;
  wallTime: Date;
  fullDocument?: Marks;
  updateDescription?: { updatedFields?: Marks };
}

/** Reads what {@link outboundPipeline} lets through: the events of one change, in their order. */
export function outboundChanges(change: mongo.ChangeStreamDocument): (OutboundChange | EndpointChange)[] {
  const { ns, documentKey, clusterTime, wallTime, fullDocument, updateDescription } =
    change as unknown as Told;
  if (ns === undefined || documentKey === undefined) return [];
  const rowId = documentKey._id;
  const [tenantId = ''] = rowId.split('/');
  if (ns.coll === 'webhookEndpoints') return [{ collection: ns.coll, tenantId }];
  const collection = ns.coll as OutboundChange['collection'];
  const found = eventsIn(collection, fullDocument ?? updateDescription?.updatedFields ?? {}, wallTime);
  return found.map((event, order) => ({
    collection,
    rowId,
    tenantId,
    ...event,
    sequence: sequenceOf(clusterTime.getHighBitsUnsigned(), clusterTime.getLowBitsUnsigned(), order),
  }));
}

/**
 * What marks tell. A status is told with the time that belongs to it, so that a later reading of the row finds the same.
 * @param otherwise when it happened, where nothing else tells.
 */
export function eventsIn(
  collection: OutboundChange['collection'],
  seen: Marks,
  otherwise: Date,
): Pick<OutboundChange, 'type' | 'at' | 'status'>[] {
  const changedAt = seen.updatedAt ?? otherwise;
  if (collection === 'providerHealth') {
    const type = providerEvents[seen.state ?? ''];
    return type ? [{ type, at: (type === 'provider.down' ? seen.downSince : undefined) ?? otherwise }] : [];
  }
  if (collection === 'notifications') {
    const status = seen.status as NotificationStatus | undefined;
    const type = status && notificationEvents[status];
    return [
      ...(seen.plan?.sequence === undefined
        ? []
        : [{ type: 'notification.planned' as const, at: seen.plan.decidedAt ?? changedAt }]),
      ...(type ? [{ type, at: changedAt, status }] : []),
      ...(seen.readAt ? [{ type: 'notification.read' as const, at: seen.readAt }] : []),
    ];
  }
  const status = seen.status as DeliveryStatus | undefined;
  const type = status && deliveryEvents[status];
  const ownTimes = { sent: seen.sentAt, delivered: seen.deliveredAt, bounced: seen.bouncedAt };
  const ownTime = ownTimes[status as keyof typeof ownTimes];
  return [
    ...(type ? [{ type, at: ownTime ?? changedAt, status }] : []),
    ...Object.entries(deliveryTimes).flatMap(([field, event]) => {
      const at = seen[field as keyof typeof deliveryTimes];
      return at ? [{ type: event, at }] : [];
    }),
  ];
}

const ORDERS = 4;
const PER_SECOND = 2 ** 20;

/**
 * A whole number that grows with the database's own order of changes: second, place within it, place within the change.
 * Exact until 2038 within what a JSON number holds.
 */
export function sequenceOf(seconds: number, place: number, order: number): number {
  return (seconds * PER_SECOND + Math.min(place, PER_SECOND - 1)) * ORDERS + Math.min(order, ORDERS - 1);
}
