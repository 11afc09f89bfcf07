import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATENCY_ERROR, latencyBin, percentileOf } from '../../models/latency-bins.js';
import { dayOf, piecesOf, SLOT_MS, SLOTS_A_DAY } from '../../models/rollup-slots.js';

const DAY_MS = 86_400_000;
const slot = fc.integer({ min: 0, max: 1000 }).map((at) => at * SLOT_MS);

describe('the pieces of a period', () => {
  it('add up to each of its slots once, and to no other', () => {
    fc.assert(
      fc.property(slot, slot, slot, (one, other, emptyFromMs) => {
        const [fromMs, toMs] = [Math.min(one, other), Math.max(one, other)];
        const { days, add, take } = piecesOf(fromMs, toMs, Math.max(emptyFromMs, toMs));
        const counts = new Map<number, number>();
        const count = (at: number, times: number) => counts.set(at, (counts.get(at) ?? 0) + times);
        for (const day of days) {
          for (let at = day; at < day + DAY_MS; at += SLOT_MS)
            if (at < Math.max(emptyFromMs, toMs)) count(at, 1);
        }
        for (const at of add) count(at, 1);
        for (const at of take) count(at, -1);
        for (let at = 0; at < dayOf(toMs) + DAY_MS; at += SLOT_MS) {
          expect(counts.get(at) ?? 0).toBe(at >= fromMs && at < toMs ? 1 : 0);
        }
      }),
    );
  });

  it('are never more than a day of slots', () => {
    fc.assert(
      fc.property(slot, slot, (one, other) => {
        const { add, take } = piecesOf(Math.min(one, other), Math.max(one, other));
        expect(add.length + take.length).toBeLessThanOrEqual(SLOTS_A_DAY);
      }),
    );
  });
});

describe('a percentile', () => {
  it('is off by the documented share of itself at most', () => {
    const latencies = fc.array(fc.integer({ min: 1, max: 6e8 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(latencies, fc.constantFrom(0.5, 0.95, 0.99), (all, share) => {
        const bins = new Map<number, number>();
        for (const ms of all) bins.set(latencyBin(ms), (bins.get(latencyBin(ms)) ?? 0) + 1);
        const exact = [...all].sort((one, other) => one - other)[Math.ceil(share * all.length) - 1] ?? NaN;
        const told = percentileOf(bins, share) ?? NaN;
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact * LATENCY_ERROR * 1.0001);
      }),
    );
  });

  it('is nothing of nothing', () => {
    expect(percentileOf(new Map(), 0.5)).toBeUndefined();
    expect(percentileOf(new Map([[3, 0]]), 0.5)).toBeUndefined();
  });
});
