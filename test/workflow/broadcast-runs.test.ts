import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.js';
import {
  addPeople,
  Broadcast,
  broadcastTo,
  ids,
  mailedTo,
  smallPages,
  startRun,
} from '../support/broadcasts.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallPages,
  });
});
afterAll(() => engine.stop());

/** A draft with people on its list. */
async function draftFor(prefix: string, count: number): Promise<Broadcast> {
  await addPeople(engine, ids(prefix, count));
  const broadcast = await broadcastTo(engine, {});
  const members = ids(prefix, count).map((recipientId) => ({ recipientId }));
  await engine.models.broadcastRecipients.add('acme', broadcast.id, members);
  return broadcast;
}

describe('a broadcast of many pages', () => {
  it('continues as new, keeps its progress, and tells everybody once', async () => {
    const broadcast = await draftFor('anew', 23);
    const { firstExecutionRunId } = await startRun(engine, broadcast, { pageSize: 4, pagesPerRun: 2 });
    expect(await broadcast.over()).toMatchObject({ status: 'completed', total: 23, counts: { sent: 23 } });
    expect(await broadcast.handle.result()).toEqual({ status: 'completed', processed: 23 });
    expect((await broadcast.handle.describe()).runId).not.toBe(firstExecutionRunId);
    expect(await broadcast.handle.query('progress')).toMatchObject({ total: 23, processed: 23, pages: 6 });
    expect(mailedTo(engine, 'anew')).toHaveLength(23);
  });

  it('is paused in a later run as in the first', async () => {
    const broadcast = await draftFor('anew-paused', 12);
    await startRun(engine, broadcast, { pageSize: 1, pagesPerRun: 1 });
    await broadcast.until('some', ({ processed }) => processed >= 3);
    await broadcast.tell('pause');
    const { processed } = await broadcast.untilStatus('paused');
    await broadcast.untilIdle();
    expect(mailedTo(engine, 'anew-paused')).toHaveLength(processed);
    await broadcast.tell('resume');
    expect((await broadcast.over()).counts.sent).toBe(12);
  });
});

describe('a broadcast that is gone', () => {
  it('fails, and tells nobody, when it was purged before it began', async () => {
    const broadcast = new Broadcast(engine, 'acme', `brd_${randomBytes(5).toString('hex')}`);
    await startRun(engine, broadcast, {});
    expect(await broadcast.handle.result()).toEqual({ status: 'failed', processed: 0 });
  });
});

it('answers the API with the totals that the audience had when it ended', async () => {
  const broadcast = await draftFor('totals', 5);
  await startRun(engine, broadcast, {});
  const { total, processed } = await broadcast.over();
  expect({ total, processed }).toEqual({ total: 5, processed: 5 });
});
