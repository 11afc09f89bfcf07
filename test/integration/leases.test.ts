import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { Leases } from '../../models/leases.js';
import { openMongo } from '../../runtime/mongodb.js';
import { eventually } from '../support/engine.js';
import { withDatabase } from '../support/servers.js';

let mongo: Connection;
let leases: Leases;

beforeAll(async () => {
  const name = `test_${randomBytes(6).toString('hex')}`;
  mongo = openMongo(withDatabase(inject('mongodbUri'), name), { name });
  await mongo.asPromise();
  leases = new Leases(mongo);
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});

const newName = () => `lease/${randomBytes(6).toString('hex')}`;
const TERM_MS = 60_000;
const OVER_MS = 1;

it('is had by one of many that ask for it at once', async () => {
  const name = newName();
  const asked = await Promise.all(
    Array.from({ length: 20 }, (_, index) => leases.acquire(name, `p-${index}`, TERM_MS)),
  );
  const holders = asked.flatMap((row) => (row ? [row.holder] : []));
  expect(holders).toHaveLength(1);
  expect(await leases.find(name)).toMatchObject({ holder: holders[0], term: 1 });
});

it('stays with its holder as long as that one renews it', async () => {
  const name = newName();
  await leases.acquire(name, 'one', TERM_MS);
  expect(await leases.acquire(name, 'other', TERM_MS)).toBeUndefined();
  expect(await leases.renew(name, 'one', TERM_MS)).toBe(true);
  expect(await leases.renew(name, 'other', TERM_MS)).toBe(false);
  expect(await leases.acquire(name, 'one', TERM_MS)).toMatchObject({ holder: 'one', term: 1 });
});

it('goes to another when its term is over, who goes on where the first one was', async () => {
  const name = newName();
  await leases.acquire(name, 'one', OVER_MS);
  const position = { token: '{"_data":"82"}', at: new Date('2026-11-21T12:00:00Z') };
  expect(await leases.savePosition(name, 'one', position)).toBe(true);
  const taken = await eventually(
    'the term to be over',
    () => leases.acquire(name, 'other', TERM_MS),
    (row) => row !== undefined,
  );
  expect(taken).toMatchObject({ holder: 'other', term: 2, position });
  expect(await leases.renew(name, 'one', TERM_MS)).toBe(false);
  expect(await leases.savePosition(name, 'one', { at: new Date() })).toBe(false);
  expect((await leases.find(name))?.position).toEqual(position);
});

it('is free at once when it is let go, and not when somebody else lets go', async () => {
  const name = newName();
  await leases.acquire(name, 'one', TERM_MS);
  await leases.release(name, 'other');
  expect(await leases.acquire(name, 'other', TERM_MS)).toBeUndefined();
  await leases.release(name, 'one');
  expect(await leases.acquire(name, 'other', TERM_MS)).toMatchObject({ term: 2 });
});
