import { describe, expect, it } from 'vitest';
import { ToastQueue, type Toast } from '../../web/elements/toasts/toast-queue.js';

const toast = (key: string, more: Partial<Toast> = {}): Toast => ({
  key,
  severity: 'info',
  title: key,
  message: '',
  stays: false,
  ...more,
});
const keys = (toasts: readonly Toast[]) => toasts.map(({ key }) => key).join('');

/** A queue to which these came: a capital letter stays until it is closed. */
function queued(max: number, names: string): ToastQueue {
  const queue = new ToastQueue(max);
  for (const name of names) queue.add(toast(name, { stays: name !== name.toLowerCase() }));
  return queue;
}

describe('the queue of toasts', () => {
  it.each([
    { what: 'as many as there is room for, in their order', names: 'abcd', shown: 'ab', waiting: 'cd' },
    { what: 'before others what must be closed by hand', names: 'abcD', shown: 'ab', waiting: 'Dc' },
    { what: 'one more where all that is shown must be', names: 'ABCd', shown: 'AB', waiting: 'Cd' },
    { what: 'that one at once where nothing else waits', names: 'ABcd', shown: 'ABc', waiting: 'd' },
  ])('shows $what', ({ names, shown, waiting }) => {
    const queue = queued(2, names);
    expect([keys(queue.shown), keys(queue.waiting)]).toEqual([shown, waiting]);
  });

  it('takes nothing twice, even after it was closed', () => {
    const queue = queued(1, 'ab');
    expect(queue.add(toast('b'))).toBe(false);
    queue.remove('a');
    queue.remove('b');
    expect(queue.add(toast('a'))).toBe(false);
    queue.remove('never there');
    expect(queue.add(toast('never there'))).toBe(false);
    expect(keys(queue.shown)).toBe('');
  });

  it('shows the next one when one goes, and what was changed meanwhile', () => {
    const queue = queued(2, 'abc');
    queue.update('c', { title: 'changed' });
    queue.remove('a');
    expect(queue.shown.map(({ title }) => title)).toEqual(['b', 'changed']);
    queue.resize(1);
    expect(keys(queue.shown)).toBe('bc');
  });

  it('keeps the newest 50 that wait, and all that must be closed by hand', () => {
    const queue = queued(1, 'aS');
    for (let number = 0; number < 60; number += 1) queue.add(toast(`${number}`));
    expect(queue.waiting).toHaveLength(50);
    expect([queue.waiting[0]?.key, queue.waiting[1]?.key, queue.waiting.at(-1)?.key]).toEqual([
      'S',
      '11',
      '59',
    ]);
  });
});
