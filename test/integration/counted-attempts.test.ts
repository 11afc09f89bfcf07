import { randomBytes } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { counted, isCounted } from '../../models/counted-attempts.js';
import type { Attempt, AttemptOutcome } from '../../models/delivery-schema.js';
import { withDatabase } from '../support/servers.js';

let mongo: Connection;

beforeAll(async () => {
  const uri = withDatabase(inject('mongodbUri'), `counted_${randomBytes(4).toString('hex')}`);
  mongo = await mongoose.createConnection(uri).asPromise();
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});

const outcomes: AttemptOutcome[] = ['started', 'interrupted', 'sent', 'failed'];
const marks = ['failedOver', 'providerDown', 'parked', 'earlier'] as const;
const marked = Array.from({ length: 2 ** marks.length }, (_, set) =>
  marks.filter((_mark, at) => set & (1 << at)),
);
/** Every outcome under every set of marks. They are told apart by how long they took. */
const attempts = outcomes
  .flatMap((outcome) =>
    marked.map((given) => ({ outcome, ...Object.fromEntries(given.map((mark) => [mark, true])) })),
  )
  .map((attempt, durationMs): Attempt => ({
    at: new Date(),
    provider: 'smtp',
    kind: 'regular',
    durationMs,
    ...attempt,
  }));

it('counts the same attempts whether MongoDB is asked or not', async () => {
  const collection = mongo.collection<{ attempts: Attempt[] }>('attempts');
  await collection.insertOne({ attempts });
  const [found] = await collection
    .aggregate<{ attempts: Attempt[] }>([
      { $project: { attempts: { $filter: { input: '$attempts', cond: counted } } } },
    ])
    .toArray();
  expect(found?.attempts).toEqual(attempts.filter(isCounted));
});

it('counts a failure, and one that found its provider down as long as the delivery was not parked', () => {
  expect(
    attempts.filter(isCounted).map(({ outcome, providerDown = false }) => ({ outcome, providerDown })),
  ).toEqual([
    { outcome: 'failed', providerDown: false },
    { outcome: 'failed', providerDown: true },
  ]);
});
