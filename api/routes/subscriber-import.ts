import type { Readable } from 'node:stream';
import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import type { ApiDependencies } from '../dependencies.js';
import { csvRows } from '../import/csv.js';
import { importPeople, type NewPerson } from '../import/import-people.js';
import { readLines } from '../import/lines.js';
import { ndjsonRows } from '../import/ndjson.js';
import { recheckWaiting } from '../recheck.js';
import { route } from '../route.js';

/** People of a batch whose waiting runs are told at a time. */
const TOLD_AT_ONCE = 10;

const importRoute = route({
  method: 'post',
  path: '/v1/subscribers/import',
  tag: 'subscribers',
  summary: 'Create or change many people from a file; a row that is wrong is reported and left out',
  access: 'sender',
  stream: {
    'application/x-ndjson': 'On each line a person, as POST /v1/subscribers takes one',
    'text/csv':
      'The first line names the columns: id, email, phone, locale, timezone, roles (separated by ;), slackUserId, teamsUserId, attributes.<name>',
  },
  answers: {
    200: {
      description: 'what became of the rows',
      schema: z.object({
        imported: z.number().int(),
        updated: z.number().int(),
        rejected: z.number().int(),
        errors: z.array(z.object({ line: z.number().int(), path: z.string(), message: z.string() })),
        errorsTruncated: z.literal(true).optional(),
      }),
    },
  },
  async handle({ tenantId, stream, mediaType }, deps) {
    try {
      const lines = readLines(chunksOf(stream));
      const rows = mediaType === 'text/csv' ? csvRows(lines) : ndjsonRows(lines);
      return {
        status: 200,
        body: await importPeople(rows, (people) => write(deps, tenantId, people)),
      };
    } finally {
      // What is left unread after an error is let go, so that the answer finds a caller who is still sending.
      stream.resume();
    }
  },
});

async function write(deps: ApiDependencies, tenantId: string, people: readonly NewPerson[]) {
  const done = await deps.models.subscribers.upsertMany(tenantId, people);
  if (done.changedIds.length > 0) {
    const waiting = await deps.models.notifications.waitingAmong(tenantId, done.changedIds);
    for (let at = 0; at < waiting.length; at += TOLD_AT_ONCE) {
      const next = waiting.slice(at, at + TOLD_AT_ONCE);
      await Promise.all(next.map((id) => recheckWaiting(deps, tenantId, id)));
    }
  }
  return done;
}

/** The body's chunks. Leaving off does not destroy the stream: the connection is needed for the answer. */
async function* chunksOf(stream: Readable): AsyncGenerator<Buffer, void> {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  try {
    yield* chunks;
  } catch (error) {
    const message = 'was cut off before its end';
    throw new CarillonError('validation_failed', `body: ${message}`, [{ path: 'body', message }], {
      cause: error,
    });
  }
}

export const subscriberImport = [importRoute];
