import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import proto from '@temporalio/proto';
import { broadcastWorkflowId } from '../../contracts/ids.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';
import type { Broadcast } from '../support/broadcasts.js';
import { broadcastTo } from '../support/broadcasts.js';

/** Stands in every place where a reader of the database or of Temporal should find nothing. */
const SECRET = 'planted-secret';

let engine: Engine;
let broadcast: Broadcast;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
  });
  engine.smtp.behave({ at: 'message', to: /^busy-/, do: { reply: '451 4.3.0 busy' } });
  broadcast = await broadcastTo(engine, {
    type: 'direct',
    content: {
      email: { subject: `${SECRET} {{ name }}`, text: `${SECRET} {{ name }}` },
    },
    data: { name: `${SECRET}-data` },
    actionUrl: `https://app.example/${SECRET}`,
    to: {
      recipients: [
        { id: 'p-1', email: `one-${SECRET}@example.com` },
        { id: 'p-2', email: `busy-${SECRET}@example.com` },
        { email: `three-${SECRET}@example.com` },
      ],
    },
  });
  await broadcast.over();
});
afterAll(() => engine.stop());

it('is mailed as it was meant', () => {
  const { subject } = engine.smtp.mails[0]?.parsed ?? {};
  expect(subject).toBe(`${SECRET} ${SECRET}-data`);
});

it('leaves no content and no address readable in the database', async () => {
  const { db } = engine.mongo;
  const readable: string[] = [];
  for (const { name } of (await db?.listCollections().toArray()) ?? []) {
    const rows = (await db?.collection(name).find().toArray()) ?? [];
    if (JSON.stringify(rows).includes(SECRET)) readable.push(name);
  }
  expect(readable).toEqual([]);
});

it('leaves none readable in the histories of its run and of the runs that it starts', async () => {
  const rows = await engine.models.notificationBulk.ofBroadcast('acme', broadcast.id, { limit: 10 });
  const waiting = rows.find(({ recipientId }) => recipientId === 'p-2');
  const runs = [broadcastWorkflowId('acme', broadcast.id), `notification/acme/${waiting?.id ?? ''}`];
  const readable: string[] = [];
  for (const workflowId of runs) {
    // The broadcast may be over before the run that it started has taken its first step.
    const history = await eventually(
      `something to read in ${workflowId}`,
      () => engine.client.workflow.getHandle(workflowId).fetchHistory(),
      ({ events }) => (events?.length ?? 0) > 4,
    );
    const bytes = proto.temporal.api.history.v1.History.encode(history).finish();
    if (Buffer.from(bytes).includes(SECRET)) readable.push(workflowId);
  }
  expect(readable).toEqual([]);
});
