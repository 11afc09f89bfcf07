import { Schema, type Connection, type Model } from 'mongoose';
import { pageById, readIdCursor } from './cursor.js';
import { idsOf, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

interface TopicMemberRow {
  _id: string;
  tenantId: string;
  topic: string;
  recipientId: string;
  addedAt: Date;
}

const schema = new Schema<TopicMemberRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    topic: { type: String, required: true },
    recipientId: { type: String, required: true },
    addedAt: { type: Date, required: true },
  },
  { collection: 'topicMembers', versionKey: false },
);
// Serves topicsOf, pageOf and removePerson. What goes by topic goes by the primary index, in which a topic's members lie together.
schema.index({ tenantId: 1, recipientId: 1, topic: 1 });

/** The members of a topic in a list of topics are counted up to here. */
const COUNTED = 1000;
const REMOVED_AT_ONCE = 1000;

export interface PageQuery {
  limit: number;
  cursor?: string;
}

/** Who belongs to which topic. A topic is there as long as it has a member. */
export class TopicMembers {
  private readonly rows: Rows<TopicMemberRow>;

  constructor(connection: Connection) {
    const model: Model<TopicMemberRow> = connection.model<TopicMemberRow>('TopicMember', schema);
    this.rows = rowsOf(model);
  }

  /** Adds and removes; answers how many were not there, and how many were. Harmless when repeated. */
  async change(
    tenantId: string,
    topic: string,
    { add, remove }: { add: readonly string[]; remove: readonly string[] },
  ): Promise<{ added: number; removed: number }> {
    if (add.length + remove.length === 0) return { added: 0, removed: 0 };
    const addedAt = new Date();
    const idOf = (recipientId: string) => rowId(topicId(tenantId, topic), recipientId);
    const done = await this.rows.bulkWrite(
      [
        ...add.map((recipientId) => ({
          updateOne: {
            filter: { _id: idOf(recipientId) },
            update: { $setOnInsert: { tenantId, topic, recipientId, addedAt } },
            upsert: true,
          },
        })),
        ...remove.map((recipientId) => ({ deleteOne: { filter: { _id: idOf(recipientId) } } })),
      ],
      { ordered: false },
    );
    return { added: done.upsertedCount, removed: done.deletedCount };
  }

  /** In byte order of the members' IDs. */
  async list(tenantId: string, topic: string, { limit, cursor }: PageQuery) {
    const rows = await this.rows
      .find({ _id: idsOf(topicId(tenantId, topic), readIdCursor(cursor)) })
      .sort({ _id: 1 })
      .limit(limit + 1)
      .toArray();
    const { items, nextCursor } = pageById(rows, limit, (row) => row.recipientId);
    return {
      items: items.map((row) => ({ recipient: row.recipientId, addedAt: row.addedAt.toISOString() })),
      nextCursor,
    };
  }

  /** Members after one of them, in byte order of their IDs: those who were added no later than `addedBefore`. */
  async idsAfter(
    tenantId: string,
    topic: string,
    afterRecipientId: string | undefined,
    limit: number,
    addedBefore: Date,
  ): Promise<string[]> {
    const rows = await this.rows
      .find({ _id: idsOf(topicId(tenantId, topic), afterRecipientId), addedAt: { $lte: addedBefore } })
      .sort({ _id: 1 })
      .limit(limit)
      .project<{ recipientId: string }>({ _id: 0, recipientId: 1 })
      .toArray();
    return rows.map((row) => row.recipientId);
  }

  /** A tenant's topics with how many members each has, at most 1,000 and then `capped`. In a fixed order. */
  async topics(tenantId: string, { limit, cursor }: PageQuery) {
    const found: string[] = [];
    let last = readIdCursor(cursor);
    while (found.length <= limit) {
      last = await this.topicAfter(tenantId, last);
      if (last === undefined) break;
      found.push(last);
    }
    const { items, nextCursor } = pageById(found, limit, (topic) => topic);
    return { items: await Promise.all(items.map((topic) => this.counted(tenantId, topic))), nextCursor };
  }

  /** A page of the topics that a person is in, in byte order. */
  async pageOf(tenantId: string, recipientId: string, { limit, cursor }: PageQuery) {
    const last = readIdCursor(cursor);
    const rows = await this.rows
      .find({ tenantId, recipientId, ...(last === undefined ? {} : { topic: { $gt: last } }) })
      .sort({ topic: 1 })
      .limit(limit + 1)
      .toArray();
    const { items, nextCursor } = pageById(rows, limit, (row) => row.topic);
    return {
      items: items.map(({ topic, addedAt }) => ({ topic, addedAt: addedAt.toISOString() })),
      nextCursor,
    };
  }

  /** In byte order. */
  async topicsOf(tenantId: string, recipientId: string): Promise<string[]> {
    const rows = await this.rows
      .find({ tenantId, recipientId })
      .sort({ topic: 1 })
      .project<{ topic: string }>({ _id: 0, topic: 1 })
      .toArray();
    return rows.map((row) => row.topic);
  }

  /** Removes all members; answers how many there were. In parts, since there may be millions. */
  async remove(tenantId: string, topic: string): Promise<number> {
    let removed = 0;
    for (;;) {
      const rows = await this.rows
        .find({ _id: idsOf(topicId(tenantId, topic)) })
        .sort({ _id: 1 })
        .limit(REMOVED_AT_ONCE)
        .project<{ _id: string }>({ _id: 1 })
        .toArray();
      if (rows.length === 0) return removed;
      const done = await this.rows.deleteMany({ _id: { $in: rows.map((row) => row._id) } });
      removed += done.deletedCount;
    }
  }

  /** Takes a person out of every topic. */
  async removePerson(tenantId: string, recipientId: string): Promise<void> {
    await this.rows.deleteMany({ tenantId, recipientId });
  }

  /** Goes from topic to topic along the primary index, past all members of each. */
  private async topicAfter(tenantId: string, topic: string | undefined): Promise<string | undefined> {
    const { $gt, $lt } = idsOf(tenantId);
    const from = topic === undefined ? { $gt } : { $gte: idsOf(topicId(tenantId, topic)).$lt };
    const [row] = await this.rows
      .find({ _id: { ...from, $lt } })
      .sort({ _id: 1 })
      .limit(1)
      .toArray();
    return row?.topic;
  }

  private async counted(tenantId: string, topic: string) {
    const members = await this.rows.countDocuments(
      { _id: idsOf(topicId(tenantId, topic)) },
      { limit: COUNTED + 1 },
    );
    return { topic, members: Math.min(members, COUNTED), capped: members > COUNTED };
  }
}

/** What a topic's rows begin with. Encoded, so that no topic's name begins another's rows. */
function topicId(tenantId: string, topic: string): string {
  return rowId(tenantId, encodeURIComponent(topic));
}
