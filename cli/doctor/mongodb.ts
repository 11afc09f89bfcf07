import type { Connection } from 'mongoose';
import { z } from 'zod';
import { keyIdsInUse } from '../../models/key-rotation.js';
import { createModels } from '../../models/models.js';
import { databaseOf } from '../../models/database.js';
import { indexChanges } from '../../models/upkeep/index-changes.js';
import { pendingMigrations } from '../../models/upkeep/migrate.js';
import type { Config } from '../../runtime/config.js';
import { withMongo } from '../deployment.js';
import { Failure } from '../failure.js';
import { failure, ok, skipped, warning, wordsOf, type Finding } from './finding.js';

const OLDEST_MAJOR = 6;
const MAX_SKEW_MS = 5_000;
/** Readers of changes that were away longer than the oplog goes back have to look for them, and may miss some. */
const SHORTEST_OPLOG_HOURS = 24;
const LEAST_FREE = 0.1;

// Of the server's answers, what is looked at.
const helloAnswer = z.object({ setName: z.string().optional(), localTime: z.date() });
const buildAnswer = z.object({ version: z.string() });
const oplogEntry = z.object({ wall: z.date() });
const oplogStats = z.object({ size: z.number(), maxSize: z.number() });
const databaseStats = z.object({ fsUsedSize: z.number().optional(), fsTotalSize: z.number().optional() });

/** The database: there, a replica set, of a known version, with its indexes, keys and room. */
export async function checkMongo(config: Config): Promise<Finding[]> {
  try {
    return await withMongo(config, async (mongo) => {
      const models = createModels(mongo, config.CARILLON_KEYS);
      return [
        ...(await server(mongo)),
        await oplog(mongo),
        await room(mongo),
        await migrations(mongo),
        ...(await indexes(mongo)),
        await keys(mongo, config),
        await tenants(() => models.tenants.list(1, undefined)),
      ];
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [failure('MongoDB', error.message, 'start it, or set MONGODB_URI to where it is')];
  }
}

async function server(mongo: Connection): Promise<Finding[]> {
  const database = databaseOf(mongo);
  const hello = helloAnswer.parse(await database.command({ hello: 1 }));
  const { version } = buildAnswer.parse(await database.command({ buildInfo: 1 }));
  const skewMs = Math.abs(Date.now() - hello.localTime.getTime());
  return [
    Number(version.split('.')[0]) >= OLDEST_MAJOR
      ? ok('MongoDB', version)
      : failure('MongoDB', version, `install ${OLDEST_MAJOR}.0 or newer`),
    hello.setName === undefined
      ? failure(
          'replica set',
          'it is none: no change streams, no transactions',
          'start mongod with --replSet, then rs.initiate()',
        )
      : ok('replica set', hello.setName),
    skewMs <= MAX_SKEW_MS
      ? ok('clock', `${skewMs} ms apart from MongoDB’s`)
      : warning(
          'clock',
          `${Math.round(skewMs / 1000)} s apart from MongoDB’s`,
          'have both machines keep time (NTP)',
        ),
  ];
}

async function oplog(mongo: Connection): Promise<Finding> {
  const about = 'oplog';
  try {
    const local = mongo.getClient().db('local');
    const oldest = { sort: { $natural: 1 }, projection: { wall: 1 } } as const;
    const first = oplogEntry.nullable().parse(await local.collection('oplog.rs').findOne({}, oldest));
    const stats = oplogStats.parse(await local.command({ collStats: 'oplog.rs' }));
    const hours = first ? (Date.now() - first.wall.getTime()) / 3_600_000 : 0;
    // A young oplog goes back only as far as there is something; it is short only once it is full.
    const isFull = stats.size > 0.9 * stats.maxSize;
    return isFull && hours < SHORTEST_OPLOG_HOURS
      ? warning(
          about,
          `goes back ${hours.toFixed(1)} h`,
          'enlarge it (replSetResizeOplog): workers that are away longer miss changes',
        )
      : ok(
          about,
          `goes back ${hours.toFixed(1)} h, ${Math.round((100 * stats.size) / stats.maxSize)} % full`,
        );
  } catch (error) {
    return skipped(about, `this user may not look: ${wordsOf(error)}`);
  }
}

async function room(mongo: Connection): Promise<Finding> {
  const stats = databaseStats.parse(await databaseOf(mongo).command({ dbStats: 1 }));
  const { fsUsedSize: used, fsTotalSize: total } = stats;
  if (used === undefined || total === undefined || total === 0)
    return skipped('disk', 'MongoDB does not say');
  const free = 1 - used / total;
  const says = `${Math.round(free * 100)} % free where MongoDB stores`;
  return free >= LEAST_FREE
    ? ok('disk', says)
    : warning('disk', says, 'make room, or shorten the tenants’ retention');
}

async function migrations(mongo: Connection): Promise<Finding> {
  const pending = await pendingMigrations(mongo);
  return pending.length === 0
    ? ok('migrations', 'none to apply')
    : failure('migrations', `to apply: ${pending.map(({ id }) => id).join(', ')}`, 'carillon upgrade');
}

async function indexes(mongo: Connection): Promise<Finding[]> {
  const { missing, obsolete } = await indexChanges(mongo);
  return [
    missing.length === 0
      ? ok('indexes', 'all there')
      : failure('indexes', `${missing.length} missing, e.g. ${missing[0] ?? ''}`, 'carillon upgrade'),
    ...(obsolete.length === 0
      ? []
      : [
          warning(
            'indexes',
            `${obsolete.length} obsolete, e.g. ${obsolete[0] ?? ''}`,
            'carillon indexes --drop-indexes',
          ),
        ]),
  ];
}

async function keys(mongo: Connection, { CARILLON_KEYS: ring }: Config): Promise<Finding> {
  const inUse = await keyIdsInUse(mongo);
  const lost = [...inUse].filter(([id, count]) => id !== '' && count > 0 && !ring?.keyIds.includes(id));
  if (lost.length > 0)
    return failure(
      'data keys',
      lost.map(([id, count]) => `${count} are wrapped by "${id}", which CARILLON_KEYS lacks`).join('; '),
      'put that key back: what it seals cannot be read without it',
    );
  const old = [...inUse].filter(([id, count]) => count > 0 && id !== ring?.currentKeyId);
  return ring && old.length > 0
    ? warning('data keys', `some are not under "${ring.currentKeyId}" yet`, 'carillon keys rotate')
    : ok('data keys', `${[...inUse.values()].reduce((sum, count) => sum + count, 0)}, all of known keys`);
}

async function tenants(list: () => Promise<unknown[]>): Promise<Finding> {
  return (await list()).length > 0
    ? ok('tenants', 'there is one')
    : warning('tenants', 'there is none', 'make one: POST /v1/tenants with the bootstrap key');
}
