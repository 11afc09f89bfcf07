import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PurgeExport } from '../../activities/housekeeping/purge-export.js';
import { purgeAll } from '../../activities/housekeeping/purge.js';
import type { ActivityDependencies } from '../../activities/dependencies.js';
import type { StoredRow } from '../../models/expired-rows.js';
import { createLogger } from '../../runtime/logger.js';
import { Metrics } from '../../runtime/metrics/metrics.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-purged-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const row = (tenantId: string, id: string): StoredRow => ({
  _id: `${tenantId}/${id}`,
  tenantId,
  id,
  at: new Date('2026-11-22T01:02:03.004Z'),
});
const linesOf = async (path: string) =>
  gunzipSync(await readFile(join(folder, path)))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('an export', () => {
  it('has a file for each day, tenant and collection, and each batch in it', async () => {
    const files = new PurgeExport(folder, '2026-11-22');
    await files.write('audit', [row('acme', 'a'), row('other', 'b'), row('acme', 'c')]);
    await files.write('audit', [row('acme', 'd')]);
    await files.write('digests', [row('acme', 'e')]);
    expect((await readdir(join(folder, '2026-11-22', 'acme'))).sort()).toEqual([
      'audit.ndjson.gz',
      'digests.ndjson.gz',
    ]);
    const lines = await linesOf('2026-11-22/acme/audit.ndjson.gz');
    expect(lines.map(({ id }) => id)).toEqual(['a', 'c', 'd']);
    expect(lines[0]?.at).toEqual({ $date: '2026-11-22T01:02:03.004Z' });
  });

  it('never writes behind what another run began, which may be cut off', async () => {
    await new PurgeExport(folder, '2026-11-22').write('audit', [row('acme', 'a')]);
    const first = join(folder, '2026-11-22/acme/audit.ndjson.gz');
    await writeFile(first, (await readFile(first)).subarray(0, 20));
    await new PurgeExport(folder, '2026-11-22').write('audit', [row('acme', 'a')]);
    expect(await linesOf('2026-11-22/acme/audit.2.ndjson.gz')).toHaveLength(1);
    expect((await readFile(first)).length).toBe(20);
  });
});

describe('a purge', () => {
  /** A store whose only expired rows are these, of the audit trail. */
  function storeOf(rows: StoredRow[]) {
    const failures: string[] = [];
    const models = {
      housekeepingRuns: {
        begin: () => Promise.resolve(),
        add: () => Promise.resolve(),
        end: () => Promise.resolve({ removed: {} }),
        fail: (_id: string, failure: string) => Promise.resolve(failures.push(failure)),
      },
      expiredRows: {
        find: ({ collection }: { collection: string }) =>
          Promise.resolve(collection === 'audit' ? [...rows] : []),
        remove: (_of: unknown, ids: readonly string[]) => {
          const gone = rows.filter(({ _id }) => ids.includes(_id));
          rows.splice(0, rows.length, ...rows.filter((one) => !gone.includes(one)));
          return Promise.resolve(gone.length);
        },
      },
    };
    return { rows, failures, models: models as unknown as ActivityDependencies['models'] };
  }
  const purge = (models: ActivityDependencies['models'], purgeExportDir?: string, isStopped = false) =>
    purgeAll(
      {
        models,
        metrics: new Metrics(),
        log: createLogger({ level: 'silent', name: 'test' }),
        purgeExportDir,
      },
      new Date(),
      { runId: 'run', isStopped: () => isStopped, told: () => undefined },
    );

  it('deletes nothing when the export fails, and says why', async () => {
    const file = join(folder, 'not-a-folder');
    await writeFile(file, '');
    const store = storeOf([row('acme', 'a')]);
    await expect(purge(store.models, file)).rejects.toThrow();
    expect(store.rows).toHaveLength(1);
    expect(store.failures).toHaveLength(1);
  });

  it('deletes what is written', async () => {
    const store = storeOf([row('acme', 'a')]);
    await purge(store.models, folder);
    expect(store.rows).toEqual([]);
    const [day = ''] = await readdir(folder);
    expect(await linesOf(`${day}/acme/audit.ndjson.gz`)).toHaveLength(1);
  });

  it('ends before its end when it is told to, and says so', async () => {
    const store = storeOf([row('acme', 'a')]);
    expect(await purge(store.models, undefined, true)).toBeUndefined();
    expect(store.rows).toHaveLength(1);
  });
});
