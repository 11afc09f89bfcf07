import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { dataConverter } from '../../runtime/temporal.js';
import { startEngine, type Engine } from '../support/engine.js';
import { addPerson, makeQuiet, notify, type Person, type Run } from '../support/runs.js';

let engine: Engine;
/** Encrypts nothing, and reads what is encrypted: the Web UI with the codec server. */
let byHand: Client;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
  });
  const [codec] = dataConverter(engine.config.CARILLON_KEYS).payloadCodecs ?? [];
  if (!codec) throw new Error('no key ring');
  byHand = new Client({
    connection: await Connection.connect({ address: inject('temporalAddress') }),
    dataConverter: {
      payloadCodecs: [
        { encode: (payloads) => Promise.resolve(payloads), decode: (payloads) => codec.decode(payloads) },
      ],
    },
  });
});
afterAll(async () => {
  await byHand.connection.close();
  await engine.stop();
});

let person: Person;
let run: Run;
let handle: WorkflowHandle;
beforeEach(async () => {
  person = await addPerson(engine);
  await makeQuiet(engine, person, Date.now(), 8);
  run = await notify(engine, person);
  await run.untilStatus('held');
  handle = byHand.workflow.getHandle(run.workflowId);
});

const arguments_: [string, unknown[]][] = [
  ['without an argument', []],
  ['with null', [null]],
  ['with a text', ['please']],
  ['with a number', [42]],
  ['with a list', [[1, { by: 'ops' }]]],
  ['with fields of a wrong type', [{ by: 7, reason: { deep: true } }]],
  ['with more arguments than there are', [{ by: 'ops' }, 'and', 'more']],
];

describe.each(arguments_)('a signal %s', (_what, args) => {
  it('cancels', async () => {
    await handle.signal('cancel', ...args);
    await run.untilStatus('cancelled');
    expect(await run.handle.result()).toMatchObject({
      status: 'cancelled',
      channels: { email: 'cancelled' },
    });
  });

  it('expedites', async () => {
    await handle.signal('expedite', ...args);
    await run.untilStatus('sent');
    expect(person.mails()).toHaveLength(1);
  });
});

it('shows in the timeline who cancelled it, and why, from an argument that is not encrypted', async () => {
  await handle.signal('cancel', { by: 'ops', reason: 'wrong contract' });
  const { timeline } = await run.untilStatus('cancelled');
  expect(timeline).toContainEqual(
    expect.objectContaining({ event: 'cancelled', detail: 'ops: wrong contract' }),
  );
});

it('goes on after a signal that it does not know', async () => {
  await handle.signal('hurry-up', { by: 'ops' });
  await handle.signal('expedite');
  await run.untilStatus('sent');
});

it("takes Temporal's own cancellation as a word like any other, and settles the log", async () => {
  await handle.cancel();
  const { timeline } = await run.untilStatus('cancelled');
  expect(await run.handle.result()).toEqual({
    status: 'cancelled',
    channels: { in_app: 'sent', email: 'cancelled' },
  });
  expect(await run.delivery()).toMatchObject({ status: 'cancelled', reason: 'cancelled' });
  expect(timeline).toContainEqual(
    expect.objectContaining({
      event: 'cancelled',
      detail: expect.stringContaining('from Temporal') as string,
    }),
  );
});

it('is amended by an argument that is not encrypted', async () => {
  await handle.executeUpdate('amend', { args: [{ data: { requester: 'Bob' }, expiresAt: null }] });
  expect((await run.view()).data).toEqual({ requester: 'Bob' });
});

it('plans again when it is told to amend nothing', async () => {
  const before = await run.view();
  await handle.executeUpdate('amend');
  const after = await run.view();
  expect(after).toMatchObject({ status: 'held', data: before.data });
  expect(after.plan.sequence).toBe(before.plan.sequence + 1);
});

const wrong: [string, unknown][] = [
  ['a text', 'tomorrow'],
  ['a list', [{ sendAt: null }]],
  ['a time that is none', { sendAt: 'tomorrow' }],
  ['a time as a number', { expiresAt: 1_900_000_000_000 }],
  ['data that are no object', { data: 'NDA' }],
  ['no channels at all', { channels: [] }],
  ['a field that cannot be amended', { type: 'direct' }],
];

it.each(wrong)('refuses to be amended with %s, and goes on', async (_what, amendment) => {
  await expect(handle.executeUpdate('amend', { args: [amendment] })).rejects.toMatchObject({
    name: 'WorkflowUpdateFailedError',
    cause: { type: 'content_error' },
  });
  await handle.signal('expedite');
  await run.untilStatus('sent');
});

it('tells whoever asks by hand what was decided', async () => {
  expect(await handle.executeUpdate('decision')).toMatchObject({
    status: 'held',
    channels: { in_app: { action: 'send' }, email: { action: 'hold', reason: 'quiet_hours' } },
  });
});
