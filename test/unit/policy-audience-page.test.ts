import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byBytes, nextOfAudience, type SourcePage } from '../../policy/audience-page.js';

// Characters about which the orders of UTF-16 and of UTF-8 differ are among them.
const id = fc.oneof(
  fc.constantFrom('a', 'b', 'B', 'aa', 'é', '\uffee', '\u{1f600}', '\u{1f600}a', '\u{10ffff}'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
);
const source = fc.uniqueArray(id, { maxLength: 30 }).map((ids) => ids.sort(byBytes));
const sources = fc.array(source, { maxLength: 5 });
const limit = fc.integer({ min: 1, max: 12 });

/** What a source answers: its first ones behind the cursor. */
function pageOf(ids: readonly string[], afterId: string | undefined, size: number): SourcePage {
  return ids.filter((one) => afterId === undefined || byBytes(one, afterId) > 0).slice(0, size + 1);
}

/** All pages, cut by the cursor until one says that it is the last. */
function pagesOf(
  all: readonly (readonly string[])[],
  size: number,
  { after, untilId }: { after?: string; untilId?: string } = {},
): string[][] {
  const pages: string[][] = [];
  let afterId = after;
  for (;;) {
    const { ids, done } = nextOfAudience(
      all.map((one) => pageOf(one, afterId, size)),
      { limit: size, untilId },
    );
    pages.push(ids);
    if (done) return pages;
    afterId = ids.at(-1) ?? afterId;
    if (pages.length > 1000) throw new Error('it does not end');
  }
}

it('gives everybody of all sources once, in byte order, and ends, whatever the size of its pages', () => {
  fc.assert(
    fc.property(sources, limit, (all, size) => {
      expect(pagesOf(all, size).flat()).toEqual([...new Set(all.flat())].sort(byBytes));
    }),
    { numRuns: 1_000 },
  );
});

it('fills every page but the last', () => {
  fc.assert(
    fc.property(sources, limit, (all, size) => {
      for (const page of pagesOf(all, size).slice(0, -1)) expect(page).toHaveLength(size);
    }),
  );
});

it('gives everybody once when it is parted at any IDs, whether they are of it or not', () => {
  fc.assert(
    fc.property(sources, limit, fc.uniqueArray(id, { maxLength: 4 }), (all, size, ends) => {
      const parts = [undefined, ...ends.sort(byBytes), undefined];
      const told = parts
        .slice(1)
        .flatMap((untilId, at) => pagesOf(all, size, { after: parts[at], untilId }).flat());
      expect(told).toEqual([...new Set(all.flat())].sort(byBytes));
    }),
    { numRuns: 1_000 },
  );
});

it('gives the same page again for the same cursor', () => {
  fc.assert(
    fc.property(sources, limit, fc.option(id, { nil: undefined }), (all, size, afterId) => {
      const ask = () =>
        nextOfAudience(
          all.map((one) => pageOf(one, afterId, size)),
          { limit: size },
        );
      expect(ask()).toEqual(ask());
    }),
  );
});

it('knows of the last page that it is the last, however full it is', () => {
  fc.assert(
    fc.property(sources, limit, (all, size) => {
      const pages = pagesOf(all, size);
      expect(pages.length).toBe(Math.max(1, Math.ceil(pages.flat().length / size)));
    }),
  );
});

it('is over at once for an audience of nobody', () => {
  expect(nextOfAudience([[], []], { limit: 10 })).toEqual({ ids: [], done: true });
});

it('orders by code points, not by UTF-16 units', () => {
  expect(['\u{1f600}', '\uffee', 'z'].sort(byBytes)).toEqual(['z', '\uffee', '\u{1f600}']);
});
