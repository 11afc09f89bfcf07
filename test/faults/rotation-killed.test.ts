import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { dataKeyContext } from '../../models/data-keys.js';
import { createModels } from '../../models/models.js';
import { parseKeyRing } from '../../runtime/key-ring.js';
import { withDatabase } from '../support/servers.js';

const TENANTS = 150;
const old = `old:${randomBytes(32).toString('base64')}`;
const next = `next:${randomBytes(32).toString('base64')}`;
const uri = () => withDatabase(inject('mongodbUri'), database);
const database = `rotation_${randomBytes(4).toString('hex')}`;
const script = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const addressOf = (tenant: number) => `ann-${tenant}@example.com`;

let mongo: Connection;
let sealed: string[];

beforeAll(async () => {
  mongo = mongoose.createConnection(uri());
  await mongo.asPromise();
  const ring = parseKeyRing(old);
  const rows = Array.from({ length: TENANTS }, (_, tenant) => {
    const _id = `tenant/t-${tenant}`;
    const { keyId, sealed: key } = ring.seal(randomBytes(32), dataKeyContext(_id));
    return { _id, keyId, key, createdAt: new Date() };
  });
  await mongo.collection('dataKeys').insertMany(rows as never[]);
  const { dataKeys } = createModels(mongo, ring);
  sealed = await Promise.all(
    rows.map(async (_row, tenant) => (await dataKeys.vault(`t-${tenant}`)).seal(addressOf(tenant))),
  );
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});

/** Runs the command, and kills it where `until` answers true. */
async function rotate(keys: string, until?: () => Promise<boolean>) {
  const env = { PATH: process.env.PATH, MONGODB_URI: uri(), CARILLON_KEYS: keys, LOG_LEVEL: 'silent' };
  const child = spawn(process.execPath, [script, 'keys', 'rotate'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const closed = once(child, 'close');
  if (until) {
    while (!(await until()));
    child.kill('SIGKILL');
  }
  const [code, signal] = (await closed) as [number | null, string | null];
  return { code, signal, output };
}

const countUnder = (keyId: string) => mongo.collection('dataKeys').countDocuments({ keyId });

/** Opens what was sealed before, with these keys alone. */
async function opensAll(keys: string): Promise<void> {
  const { dataKeys } = createModels(mongo.useDb(database, { useCache: false }), parseKeyRing(keys));
  const opened = await Promise.all(
    sealed.map(async (text, tenant) => (await dataKeys.vault(`t-${tenant}`)).open(text)),
  );
  expect(opened).toEqual(sealed.map((_text, tenant) => addressOf(tenant)));
}

it('goes on where it was killed, loses no key, and says when the old one may go', async () => {
  const killed = await rotate(`${next},${old}`, async () => (await countUnder('next')) > 0);
  expect(killed.signal).toBe('SIGKILL');
  const done = await countUnder('next');
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(TENANTS);
  await opensAll(`${next},${old}`);

  const again = await rotate(`${next},${old}`);
  expect(again.code).toBe(0);
  expect(await countUnder('next')).toBe(TENANTS);
  expect(again.output).toMatch(new RegExp(`${TENANTS} are under "next"`));
  expect(again.output).toMatch(/"old" wraps none any more: it may go.*Temporal/);
  await opensAll(next);

  const third = await rotate(`${next},${old}`);
  expect(third.output).toMatch(/^0 wrapped anew/m);
});

it('names a key that is missing, wraps the rest, and fails', async () => {
  const newest = `newest:${randomBytes(32).toString('base64')}`;
  await mongo.collection('dataKeys').updateOne({ keyId: 'next' }, { $set: { keyId: 'lost' } });
  const { code, output } = await rotate(`${newest},${next}`);
  expect(code).toBe(1);
  expect(output).toMatch(/tenant\/t-\d+: no key "lost" in the key ring/);
  expect(await countUnder('newest')).toBe(TENANTS - 1);
});

it('says what it needs where there is no key ring', async () => {
  const { code } = await rotate('');
  expect(code).toBe(1);
});
