import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowReport } from '../../api/import/import-rows.js';
import type { Subscriber } from '../../contracts/subscribers.js';
import { eventually } from '../support/engine.js';
import { howMany } from '../support/long-tests.js';
import {
  approval,
  expectDeclared,
  plan,
  quietNow,
  reached,
  startChecked,
  type CheckedEngine,
  type Refusal,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

const path = '/v1/subscribers/import';
const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv; charset=utf-8';
const ROWS = howMany({ short: 20_000, long: 100_000 });
/** Of all rows together, whatever their number. */
const FILE_BYTES = 100_000_000;

const asText = (text: string, mediaType: string) => ({ raw: text, headers: { 'content-type': mediaType } });
type ImportReport = RowReport & { imported: number; updated: number };
const importText = <T = ImportReport>(text: string, mediaType = NDJSON) =>
  engine.call<T>('POST', path, undefined, asText(text, mediaType));
const importRows = (...rows: unknown[]) => importText(rows.map((row) => JSON.stringify(row)).join('\n'));
const person = async (id: string) =>
  (await engine.call<Subscriber>('GET', `/v1/subscribers/${encodeURIComponent(id)}`)).body;
const count = (prefix: string) =>
  engine.mongo
    .collection('subscribers')
    .countDocuments({ tenantId: engine.tenantId, id: { $regex: `^${prefix}` } });

function headers(mediaType: string): Record<string, string> {
  return {
    authorization: `Bearer ${engine.bootstrapKey}`,
    'x-tenant-id': engine.tenantId,
    'content-type': mediaType,
  };
}

describe('people from a file', () => {
  it('are created, and those who are there changed: what is not named stays', async () => {
    await engine.call('PUT', '/v1/subscribers/i-1', {
      email: 'ann@example.com',
      locale: 'fr',
      roles: ['legal'],
      attributes: { plan: 'pro', seats: 3 },
    });
    const { status, body } = await importRows(
      { id: 'i-1', locale: 'en', timezone: null, attributes: { seats: 4 } },
      { id: 'i-2', email: 'bob@example.com', roles: ['hr'] },
    );
    expect([status, body]).toEqual([200, { imported: 1, updated: 1, rejected: 0, errors: [] }]);
    expect(await person('i-1')).toMatchObject({
      email: 'ann@example.com',
      locale: 'en',
      roles: ['legal'],
      attributes: { plan: 'pro', seats: 4 },
    });
    expect(await person('i-2')).toMatchObject({ email: 'bob@example.com', roles: ['hr'], attributes: {} });
    const listed = await engine.call<{ items: Subscriber[] }>('GET', '/v1/subscribers?email=bob@example.com');
    expect(listed.body.items.map(({ id }) => id)).toEqual(['i-2']);
  });

  it('may come as CSV', async () => {
    const text =
      '\ufeffid,email,roles,attributes.plan,attributes.seats\r\n' +
      'c-1,ann@example.com,legal;hr,"pro, yearly",3\r\n' +
      'c-2,,,,\r\n';
    const { status, body } = await importText(text, CSV);
    expect([status, body]).toEqual([200, { imported: 2, updated: 0, rejected: 0, errors: [] }]);
    expect(await person('c-1')).toMatchObject({
      email: 'ann@example.com',
      roles: ['legal', 'hr'],
      attributes: { plan: 'pro, yearly', seats: 3 },
    });
    expect(await person('c-2')).toMatchObject({ email: null, roles: [], attributes: {} });
    const again = await importText('id,attributes.seats\nc-1,4\n', CSV);
    expect(again.body).toMatchObject({ imported: 0, updated: 1 });
    expect(await person('c-1')).toMatchObject({ attributes: { plan: 'pro, yearly', seats: 4 } });
  });

  it('are what their last row says', async () => {
    const { body } = await importRows(
      { id: 'l-1', locale: 'fr', timezone: 'UTC' },
      ...Array.from({ length: 600 }, (_each, at) => ({ id: `l-x${at}` })),
      { id: 'l-1', locale: 'en' },
      { id: 'l-1', locale: 'de' },
    );
    expect(body).toEqual({ imported: 601, updated: 2, rejected: 0, errors: [] });
    expect(await person('l-1')).toMatchObject({ locale: 'de', timezone: 'UTC' });
  });

  it('are told by line where a row is wrong; the others are written', async () => {
    const rows = Buffer.concat([
      Buffer.from('{"id":"b-1"}\n{"id":"b-2","email":"ann@"}\n{"id":\n\n'),
      Buffer.from([...Buffer.from('{"id":"b-'), 0xff, ...Buffer.from('"}\n')]),
      Buffer.from(`{"id":"b-6","attributes":{"note":"${'x'.repeat(300 * 1024)}"}}\n`),
      Buffer.from('{"id":"b-7","nickname":"Ann"}\n{"id":"b-8"}'),
    ]);
    const response = await fetch(`${engine.url}${path}`, {
      method: 'POST',
      headers: headers(NDJSON),
      body: rows,
    });
    const body: unknown = await response.json();
    expectDeclared('POST', path, { status: response.status, body, headers: response.headers });
    expect(body).toEqual({
      imported: 2,
      updated: 0,
      rejected: 5,
      errors: [
        { line: 2, path: 'email', message: 'is not an e-mail address' },
        { line: 3, path: 'row', message: 'is not valid JSON' },
        { line: 5, path: 'row', message: 'is not UTF-8' },
        { line: 6, path: 'row', message: 'is longer than 256 KiB' },
        { line: 7, path: 'nickname', message: 'is not a known field' },
      ],
    });
    expect(await count('b-')).toBe(2);
  });

  it.each([
    ['a column that is not known', 'id,email,nickname\nr-1,ann@example.com,Ann\n', 'nickname'],
    ['no column for IDs', 'email\nann@example.com\n', 'id'],
    ['nothing', '', 'body'],
  ])('are not written from CSV with %s', async (_what, text, name) => {
    const { status, body } = await importText<Refusal>(text, CSV);
    expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'validation_failed', name]);
    expect(await count('r-')).toBe(0);
  });

  it('are refused where the header is wrong, however much follows', async () => {
    const text = `id,nickname\n${'r-1,x\n'.repeat(1_000_000)}`;
    const { status, body } = await importText<Refusal>(text, CSV);
    expect([status, body.errors?.[0]?.path]).toEqual([400, 'nickname']);
    expect(await count('r-')).toBe(0);
  });

  it('are refused in another form', async () => {
    const { status, body } = await importText<Refusal>('[]', 'application/json');
    expect([status, body.errors?.[0]?.path]).toEqual([400, 'Content-Type']);
  });

  it('are nobody’s in an empty file', async () => {
    expect((await importText('\n\n')).body).toEqual({ imported: 0, updated: 0, rejected: 0, errors: [] });
  });

  it('are written up to the last whole batch where the caller goes away', async () => {
    const call = request(`${engine.url}${path}`, { method: 'POST', headers: headers(NDJSON) });
    call.on('error', () => undefined);
    const rows = Array.from({ length: 700 }, (_each, at) => `{"id":"g-${at}","locale":"fr"}\n`).join('');
    call.write(`${rows}{"id":"g-cut","locale":"fr"}`);
    await eventually(
      'the first batch',
      () => count('g-'),
      (found) => found === 500,
    );
    const closed = new Promise((resolve) => call.once('close', resolve));
    call.destroy();
    await closed;
    // The API is as it was, and the rest may be sent again.
    const { body } = await importRows({ id: 'g-0' }, { id: 'g-699' });
    expect(body).toMatchObject({ imported: 1, updated: 1 });
    expect(await count('g-cut')).toBe(0);
    expect(await count('g-')).toBe(501);
  });
});

describe('waiting runs of people from a file', () => {
  it('plan again with what the file changed', async () => {
    for (const id of ['w-1', 'w-2']) {
      await engine.call('PUT', `/v1/subscribers/${id}`, { email: `${id}@example.com` });
      await engine.call('PATCH', `/v1/subscribers/${id}/preferences`, { quietHours: quietNow() });
    }
    const waiting = await plan(engine, approval('w-1'));
    const other = await plan(engine, approval('w-2'));
    await reached(engine, waiting, 'held');
    await importRows({ id: 'w-1', timezone: 'Asia/Tokyo' }, { id: 'w-3' });
    const planOf = async (id: string) => {
      const { body } = await engine.call<{ plan: { sequence: number } }>('GET', `/v1/notifications/${id}`);
      return body.plan.sequence;
    };
    await eventually(
      'a second plan',
      () => planOf(waiting),
      (sequence) => sequence === 2,
    );
    expect(await planOf(other)).toBe(1);
  });
});

describe('many thousand people', () => {
  // So long that holding them all would show.
  const padding = ' '.repeat(FILE_BYTES / ROWS);
  const row = (at: number) => `{"id":"m-${at}","email":"m${at}@example.com","locale":"fr"${padding}}\n`;

  it('are imported in bounded memory', { timeout: 180_000 }, async () => {
    const before = heldBytes();
    let most = before;
    async function* text() {
      for (let at = 0; at < ROWS; at += 100) {
        // Looking takes longer than sending what lies between.
        if (at % (ROWS / 20) === 0) most = Math.max(most, heldBytes());
        yield Buffer.from(Array.from({ length: 100 }, (_each, next) => row(at + next)).join(''));
      }
      await Promise.resolve();
    }
    const { status, body } = await stream(text());
    expect([status, body]).toEqual([200, { imported: ROWS, updated: 0, rejected: 0, errors: [] }]);
    expect(await count('m-')).toBe(ROWS);
    expect((most - before) / 2 ** 20).toBeLessThan(32);
  });
});

/** What is still needed, not what is only not yet collected. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Sends a body as it is made; the server says how fast. */
async function stream(chunks: AsyncIterable<Buffer>): Promise<{ status: number; body: unknown }> {
  const call = request(`${engine.url}${path}`, { method: 'POST', headers: headers(NDJSON) });
  const answered = once(call, 'response') as Promise<[IncomingMessage]>;
  await pipeline(chunks, call);
  const [response] = await answered;
  return { status: response.statusCode ?? 0, body: await json(response) };
}
