import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CarillonError } from '../../contracts/errors.js';
import { page, readCursor, writeCursor } from '../../models/cursor.js';

const LAST_MS = 8.64e15;

function refusal(cursor: string): unknown {
  try {
    return readCursor(cursor);
  } catch (error) {
    if (error instanceof CarillonError) return error.errors;
    throw error;
  }
}
const encoded = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');

describe('a cursor', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: LAST_MS }),
        fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme' }),
        (ms, id) => {
          const position = { at: new Date(ms), id: `acme/${id}` };
          expect(readCursor(writeCursor(position))).toEqual(position);
        },
      ),
    );
  });

  it('is URL-safe and none at all where none was given', () => {
    expect(writeCursor({ at: new Date(0), id: 'acme/é?/🎉' })).toMatch(/^[\w-]+$/);
    expect(readCursor(undefined)).toBeUndefined();
  });

  it('is refused where it was not made here, whatever it is', () => {
    const refused = [{ path: 'cursor', message: 'was not made by this API' }];
    const wrong = [
      [],
      {},
      null,
      1,
      'x',
      [1],
      [-1, 'x'],
      [1.5, 'x'],
      [LAST_MS + 1, 'x'],
      [1, ''],
      [1, 2],
      [1, 'x', 1],
    ];
    for (const position of wrong)
      expect(refusal(encoded(position)), JSON.stringify(position)).toEqual(refused);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(refusal(text)).toEqual(refused);
      }),
    );
  });
});

describe('a page', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ _id: `r${index}`, at: new Date(index) }));
  const cut = (count: number, limit: number) =>
    page(
      rows(count),
      limit,
      (row) => row.at,
      (row) => row._id,
    );

  it('ends with a cursor at its last row when one more was found', () => {
    const { items, nextCursor } = cut(4, 3);
    expect(items).toEqual(['r0', 'r1', 'r2']);
    expect(readCursor(nextCursor ?? '')).toEqual({ at: new Date(2), id: 'r2' });
  });

  it.each([
    [0, 3],
    [2, 3],
    [3, 3],
  ])('is the last one with %i rows for %i', (count, limit) => {
    expect(cut(count, limit)).toEqual({ items: rows(count).map(({ _id }) => _id), nextCursor: null });
  });
});
