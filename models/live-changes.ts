import type { mongo } from 'mongoose';
import type { SystemMessageRow } from './system-messages.js';

/** What open inboxes want to hear of. */
export type LiveChange =
  | {
      kind: 'item';
      tenantId: string;
      /** The row's `_id`. */
      rowId: string;
      /** Known of what is new; of a change the row says whose it is. */
      recipientId: string | undefined;
      /** It came into the inbox by this. */
      isNew: boolean;
    }
  /** Their row changed, or went: roles, revoked tokens. */
  | { kind: 'person'; tenantId: string; recipientId: string }
  /** They joined or left a topic. */
  | { kind: 'topics'; tenantId: string; recipientId: string }
  | { kind: 'system'; message: SystemMessageRow };

/** Fields of a notification that its person sees; the engine's own bookkeeping is not told. */
const seen = [
  'box',
  'inboxAt',
  'title',
  'message',
  'severity',
  'category',
  'icon',
  'color',
  'trigger',
  'threadKey',
  'unread',
  'unseen',
  'seenAt',
  'readAt',
  'archivedAt',
  'snoozedUntil',
] as const;

const changed = 'updateDescription.updatedFields';

/** Chosen and cut down by the server, so that a process pays little for what nobody here waits for. */
export const livePipeline: mongo.Document[] = [
  {
    $match: {
      $or: [
        { 'ns.coll': 'notifications', operationType: 'insert', 'fullDocument.box': { $exists: true } },
        {
          'ns.coll': 'notifications',
          operationType: 'update',
          $or: [
            ...seen.map((field) => ({ [`${changed}.${field}`]: { $exists: true } })),
            { 'updateDescription.removedFields': { $in: [...seen] } },
          ],
        },
        { 'ns.coll': 'subscribers', operationType: { $in: ['update', 'replace', 'delete'] } },
        { 'ns.coll': 'topicMembers', operationType: { $in: ['insert', 'delete'] } },
        { 'ns.coll': 'systemMessages', operationType: 'insert' },
      ],
    },
  },
  {
    $project: {
      operationType: 1,
      'ns.coll': 1,
      'documentKey._id': 1,
      wallTime: 1,
      [`${changed}.inboxAt`]: 1,
      ...Object.fromEntries(
        ['tenantId', 'recipientId', 'audiences', 'text', 'level', 'at'].map((field) => [
          `fullDocument.${field}`,
          1,
        ]),
      ),
    },
  },
];

interface Told {
  operationType: string;
  ns: { coll: string };
  documentKey: { _id: string };
  fullDocument?: Record<string, unknown>;
  updateDescription?: { updatedFields?: { inboxAt?: Date } };
}

/** Reads what {@link livePipeline} lets through; undefined for anything else. */
export function liveChange(change: mongo.ChangeStreamDocument): LiveChange | undefined {
  const { ns, operationType, documentKey, fullDocument, updateDescription } = change as unknown as Told;
  if (ns === undefined || documentKey === undefined) return undefined;
  const [tenantId = '', ...rest] = documentKey._id.split('/');
  switch (ns.coll) {
    case 'notifications':
      return {
        kind: 'item',
        tenantId,
        rowId: documentKey._id,
        recipientId: fullDocument?.recipientId as string | undefined,
        isNew: operationType === 'insert' || updateDescription?.updatedFields?.inboxAt !== undefined,
      };
    case 'subscribers':
      return { kind: 'person', tenantId, recipientId: rest.join('/') };
    case 'topicMembers':
      // After the topic, in which a slash is encoded.
      return { kind: 'topics', tenantId, recipientId: rest.slice(1).join('/') };
    case 'systemMessages':
      return { kind: 'system', message: { _id: documentKey._id, ...fullDocument } as SystemMessageRow };
    default:
      return undefined;
  }
}
