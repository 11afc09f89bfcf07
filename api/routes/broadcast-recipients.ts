import { z } from 'zod';
import { audienceMember, type AudienceMember } from '../../contracts/audience.js';
import { broadcastCounts, type BroadcastMessage } from '../../contracts/broadcasts.js';
import { channelName } from '../../contracts/channels.js';
import { CarillonError } from '../../contracts/errors.js';
import { notificationStatuses, type NotificationStatus } from '../../contracts/statuses.js';
import { pageById, readIdCursor } from '../../models/cursor.js';
import { listedMember } from '../../models/broadcast-drafts.js';
import type { BroadcastRow } from '../../models/broadcasts.js';
import { checkMemberData } from '../../commands/broadcasts/data.js';
import type { ApiDependencies } from '../dependencies.js';
import { chunksOf } from '../import/chunks.js';
import { importRows } from '../import/import-rows.js';
import { readLines } from '../import/lines.js';
import { ndjsonRows } from '../import/ndjson.js';
import { route } from '../route.js';
import { channelDecision, idParams, pageOf, paging, rowReport } from '../schemas.js';
import { findBroadcast } from './broadcasts.js';

const tag = 'broadcasts';

const upload = route({
  method: 'post',
  path: '/v1/broadcasts/{id}/recipients',
  tag,
  summary:
    'Add to the list of a draft; a row that is wrong is reported and left out, of the same ID the last counts',
  access: 'manager',
  audit: 'broadcast.recipients_added',
  params: idParams,
  stream: { 'application/x-ndjson': 'On each line an ID, or { id, data? }' },
  answers: {
    200: {
      description: 'what became of the rows; `added` were not in the list before',
      schema: z.object({ added: z.number().int(), ...rowReport }),
    },
  },
  async handle({ tenantId, params, stream }, deps) {
    try {
      const row = await findDraft(deps, tenantId, params.id);
      const sources = JSON.parse(row.audience) as { list: boolean };
      if (!sources.list) throw new CarillonError('conflict', 'its audience is not a list');
      const vault = await deps.models.dataKeys.vault(tenantId);
      const type = await deps.types.find(tenantId, row.type);
      const { data } = JSON.parse(vault.open(row.message)) as BroadcastMessage;
      const fitting = (member: AudienceMember) => {
        if (type) checkMemberData(type, data, member);
        return Promise.resolve(member);
      };
      let added = 0;
      const rows = ndjsonRows(readLines(chunksOf(stream)));
      const take = async (members: readonly AudienceMember[]) => {
        // A long upload may meet its start.
        await findDraft(deps, tenantId, params.id);
        const listed = members.map((member) => listedMember(vault, member));
        added += await deps.models.broadcastDrafts.addToList(tenantId, row.id, listed);
      };
      const report = await importRows(rows, audienceMember, take, fitting);
      return { status: 200, body: { added, ...report }, audited: { subject: row.id, after: { added } } };
    } finally {
      // What is left unread after an error is let go, so that the answer finds a caller who is still sending.
      stream.resume();
    }
  },
});

async function findDraft(deps: ApiDependencies, tenantId: string, id: string): Promise<BroadcastRow> {
  const row = await findBroadcast(deps, tenantId, id);
  if (row.status === 'draft') return row;
  throw new CarillonError('conflict', `it was started already: it is ${row.status}`);
}

/** A count's name stands for the statuses that it adds up. */
const statusesOf = (name: (typeof broadcastCounts)[number]): NotificationStatus[] =>
  name === 'inFlight' ? ['accepted', 'sending'] : [name];

const list = route({
  method: 'get',
  path: '/v1/broadcasts/{id}/recipients',
  tag,
  summary: 'Who was dealt with so far, all or those of one count, with what was decided for each channel',
  access: 'sender',
  params: idParams,
  query: z.strictObject({ status: z.enum(broadcastCounts).optional(), ...paging }),
  answers: {
    200: {
      description: 'a page',
      schema: pageOf(
        z.object({
          recipient: z.string(),
          notificationId: z.string(),
          status: z.enum(notificationStatuses),
          channels: z.partialRecord(channelName, channelDecision),
          updatedAt: z.iso.datetime(),
        }),
      ),
    },
  },
  async handle({ tenantId, params, query }, deps) {
    const afterId = readIdCursor(query.cursor);
    const { id } = await findBroadcast(deps, tenantId, params.id);
    const rows = await deps.models.notificationBulk.ofBroadcast(tenantId, id, {
      statuses: query.status === undefined ? notificationStatuses : statusesOf(query.status),
      limit: query.limit + 1,
      ...(afterId === undefined ? {} : { afterId }),
    });
    const { items, nextCursor } = pageById(rows, query.limit, (row) => row._id);
    return {
      status: 200,
      body: {
        items: items.map((row) => ({
          recipient: row.recipientId,
          notificationId: row.id,
          status: row.status,
          channels: row.plan.channels,
          updatedAt: row.updatedAt.toISOString(),
        })),
        nextCursor,
      },
    };
  },
});

export const broadcastRecipients = [upload, list];
