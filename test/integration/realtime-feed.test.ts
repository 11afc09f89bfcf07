import { once } from 'node:events';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { ring, type Bell } from '../support/bells.js';
import { eventually } from '../support/engine.js';
import { inbox, startSecondApi, type SecondApi } from '../support/live-inbox.js';
import { startDurableMongo, type Breakable, type TestMongo } from '../support/servers.js';
import { startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

let mongo: TestMongo & Breakable;
let engine: CheckedEngine;
let bell: Bell;
let token: string;
beforeAll(async () => {
  mongo = await startDurableMongo();
  engine = await startChecked({
    worker: false,
    mongodbUri: mongo.uri,
    temporalAddress: inject('temporalAddress'),
  });
  token = await tokenOf(engine, 'u-1');
  bell = ring(engine.url, { token });
  await bell.next('ready');
});
afterAll(async () => {
  bell.close();
  await engine.stop();
  await mongo.stop();
});

const admin = () => {
  if (!engine.mongo.db) throw new Error('not connected');
  return engine.mongo.db.admin();
};

/** The change stream's operation at the server. */
async function streamOperation(): Promise<{ opid: number; cursor: bigint }> {
  const running = await eventually(
    'a change stream',
    async () =>
      (
        (await admin().command({ currentOp: 1, $all: true, 'cursor.tailable': true })) as {
          inprog: { opid: number; op: string; cursor?: { cursorId: bigint } }[];
        }
      ).inprog.filter(({ op }) => op === 'getmore'),
    (operations) => operations.length > 0,
  );
  const [operation] = running;
  return { opid: operation?.opid ?? 0, cursor: operation?.cursor?.cursorId ?? 0n };
}

/** It is told without being asked to load anew. */
async function stillHears(): Promise<void> {
  const before = bell.heard.filter(({ event }) => event === 'ready').length;
  const [id] = await inbox(engine, 'u-1')('Told');
  expect((await bell.next('created', ({ item }) => item.id === id)).item.title).toBe('Told');
  expect(bell.heard.filter(({ event }) => event === 'ready')).toHaveLength(before);
}

it('goes on where it was after its operation was killed', async () => {
  const { opid } = await streamOperation();
  await admin().command({ killOp: 1, op: opid });
  await stillHears();
});

it('asks everybody to load anew where it cannot go on, and then hears again', async () => {
  const { db } = engine.mongo;
  if (!db) throw new Error('not connected');
  const lost = Object.assign(new Error('the history is lost'), { code: 286 });
  const watch = vi.spyOn(db, 'watch').mockImplementationOnce(() => {
    throw lost;
  });
  await admin().command({ killOp: 1, op: (await streamOperation()).opid });
  await bell.next('ready', ({ reload }) => reload === true);
  watch.mockRestore();
  await stillHears();
});

it('goes on where it was after MongoDB was away', async () => {
  await mongo.kill();
  await mongo.restart();
  await stillHears();
});

it('sends its clients away bit by bit when the process stops, and each comes back by itself', async () => {
  const stopping = await startSecondApi(engine, { realtime: { farewellMs: 300 } });
  const away: number[] = [];
  const clients = Array.from({ length: 10 }, () => ring(stopping.url, { token }));
  const [first] = clients;
  await Promise.all(clients.map((client) => client.next('ready')));
  for (const { socket } of clients) socket.once('disconnect', () => away.push(Date.now()));
  const told = once(first?.socket as never, 'disconnect') as Promise<[string]>;
  await stopping.stop();
  expect((await told)[0]).toBe('transport close');
  await eventually(
    'all away',
    () => Promise.resolve(away.length),
    (count) => count === 10,
  );
  expect(Math.max(...away) - Math.min(...away)).toBeGreaterThan(100);
  await expectStopped(stopping);
});

async function expectStopped({ url }: SecondApi): Promise<void> {
  await expect(fetch(url)).rejects.toThrow();
}
