import { z } from 'zod';
import { subscriberCreate } from '../../contracts/subscribers.js';
import type { ApiDependencies } from '../dependencies.js';
import { csvRows } from '../import/csv.js';
import { chunksOf } from '../import/chunks.js';
import { importRows } from '../import/import-rows.js';
import { readLines } from '../import/lines.js';
import { ndjsonRows } from '../import/ndjson.js';
import { phoneNumbersOf } from '../../commands/phone-numbers.js';
import { refuseWhileErased } from '../privacy/begin-erasure.js';
import { recheckWaiting } from '../recheck.js';
import { route } from '../route.js';
import { rowReport } from '../schemas.js';

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
      'The first line names the columns: id, email, phone, locale, timezone, roles (separated by ;), slackUserId, teamsUserId, webhookUrl, attributes.<name>',
  },
  answers: {
    200: {
      description: 'what became of the rows',
      schema: z.object({
        imported: z.number().int(),
        updated: z.number().int(),
        ...rowReport,
      }),
    },
  },
  async handle({ tenantId, stream, mediaType }, deps) {
    try {
      const lines = readLines(chunksOf(stream));
      const rows = mediaType === 'text/csv' ? csvRows(lines) : ndjsonRows(lines);
      const counts = { imported: 0, updated: 0 };
      const phoneNumbers = phoneNumbersOf(deps, tenantId);
      const mayBeErased = await deps.models.erasures.isAnyRunning(tenantId);
      const report = await importRows(
        rows,
        subscriberCreate,
        async (people) => {
          const { inserted, changed } = await write(deps, tenantId, people);
          counts.imported += inserted;
          counts.updated += changed;
        },
        async (person) => {
          if (mayBeErased) await refuseWhileErased(deps, tenantId, person.id);
          return phoneNumbers.in(person);
        },
      );
      return { status: 200, body: { ...counts, ...report } };
    } finally {
      // What is left unread after an error is let go, so that the answer finds a caller who is still sending.
      stream.resume();
    }
  },
});

async function write(
  deps: ApiDependencies,
  tenantId: string,
  people: readonly z.output<typeof subscriberCreate>[],
) {
  const done = await deps.models.subscribers.upsertMany(
    tenantId,
    people.map(({ id, ...fields }) => ({ id, fields })),
  );
  if (done.changedIds.length > 0) {
    const waiting = await deps.models.notifications.waitingAmong(tenantId, done.changedIds);
    for (let at = 0; at < waiting.length; at += TOLD_AT_ONCE) {
      const next = waiting.slice(at, at + TOLD_AT_ONCE);
      await Promise.all(next.map((id) => recheckWaiting(deps, tenantId, id)));
    }
  }
  return done;
}

export const subscriberImport = [importRoute];
