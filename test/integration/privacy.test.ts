import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personalData } from '../../models/personal-data.js';
import { dumpMongo, dumpTemporal, readable } from '../support/everything-stored.js';
import { everywhere, type Planted } from '../support/everywhere.js';
import { eventually, type RunningWorker } from '../support/engine.js';
import { accept, inSeconds, plan, reached, startChecked, type CheckedEngine } from '../unit/api-checked.js';

interface Erasure {
  id: string;
  status: string;
  person: string;
  requestedBy: string;
  runs: number;
  removed: Record<string, number>;
  blanked: Record<string, number>;
  signature: string | null;
  certificate: {
    person: string;
    runs: { removed: number };
    collections: { collection: string; removed: number; blanked: number }[];
  } | null;
}
type Begun = { erasureId: string; status: string };

let engine: CheckedEngine;
let planted: Planted;
let worker: RunningWorker;

beforeAll(async () => {
  engine = await startChecked({ worker: false, env: { CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true' } });
  worker = await engine.startWorker();
  planted = await everywhere(engine);
}, 60_000);
afterAll(() => engine.stop());

const exported = () => engine.call<Record<string, unknown>>('POST', `/v1/subscribers/${planted.id}/export`);
const erase = (id: string) =>
  engine.call<Begun>('DELETE', `/v1/subscribers/${encodeURIComponent(id)}?erase=true`);
const erasureOf = async (id: string) => (await engine.call<Erasure>('GET', `/v1/erasures/${id}`)).body;
const completed = (id: string) =>
  eventually(
    `erasure ${id}`,
    () => erasureOf(id),
    ({ status }) => status === 'completed',
    40_000,
  );

describe('an export', () => {
  it('has something of everything that is held about the person', async () => {
    const { status, body } = await exported();
    expect(status).toBe(200);
    const names = Object.values(personalData).flatMap(({ exportedAs }) => exportedAs ?? []);
    for (const name of names) expect(isEmpty(body[name]), name).toBe(false);
    expect(readable([{ place: 'export', text: JSON.stringify(body) }], planted.words)).toEqual(
      planted.words.map((word) => `export: ${word}`),
    );
  });

  it('is in the audit trail', async () => {
    const { body } = await engine.call<{ items: { action: string; subject: string }[] }>(
      'GET',
      '/v1/audit?action=subscriber.exported',
    );
    expect(body.items).toMatchObject([{ subject: planted.id }]);
  });

  it('is the person’s own to ask for', async () => {
    const own = await engine.call<{ recipient: string }>('POST', '/v1/me/export', undefined, {
      token: planted.token,
    });
    expect(own.body.recipient).toBe(planted.id);
  });

  it('is of nobody of whom nothing is held', async () => {
    expect((await engine.call('POST', '/v1/subscribers/nobody/export')).status).toBe(404);
  });
});

describe('an erasure', () => {
  let begun: Begun;
  let done: Erasure;
  let mails: number;

  beforeAll(async () => {
    mails = engine.smtp.mails.length;
    const answer = await erase(planted.id);
    expect(answer.status).toBe(202);
    begun = answer.body;
  }, 30_000);

  it('takes the person out of the address book at once', async () => {
    const again = { type: 'direct', to: { recipient: { id: planted.id, email: planted.email } } };
    const content = { email: { subject: planted.name, text: 'again' } };
    await accept(engine, { ...again, content });
    expect(await engine.models.subscribers.find(engine.tenantId, planted.id)).toBeUndefined();
  });

  it('lets nobody be made under this ID while it runs', async () => {
    expect((await engine.call('PUT', `/v1/subscribers/${planted.id}`, {})).status).toBe(409);
    expect((await engine.call('POST', '/v1/subscribers', { id: planted.id })).status).toBe(409);
    const imported = await engine.call<{ imported: number; rejected: number }>(
      'POST',
      '/v1/subscribers/import',
      undefined,
      {
        raw: `{"id":"${planted.id}"}\n{"id":"u-other"}\n`,
        headers: { 'content-type': 'application/x-ndjson' },
      },
    );
    expect(imported.body).toMatchObject({ imported: 1, rejected: 1 });
  });

  it('is the same when it is asked for again', async () => {
    expect((await erase(planted.id)).body.erasureId).toBe(begun.erasureId);
  });

  it('ends', async () => {
    done = await completed(begun.erasureId);
  }, 60_000);

  it('leaves nothing of the person in any collection', async () => {
    const everything = await dumpMongo(engine.mongo);
    expect(everything.length).toBeGreaterThan(10);
    expect(readable(everything, planted.words)).toEqual([]);
  });

  it('leaves no history of the person that anybody could read', async () => {
    for (const workflowId of planted.workflowIds)
      await expect(engine.client.workflow.getHandle(workflowId).describe(), workflowId).rejects.toThrow(
        /not found/i,
      );
    expect(readable(await dumpTemporal(engine.client, engine.tenantId), planted.words)).toEqual([]);
    const schedules = engine.client.schedule.getHandle(`schedule/${engine.tenantId}/${planted.scheduleId}`);
    await expect(schedules.describe()).rejects.toThrow(/not found/i);
  });

  it('has sent nothing of what was held or collected', () => {
    expect(engine.smtp.mails.length).toBe(mails);
  });

  it('has a certificate that counts what was done, and names nobody', () => {
    const { certificate } = done;
    for (const name of needed()) {
      const counts = certificate?.collections.find(({ collection }) => collection === name);
      expect((counts?.removed ?? 0) + (counts?.blanked ?? 0), name).toBeGreaterThan(0);
    }
    expect(certificate?.runs.removed).toBeGreaterThanOrEqual(planted.workflowIds.length);
    expect(certificate?.person).toBe(done.person);
    expect(readable([{ place: 'it', text: JSON.stringify(done) }], planted.words)).toEqual([]);
  });

  it('has one that can be checked, and not be changed', async () => {
    const { certificate, signature } = done;
    const check = async (given: unknown) =>
      (
        await engine.call<{ valid: boolean }>('POST', '/v1/erasures/verify', {
          certificate: given,
          signature,
        })
      ).body.valid;
    expect(await check(certificate)).toBe(true);
    expect(await check({ ...certificate, passes: 9 })).toBe(false);
  });

  it('ends the person’s tokens', async () => {
    const answer = await engine.call('GET', '/v1/me', undefined, { token: planted.token });
    expect(answer.status).toBe(401);
  });

  it('leaves a stopped address stopped, by its hash alone', async () => {
    const { body } = await engine.call<{ items: { address: string }[] }>(
      'GET',
      `/v1/suppressions?address=${encodeURIComponent(planted.email)}`,
    );
    expect(body.items).toMatchObject([{ address: '(erased)' }]);
  });

  it('still leaves out what is sent to the person afterwards, and does not bring them back', async () => {
    const to = { recipient: { id: planted.id, email: planted.email } };
    const content = { email: { subject: planted.name, text: 'later' } };
    const id = await plan(engine, { type: 'direct', to, content });
    const told = await reached(engine, id, 'suppressed');
    expect(told.plan.channels.email).toEqual({ action: 'skip', reason: 'recipient_erased' });
    expect(JSON.stringify(told)).not.toContain(planted.name);
    expect((await engine.call('GET', `/v1/subscribers/${planted.id}`)).status).toBe(404);
  });

  it('is found by the person’s ID, and lists nobody', async () => {
    const { body } = await engine.call<{ items: Erasure[] }>('GET', `/v1/erasures?recipient=${planted.id}`);
    expect(body.items.map(({ id }) => id)).toEqual([begun.erasureId]);
  });

  it('is of nobody of whom nothing is held', async () => {
    expect((await erase('nobody')).status).toBe(404);
    expect((await engine.call('GET', '/v1/erasures/ers_none')).status).toBe(404);
  });
});

describe('a person who is made again under the same ID', () => {
  it('is a new one, with an inbox that is empty, and without the old tokens', async () => {
    expect((await engine.call('PUT', `/v1/subscribers/${planted.id}`, {})).status).toBe(201);
    const old = await engine.call('GET', '/v1/me', undefined, { token: planted.token });
    expect(old.status).toBe(401);
    const { body } = await engine.call<{ token: string }>('POST', `/v1/subscribers/${planted.id}/token`, {});
    const inbox = await engine.call<{ items: unknown[] }>('GET', '/v1/me/inbox', undefined, {
      token: body.token,
    });
    expect(inbox.body.items).toEqual([]);
  });
});

it('goes on where it was when its worker stops: with a new person under an old ID, and with any ID', async () => {
  const id = 'u "quoted" \\ 7';
  const to = { recipient: { id, email: 'seven@example.com' } };
  const said = { type: 'approval_request', data: { contract: { title: 'A' }, requester: 'B' } };
  const held = await plan(engine, { ...said, to, sendAt: inSeconds(3_600) });
  const sent = await accept(engine, { ...said, to: { recipient: planted.id }, channels: ['in_app'] });
  await reached(engine, sent, 'sent');
  const again = (await erase(planted.id)).body.erasureId;
  const { erasureId } = (await erase(id)).body;
  await eventually(
    'a first pass',
    () => erasureOf(erasureId),
    ({ removed }) => Boolean(removed.notifications),
  );
  await worker.stop();
  await engine.startWorker();
  expect((await completed(erasureId)).certificate?.runs.removed).toBe(1);
  // This one, and the one that was left out between the two erasures.
  expect((await completed(again)).removed.notifications).toBe(2);
  for (const gone of [held, sent])
    expect(await engine.models.notifications.find(engine.tenantId, gone)).toBeUndefined();
}, 60_000);

it('leaves alone what went to an address that somebody else has, too', async () => {
  const email = 'desk@example.com';
  for (const id of ['u-desk-1', 'u-desk-2']) await engine.call('PUT', `/v1/subscribers/${id}`, { email });
  const { ids, addressHashes } = await engine.models.personRows.identify(engine.tenantId, 'u-desk-1');
  expect({ ids, addressHashes }).toEqual({ ids: ['u-desk-1'], addressHashes: [] });
});

/** Collections in which the person is to be found before, and counted after. */
function needed(): string[] {
  return Object.entries(personalData)
    .filter(([, { erasure }]) => erasure !== 'kept')
    .map(([name]) => name);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
