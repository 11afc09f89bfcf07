import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Logger } from '../../runtime/logger.js';
import { watchDependencies } from '../../runtime/watch-dependencies.js';

const EVERY_MS = 1_000;
let lines: [level: string, dependency: string, message: string][];
let isAway: boolean;
let end: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  isAway = false;
  const say = (level: string) => (fields: { dependency: string }, message: string) =>
    void lines.push([level, fields.dependency, message]);
  const log = { error: say('error'), info: say('info') } as unknown as Logger;
  const ping = () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve());
  end = watchDependencies({ mongodb: ping, temporal: () => Promise.resolve() }, { log, everyMs: EVERY_MS });
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

const pass = (looks: number) => vi.advanceTimersByTimeAsync(looks * EVERY_MS);

it('says once that a dependency is lost and once that it is back, naming it', async () => {
  await pass(3);
  isAway = true;
  await pass(10);
  expect(lines).toEqual([['error', 'mongodb', 'dependency is lost']]);
  isAway = false;
  await pass(10);
  expect(lines.slice(1)).toEqual([['info', 'mongodb', 'dependency is back']]);
});

it('takes no notice of one answer that is missing', async () => {
  isAway = true;
  await pass(1);
  isAway = false;
  await pass(3);
  expect(lines).toEqual([]);
});

it('asks no more once it is ended', async () => {
  end();
  isAway = true;
  await pass(5);
  expect(lines).toEqual([]);
});
