import { describe, expect, it } from 'vitest';
import { Lookups } from '../../models/lookups.js';

/** Rows that are read when the test says so. */
function slowRows(rows: Record<string, number>) {
  const queries: { ids: string[]; end: () => void; fail: (error: Error) => void }[] = [];
  const lookups = new Lookups<number>(
    (ids) =>
      new Promise((resolve, reject) => {
        const found = new Map(ids.flatMap((id) => (id in rows ? [[id, rows[id] ?? 0] as const] : [])));
        queries.push({ ids, end: () => resolve(found), fail: reject });
      }),
  );
  return { lookups, queries, idsOf: () => queries.map(({ ids }) => ids) };
}

describe('rows that many look up', () => {
  it('are asked for at once by who is alone', async () => {
    const { lookups, queries, idsOf } = slowRows({ a: 1 });
    const found = lookups.find('a');
    expect(idsOf()).toEqual([['a']]);
    queries[0]?.end();
    expect(await found).toBe(1);
  });

  it('go together while queries are under way, each ID once', async () => {
    const { lookups, queries, idsOf } = slowRows({ a: 1, b: 2, c: 3 });
    const all = ['a', 'b', 'c', 'a', 'nobody', 'c'].map((id) => lookups.find(id));
    expect(idsOf()).toEqual([['a'], ['b']]);
    queries[0]?.end();
    await all[0];
    await Promise.resolve();
    queries[1]?.end();
    await all[1];
    await new Promise((resolve) => setImmediate(resolve));
    expect(idsOf()).toEqual([['a'], ['b'], ['c', 'a', 'nobody']]);
    queries[2]?.end();
    expect(await Promise.all(all)).toEqual([1, 2, 3, 1, undefined, 3]);
  });

  it('are never of a query that began before they were asked for', async () => {
    const rows: Record<string, number> = { a: 1 };
    const { lookups, queries } = slowRows(rows);
    const before = lookups.find('a');
    const beside = lookups.find('b');
    rows.a = 2;
    const after = lookups.find('a');
    for (const query of queries) query.end();
    expect(await before).toBe(1);
    await beside;
    await new Promise((resolve) => setImmediate(resolve));
    queries[2]?.end();
    expect(await after).toBe(2);
  });

  it('fail with their own query, and the next ones do not', async () => {
    const { lookups, queries } = slowRows({ a: 1, b: 2 });
    const lost = lookups.find('a');
    const found = lookups.find('b');
    queries[0]?.fail(new Error('away'));
    queries[1]?.end();
    await expect(lost).rejects.toThrow('away');
    expect(await found).toBe(2);
    const again = lookups.find('a');
    queries[2]?.end();
    expect(await again).toBe(1);
  });

  it('are split where they are too many for a query', async () => {
    const { lookups, queries, idsOf } = slowRows({});
    const all = Array.from({ length: 452 }, (_, index) => lookups.find(`id-${index}`));
    for (let at = 0; at < 5; at += 1) {
      queries[at]?.end();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await Promise.all(all)).toHaveLength(452);
    expect(idsOf().map((ids) => ids.length)).toEqual([1, 1, 200, 200, 50]);
  });
});
