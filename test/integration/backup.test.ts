import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { recover } from '../../commands/recovery/recover.js';
import { temporalScheduleId } from '../../contracts/ids.js';
import { migrate, MigrationRuns, pendingMigrations } from '../../models/upkeep/migrate.js';
import type { Migration } from '../../models/upkeep/migrations.js';
import { createLogger } from '../../runtime/logger.js';
import { TypeRegistry } from '../../templates/type-registry.js';
import { commandLine } from '../support/command-line.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';
import { addPerson, notify, type Person, type Run } from '../support/runs.js';

const keys = `k1:${randomBytes(32).toString('base64')}`;
const HOUR_MS = 3_600_000;

let engine: Engine;
let carillon: ReturnType<typeof commandLine>;
let folder: string;
let person: Person;
let held: Run;
let collected: Run;

beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: { CARILLON_KEYS: keys },
  });
  carillon = commandLine(engine, keys);
  folder = await mkdtemp(join(tmpdir(), 'carillon-backup-'));
  person = await addPerson(engine);
});
afterAll(async () => {
  await engine.stop();
  await rm(folder, { recursive: true });
});

const backupFolder = () => join(folder, 'backup');

/** Every document of every collection that a backup holds, as the server has it. */
async function everything(): Promise<Record<string, unknown[]>> {
  const names = (await readdir(backupFolder())).flatMap(
    (file) => file.match(/^(\w+)\.ndjson\.gz$/)?.[1] ?? [],
  );
  const all: Record<string, unknown[]> = {};
  for (const name of names)
    all[name] = await engine.mongo
      .collection(name)
      .find({}, { promoteValues: false, sort: { _id: 1 } })
      .toArray();
  return all;
}

describe('a backup, a database that is lost, and Temporal with it', () => {
  let before: Record<string, unknown[]>;

  beforeAll(async () => {
    held = await notify(engine, person, { sendAt: new Date(Date.now() + 5 * HOUR_MS).toISOString() });
    await held.untilStatus('held');
    collected = await notify(engine, person, { digestKey: 'board', channels: ['email'] });
    await collected.untilStatus('digesting');
    const reminder = await engine.api('POST', '/v1/reminders', {
      key: 'c-1',
      dueAt: new Date(Date.now() + 24 * HOUR_MS).toISOString(),
      offsets: ['PT1H'],
      notification: {
        type: 'direct',
        to: { recipient: person.id },
        content: { email: { subject: 'Due', text: 'Due' } },
      },
    });
    const schedule = await engine.api('POST', '/v1/schedules', {
      id: 'weekly',
      cron: '0 9 * * mon',
      trigger: {
        type: 'direct',
        to: { recipient: person.id },
        content: { email: { subject: 'Week', text: 'Week' } },
      },
    });
    expect([reminder.status, schedule.status]).toEqual([201, 201]);
  });

  it('is written with every document, in files for the owner alone', async () => {
    const { code, out } = await carillon.run(['backup', backupFolder()]);
    expect(code).toBe(0);
    expect(out).toMatch(/documents of \d+ collections/);
    before = await everything();
    expect(before.notifications).toHaveLength(2);
    const text = gunzipSync(await readFile(join(backupFolder(), 'subscribers.ndjson.gz'))).toString();
    expect(text).not.toContain(person.email);
  });

  it('is refused by a folder and a database that have something in them', async () => {
    expect((await carillon.run(['backup', backupFolder()])).err).toMatch(/is not empty: name another folder/);
    const { code, err } = await carillon.run(['restore', backupFolder()]);
    expect(code).toBe(1);
    expect(err).toMatch(/is not empty .*--replace/);
    expect(await everything()).toEqual(before);
  });

  it('comes back as it was, with its indexes', async () => {
    await engine.mongo.dropDatabase();
    const { code, out } = await carillon.run(['restore', backupFolder()]);
    expect(code).toBe(0);
    expect(out).toMatch(/with their indexes/);
    expect(await everything()).toEqual(before);
    expect((await carillon.run(['upgrade', '--dry-run'])).out).toMatch(/^indexes to build: 0$/m);
  });

  it('is gone on with by a Temporal that has lost it all: once, and nothing twice', async () => {
    const { workflow, schedule } = engine.client;
    await held.handle.terminate('lost');
    for await (const { workflowId } of workflow.list({
      query: 'ExecutionStatus="Running" AND CarillonTenant="acme"',
    })) {
      if (workflowId.includes(person.id) || workflowId.includes('c-1'))
        await workflow.getHandle(workflowId).terminate('lost');
    }
    await schedule.getHandle(temporalScheduleId({ tenantId: 'acme', scheduleId: 'weekly' })).delete();
    // Of somebody whose erasure was not over, in a Temporal that knows nothing of it.
    const { id: gone } = await addPerson(engine);
    const identified = await engine.models.personRows.identify('acme', gone);
    const { id: erasureId } = await engine.models.erasures.begin(identified, 'key:test');

    const deps = {
      config: engine.config,
      models: engine.models,
      client: engine.client,
      log: createLogger({ level: 'silent', name: 'test' }),
      taskQueue: engine.taskQueue,
      types: new TypeRegistry(engine.models.notificationTypes, engine.models.templates),
    };
    const found = { erasures: 1, digests: 1, reminders: 1, schedules: 1, broadcasts: 0 };
    expect(await recover(deps)).toEqual({ ...found, notifications: 1, running: 0 });
    expect(await recover(deps)).toEqual({ ...found, notifications: 0, running: 1 });

    await eventually(
      'the erasure',
      async () => (await engine.api('GET', `/v1/erasures/${erasureId}`)).body.status as string,
      (status) => status === 'completed',
      60_000,
    );
    expect((await held.tell('expedite')).status).toBe(202);
    await held.untilStatus('sent');
    const [digest] = (await engine.api('GET', `/v1/digests?recipient=${person.id}`)).body.items;
    expect((await engine.api('POST', `/v1/digests/${digest.id}/expedite`)).status).toBe(202);
    await eventually(
      'both mails',
      () => Promise.resolve(person.mails().length),
      (count) => count >= 2,
    );
    expect(person.mails()).toHaveLength(2);
    await schedule.getHandle(temporalScheduleId({ tenantId: 'acme', scheduleId: 'weekly' })).describe();
    await workflow.getHandle('reminder/acme/c-1').describe();
  });

  it('is refused where a file is not as it was written, before anything is dropped', async () => {
    await appendFile(join(backupFolder(), 'tenants.ndjson.gz'), 'x');
    const { code, err } = await carillon.run(['restore', backupFolder(), '--replace']);
    expect(code).toBe(1);
    expect(err).toMatch(/tenants\.ndjson\.gz is not as it was written/);
    expect((await engine.api('GET', `/v1/notifications/${held.id}`)).status).toBe(200);
  });

  it('is none where there is no manifest', async () => {
    const { code, err } = await carillon.run(['restore', join(folder, 'nothing')]);
    expect(code).toBe(1);
    expect(err).toMatch(/there is no backup in /);
  });
});

describe('a migration', () => {
  const rows = () => engine.mongo.collection<{ _id: string; shape: number }>('migrated');
  let fails = true;
  const all: Migration[] = [
    {
      id: '2027-01-new-shape',
      async up(database, onProgress) {
        const done = await database.collection('migrated').updateMany({ shape: 1 }, { $set: { shape: 2 } });
        onProgress(done.modifiedCount);
      },
    },
    {
      id: '2027-02-newer-shape',
      async up(database) {
        if (fails) throw new Error('cut off');
        await database.collection('migrated').updateMany({ shape: 2 }, { $set: { shape: 3 } });
      },
    },
  ];
  const run = (holder: string) =>
    migrate(engine.mongo, { leases: engine.models.leases, holder, onProgress: () => undefined }, all);

  it('is applied once and in order, and goes on behind one that failed', async () => {
    await rows().insertMany([
      { _id: 'a', shape: 1 },
      { _id: 'b', shape: 1 },
    ]);
    await expect(run('one')).rejects.toThrow('cut off');
    expect((await pendingMigrations(engine.mongo, all)).map(({ id }) => id)).toEqual(['2027-02-newer-shape']);
    fails = false;
    expect(await run('two')).toEqual(['2027-02-newer-shape']);
    expect(await run('two')).toEqual([]);
    expect((await rows().find().toArray()).map(({ shape }) => shape)).toEqual([3, 3]);
  });

  it('is made by one process at a time', async () => {
    await engine.models.leases.acquire('upkeep/migrate', 'somebody else', 60_000);
    await expect(run('three')).rejects.toThrow(MigrationRuns);
    await engine.models.leases.release('upkeep/migrate', 'somebody else');
  });
});
