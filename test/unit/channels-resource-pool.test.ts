import { describe, expect, it } from 'vitest';
import { ResourcePool } from '../../channels/resource-pool.js';

/** A pool of numbered resources, what was opened and ended of them, and uses that last until they are told to end. */
function poolOf(limit: number) {
  const opened: string[] = [];
  const ended: string[] = [];
  const pool = new ResourcePool<string>({ limit, endWhenFree: (name) => void ended.push(name) });
  const open = () => {
    const name = `#${opened.length + 1}`;
    opened.push(name);
    return name;
  };
  const use = (identity: unknown) => pool.use(identity, open, (name) => Promise.resolve(name));
  const hold = (identity: unknown) => {
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const done = pool.use(identity, open, () => held);
    return async () => {
      release();
      await done;
    };
  };
  return { pool, opened, ended, use, hold };
}

describe('a pool of resources', () => {
  it('opens one for each identity, and the same again for the same', async () => {
    const { pool, use } = poolOf(9);
    expect(await use(['a', 1])).toBe('#1');
    expect(await use(['a', 2])).toBe('#2');
    expect(await use(['a', 1])).toBe('#1');
    expect(pool.size).toBe(2);
  });

  it('ends the one unused for longest when there are too many', async () => {
    const { pool, ended, use } = poolOf(2);
    for (const identity of ['a', 'b', 'a', 'c']) await use(identity);
    expect(ended).toEqual(['#2']);
    expect(pool.size).toBe(2);
    expect(await use('a')).toBe('#1');
    expect(await use('b')).toBe('#4');
  });

  it('ends none that is in use before its last use is over', async () => {
    const { pool, ended, use, hold } = poolOf(1);
    const [one, other] = [hold('a'), hold('a')];
    await use('b');
    expect(pool.size).toBe(1);
    await one();
    expect(ended).toEqual([]);
    await other();
    expect(ended).toEqual(['#1']);
  });

  it('opens another in place of one that was retired', async () => {
    const { ended, use, hold, pool } = poolOf(2);
    const release = hold('a');
    pool.retire('a');
    pool.retire('unknown');
    expect(await use('a')).toBe('#2');
    await release();
    expect(ended).toEqual(['#1']);
  });

  it('frees one whose use fails', async () => {
    const { pool, ended } = poolOf(1);
    const failing = pool.use(
      'a',
      () => 'x',
      () => Promise.reject(new Error('refused')),
    );
    pool.retire('a');
    await expect(failing).rejects.toThrow('refused');
    expect(ended).toEqual(['x']);
  });

  it('keeps nothing where opening fails', async () => {
    const { pool, use } = poolOf(1);
    const open = () => {
      throw new Error('cannot open');
    };
    await expect(pool.use('a', open, () => Promise.resolve())).rejects.toThrow('cannot open');
    expect(pool.size).toBe(0);
    expect(await use('a')).toBe('#1');
  });

  it('is closed when those that nobody uses have ended, and the others end with their last use', async () => {
    const { pool, ended, use, hold } = poolOf(2);
    const release = hold('busy');
    await use('free');
    await pool.close();
    expect(ended).toEqual(['#2']);
    await release();
    expect(ended).toEqual(['#2', '#1']);
  });

  it('waits at its close for an end that takes its time', async () => {
    let finish!: () => void;
    const pool = new ResourcePool<string>({
      limit: 1,
      endWhenFree: () => new Promise<void>((resolve) => (finish = resolve)),
    });
    const use = (identity: string) =>
      pool.use(
        identity,
        () => identity,
        () => Promise.resolve(),
      );
    await use('a');
    pool.retire('a');
    let closed = false;
    const closing = pool.close().then(() => (closed = true));
    await Promise.resolve();
    expect(closed).toBe(false);
    finish();
    await closing;
  });

  it('opens nothing once it is closed, which is no fault of the provider', async () => {
    const { pool, opened, use } = poolOf(1);
    await pool.close();
    await expect(use('a')).rejects.toMatchObject({
      reason: 'network_error',
      providerDown: false,
      providerResponse: 'not sent: shutting down',
    });
    expect(opened).toEqual([]);
  });
});
