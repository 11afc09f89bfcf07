import { beforeEach, describe, expect, it } from 'vitest';
import { FirstAttempts, type Place } from '../../activities/first-attempts.js';

let nowMs: number;
let attempts: FirstAttempts;
beforeEach(() => {
  nowMs = 1_000_000;
  attempts = new FirstAttempts({ perProvider: 2, total: 3 }, () => nowMs);
});

const enter = (tenant = 'acme', provider = 'smtp'): Place => {
  const place = attempts.enter(tenant, provider);
  if (!place) throw new Error('no place');
  return place;
};

describe('places for first attempts', () => {
  it('are as many for one tenant and provider as allowed, and free again when left', () => {
    const first = enter();
    enter();
    expect(attempts.enter('acme', 'smtp')).toBeUndefined();
    first.leave(true);
    expect(attempts.enter('acme', 'smtp')).toBeDefined();
  });

  it('are counted for each tenant and each provider apart, up to the total', () => {
    enter('acme', 'smtp');
    enter('acme', 'smtp');
    enter('other', 'smtp').leave(true);
    enter('acme', 'twilio');
    expect(attempts.enter('other', 'smtp')).toBeUndefined();
  });

  it('are left once, however often that is said', () => {
    const place = enter();
    enter();
    place.leave(true);
    place.leave(true);
    enter();
    expect(attempts.enter('acme', 'smtp')).toBeUndefined();
  });

  it('are none for a minute after the provider could not be used', () => {
    enter().leave(false);
    expect(attempts.enter('acme', 'smtp')).toBeUndefined();
    expect(attempts.enter('other', 'smtp')).toBeDefined();
    nowMs += 60_000;
    expect(attempts.enter('acme', 'smtp')).toBeDefined();
  });

  it('are none for a minute after an attempt that took more than three seconds', () => {
    const slow = enter();
    nowMs += 3_001;
    slow.leave(true);
    expect(attempts.enter('acme', 'smtp')).toBeUndefined();
    const quick = enter('other');
    nowMs += 3_000;
    quick.leave(true);
    expect(attempts.enter('other', 'smtp')).toBeDefined();
  });

  it('are none at all where the deployment wants none', () => {
    const none = new FirstAttempts({ perProvider: 0, total: 10 });
    expect(none.enter('acme', 'smtp')).toBeUndefined();
  });

  it('do not grow with the number of tenants', () => {
    for (let tenant = 0; tenant < 25_000; tenant += 1) enter(`t${tenant}`).leave(true);
    const { lanes } = attempts as unknown as { lanes: Map<string, unknown> };
    expect(lanes.size).toBeLessThanOrEqual(10_001);
  });
});
