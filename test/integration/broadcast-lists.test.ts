import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addPeople, Broadcast, create, ids, smallPages } from '../support/broadcasts.js';
import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallPages,
  });
});
afterAll(() => engine.stop());

async function draft(): Promise<Broadcast> {
  const { status, body } = await create(engine.api, {});
  expect(status).toBe(201);
  return new Broadcast(engine, 'acme', body.id as string);
}

const stream = (id: string, lines: readonly string[], headers: Record<string, string> = {}) =>
  engine.api('POST', `/v1/broadcasts/${id}/recipients`, undefined, {
    raw: lines.join('\n'),
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });

describe('a list that is streamed to a draft', () => {
  it('takes IDs and IDs with data, each once, and the last of the same', async () => {
    const people = ids('streamed', 12);
    await addPeople(engine, people);
    const one = await draft();
    const lines = people.map((id) => JSON.stringify(id));
    expect((await stream(one.id, lines)).body).toEqual({ added: 12, rejected: 0, errors: [] });
    const again = [JSON.stringify({ id: people[0], data: { name: 'Ann' } })];
    expect((await stream(one.id, again)).body).toEqual({ added: 0, rejected: 0, errors: [] });
    await one.tell('start');
    expect(await one.over()).toMatchObject({ total: 12, counts: { sent: 12 } });
    const subjects = engine.smtp.mails
      .filter((mail) => mail.envelope.to.some((address) => address.startsWith('streamed-')))
      .map((mail) => mail.parsed.subject)
      .sort();
    expect(subjects).toEqual(['News for Ann', ...Array.from({ length: 11 }, () => 'News for all')]);
  });

  it('names each row that is wrong by its line, and takes the others', async () => {
    const one = await draft();
    const { status, body } = await stream(one.id, [
      '"u-1"',
      '{"id":',
      '{"id":"u-2","name":"x"}',
      '17',
      '"u-3"',
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ added: 2, rejected: 3 });
    expect((body.errors as { line: number }[]).map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it('is refused once the broadcast was started', async () => {
    const one = await draft();
    await stream(one.id, ['"nobody-we-know"']);
    await one.tell('start');
    expect(await stream(one.id, ['"u-1"'])).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('is refused for an audience that is no list', async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await create(engine.api, { to: { everyone: true }, sendAt });
    expect(await stream(body.id as string, ['"u-1"'])).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
  });

  it('is refused compressed, and as another media type', async () => {
    const one = await draft();
    const compressed = await stream(one.id, ['x'], { 'content-encoding': 'gzip' });
    expect(compressed).toMatchObject({ status: 400, body: { errors: [{ path: 'Content-Encoding' }] } });
    const xml = await stream(one.id, ['x'], { 'content-type': 'application/xml' });
    expect(xml).toMatchObject({ status: 400, body: { errors: [{ path: 'Content-Type' }] } });
  });
});

describe('the recipients of a broadcast', () => {
  it('are listed by where they stand, in pages, with what was decided', async () => {
    const people = ids('listed', 7);
    await addPeople(engine, people);
    const one = await draft();
    await stream(
      one.id,
      [...people, 'nobody-knows'].map((id) => JSON.stringify(id)),
    );
    await one.tell('start');
    await one.over();
    const list = async (query: string) =>
      (await engine.api('GET', `/v1/broadcasts/${one.id}/recipients?${query}`)).body;
    const first = await list('status=sent&limit=4');
    const second = await list(`status=sent&limit=4&cursor=${first.nextCursor}`);
    const sent = [...first.items, ...second.items] as { recipient: string }[];
    expect(sent.map(({ recipient }) => recipient).sort()).toEqual(people);
    expect(second.nextCursor).toBeNull();
    const { items } = await list('status=suppressed');
    expect(items).toMatchObject([
      { recipient: 'nobody-knows', status: 'suppressed', channels: { email: { action: 'skip' } } },
    ]);
    expect((await list('')).items).toHaveLength(8);
  });
});
