import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRows } from '../../api/import/csv.js';
import { importRows } from '../../api/import/import-rows.js';
import { subscriberCreate } from '../../contracts/subscribers.js';
import { MAX_LINE_BYTES, readLines, type Line } from '../../api/import/lines.js';
import { ndjsonRows } from '../../api/import/ndjson.js';
import { CarillonError } from '../../contracts/errors.js';

/** A body that comes in chunks. */
async function* chunked(...chunks: (string | Buffer)[]): AsyncGenerator<Buffer> {
  await Promise.resolve();
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const lines = (...chunks: (string | Buffer)[]): Promise<Line[]> => all(readLines(chunked(...chunks)));
const csv = (text: string) => all(csvRows(readLines(chunked(text))));
const values = async (text: string) =>
  (await csv(text)).map((row) =>
    'problem' in row ? [row.line, row.problem.message] : [row.line, row.value],
  );

describe('lines', () => {
  it('are the same however the body is cut into chunks', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\n\r\ufeff]/g, ' '))),
      fc.array(fc.nat(20), { minLength: 1 }),
      async (texts, cuts) => {
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
        const chunks: Buffer[] = [];
        for (let at = 0, next = 0; at < bytes.length; next += 1) {
          const length = (cuts[next % cuts.length] ?? 0) + 1;
          chunks.push(bytes.subarray(at, at + length));
          at += length;
        }
        expect(await lines(...chunks)).toEqual(texts.map((text, at) => ({ number: at + 1, text })));
      },
    );
    await fc.assert(property);
  });

  it('may end with CR LF, begin with a byte order mark, and lack the last end', async () => {
    expect(await lines('\ufeffa\r\n\r\nb')).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: '' },
      { number: 3, text: 'b' },
    ]);
  });

  it('that are too long or no UTF-8 are told, and cost no other line', async () => {
    const long = 'x'.repeat(MAX_LINE_BYTES);
    const read = await lines(`${long}\n${long}`, `x\nb\n`, Buffer.from([0x63, 0xff, 0x0a]), 'd');
    expect(read.map((line) => ('problem' in line ? line.problem : line.text.length))).toEqual([
      MAX_LINE_BYTES,
      'is longer than 256 KiB',
      1,
      'is not UTF-8',
      1,
    ]);
  });
});

describe('a CSV file', () => {
  it('becomes people', async () => {
    const text = [
      'id,email,roles,attributes.plan,attributes.seats,attributes.trial,attributes.code,attributes.long',
      'u-1,ann@example.com,legal; sales ;,"pro, yearly",3,true,007,12345678901234567890',
      'u-2,,,,-1.5e2,false,,',
    ].join('\r\n');
    expect(await values(text)).toEqual([
      [
        2,
        {
          id: 'u-1',
          email: 'ann@example.com',
          roles: ['legal', 'sales'],
          attributes: {
            plan: 'pro, yearly',
            seats: 3,
            trial: true,
            code: '007',
            long: '12345678901234567890',
          },
        },
      ],
      [3, { id: 'u-2', attributes: { seats: -150, trial: false } }],
    ]);
  });

  it('may hold commas, quotes and line breaks in quotes; rows are told by the line where they begin', async () => {
    const text = 'id,attributes.note\nu-1,"two\n""lines"", one value"\n\nu-2,one\n';
    expect(await values(text)).toEqual([
      [2, { id: 'u-1', attributes: { note: 'two\n"lines", one value' } }],
      [5, { id: 'u-2', attributes: { note: 'one' } }],
    ]);
  });

  it('loses to a stray quote no row but its own', async () => {
    const text = 'id,attributes.note\nu-1,"never closed\nu-2,b\nu-3,c\nu-4,a "quoted" word\nu-5,e\nu-6,"f\n';
    expect(await values(text)).toEqual([
      [2, 'has quotes that do not fit together'],
      [3, { id: 'u-2', attributes: { note: 'b' } }],
      [4, { id: 'u-3', attributes: { note: 'c' } }],
      [5, 'has quotes that do not fit together'],
      [6, { id: 'u-5', attributes: { note: 'e' } }],
      [7, 'has a quote that is not closed'],
    ]);
  });

  it('is told where a row has more or fewer cells than the header', async () => {
    expect(await values('id,locale\nu-1\nu-2,fr,x\nu-3,fr')).toEqual([
      [2, 'has 1 cells where the header has 2'],
      [3, 'has 3 cells where the header has 2'],
      [4, { id: 'u-3', locale: 'fr' }],
    ]);
  });

  it.each([
    ['a column that is not known', 'id,nickname\nu-1,x', 'nickname', 'is not a known column'],
    ['a column of an odd attribute', 'id,attributes.a.b\nu-1,x', 'attributes.a.b', 'is not a known column'],
    ['another separator', 'id;email\nu-1;x', 'id;email', 'is not a known column'],
    ['no column for the ID', 'email\nann@example.com', 'id', 'is missing'],
    ['a column twice', 'id,locale,locale\nu-1,fr,en', 'locale', 'is the name of two columns'],
    ['a broken header', 'id,"locale\nu-1,fr', 'header', 'quote'],
    ['no header', '\n\n', 'body', 'is empty'],
  ])('is refused for %s', async (_what, text, path, message) => {
    const error: unknown = await csv(text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CarillonError);
    expect((error as CarillonError).code).toBe('validation_failed');
    expect((error as CarillonError).errors).toEqual([
      { path, message: expect.stringContaining(message) as string },
    ]);
  });
});

describe('an import', () => {
  const run = async (text: string) => {
    const batches: { id: string }[][] = [];
    const report = await importRows(ndjsonRows(readLines(chunked(text))), subscriberCreate, (people) => {
      batches.push([...people]);
      return Promise.resolve();
    });
    return { report, batches };
  };

  it('writes in batches of 500', async () => {
    const text = Array.from({ length: 1001 }, (_each, at) => JSON.stringify({ id: `u-${at}` })).join('\n');
    const { report, batches } = await run(text);
    expect(batches.map((batch) => batch.length)).toEqual([500, 500, 1]);
    expect(report).toEqual({ rejected: 0, errors: [] });
  });

  it('writes less at a time of what is long', async () => {
    const row = (at: number) => `{"id":"u-${at}"${' '.repeat(200_000)}}`;
    const { batches } = await run(Array.from({ length: 50 }, (_each, at) => row(at)).join('\n'));
    expect(batches.map((batch) => batch.length)).toEqual([21, 21, 8]);
  });

  it('tells each row that is wrong by its line, and writes the others', async () => {
    const text = [
      '{"id":"u-1"}',
      '{"id":"u-2","email":"ann@","locale":"french please"}',
      '[1]',
      '{"id":',
      '{"email":"bob@example.com"}',
      '{"id":"u-6","nickname":"Bob"}',
      '{"id":"u-7"}',
    ].join('\n');
    const { report, batches } = await run(text);
    expect(batches.flat().map(({ id }) => id)).toEqual(['u-1', 'u-7']);
    expect(report).toEqual({
      rejected: 5,
      errors: [
        { line: 2, path: 'email', message: 'is not an e-mail address' },
        { line: 2, path: 'locale', message: 'is not a language tag such as en or fr-CA' },
        { line: 3, path: 'row', message: 'must be an object' },
        { line: 4, path: 'row', message: 'is not valid JSON' },
        { line: 5, path: 'id', message: 'is missing' },
        { line: 6, path: 'nickname', message: 'is not a known field' },
      ],
    });
  });

  it('counts every wrong row, and tells of the first thousand errors', async () => {
    const { report, batches } = await run('x\n'.repeat(1500));
    expect(batches).toEqual([]);
    expect(report).toMatchObject({ rejected: 1500, errorsTruncated: true });
    expect(report.errors).toHaveLength(1000);
    expect(report.errors.at(-1)).toMatchObject({ line: 1000 });
  });

  it('reads nothing on while it writes', async () => {
    let read = 0;
    let written = 0;
    async function* rows() {
      for (; read < 2000; read += 1) {
        await Promise.resolve();
        expect(read - written).toBeLessThanOrEqual(500);
        yield { line: read + 1, size: 10, value: { id: `u-${read}` } };
      }
    }
    await importRows(rows(), subscriberCreate, async (people) => {
      await new Promise((resolve) => setImmediate(resolve));
      written += people.length;
    });
    expect(written).toBe(2000);
  });
});
