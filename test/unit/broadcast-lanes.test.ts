import fc from 'fast-check';
import { expect, it } from 'vitest';
import { laneMarks } from '../../activities/broadcast/lanes.js';

const people = (count: number) => Array.from({ length: count }, (_, at) => String(at).padStart(7, '0'));

function divided(total: number, count: number, pageSize = 1_000) {
  const marks = laneMarks();
  const all = people(total);
  for (let from = 0; from < total; from += pageSize) marks.add(all.slice(from, from + pageSize));
  return marks.divided(count);
}

const anyTotal = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 20_000 }));
const anyCount = fc.integer({ min: 0, max: 64 });

it('divides an audience into lanes that follow each other without a gap', () => {
  fc.assert(
    fc.property(anyTotal, anyCount, (total, count) => {
      const all = people(total);
      let before = 0;
      let afterId: string | undefined;
      for (const lane of divided(total, count)) {
        expect(lane).toMatchObject({ before, processed: 0 });
        expect(lane.afterId).toBe(afterId);
        before += lane.size;
        afterId = lane.untilId;
        if (afterId !== undefined) expect(afterId).toBe(all[before - 1]);
      }
      // The last one is open: whoever comes at the very end is not left out.
      expect({ before, afterId }).toEqual({ before: total, afterId: undefined });
    }),
    { numRuns: 200 },
  );
});

it('makes as many as asked for, of about one length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5_000, max: 30_000 }), fc.integer({ min: 1, max: 64 }), (total, count) => {
      const sizes = divided(total, count).map(({ size }) => size);
      expect(sizes).toHaveLength(count);
      // Either end of a lane is at most half a step off, and a step is at most a thousandth of the audience.
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual((2 * total) / 1_000 + 2);
    }),
    { numRuns: 200 },
  );
});

it('makes one of an audience of nobody', () => {
  expect(divided(0, 4)).toEqual([{ before: 0, size: 0, processed: 0 }]);
});

it('counts as it goes by', () => {
  const marks = laneMarks();
  marks.add(people(3));
  marks.add([]);
  expect(marks.total).toBe(3);
});
