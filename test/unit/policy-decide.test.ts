import { describe, expect, it } from 'vitest';
import { decide, type DecisionInput } from '../../policy/decide.js';
import { aContact, aTenant, aType, facts, night, nights, noon, wants } from './policy-facts.js';

const HOUR_MS = 3_600_000;
const skip = (reason: string) => ({ action: 'skip', reason });
const send = { action: 'send' };
const hold = (until: string, reason: string) => ({ action: 'hold', until, reason });

describe('a notification scheduled for later', () => {
  it('holds every channel until then, the inbox too', () => {
    expect(decide(facts({ sendAtMs: noon + HOUR_MS }))).toMatchObject({
      status: 'held',
      holdUntilMs: noon + HOUR_MS,
      holdReason: 'scheduled',
      channels: {
        in_app: hold('2026-12-01T12:00:00.000Z', 'scheduled'),
        email: hold('2026-12-01T12:00:00.000Z', 'scheduled'),
      },
    });
  });

  it('goes at its time', () => {
    expect(decide(facts({ sendAtMs: noon })).status).toBe('sending');
  });

  it('waits even when its type is critical', () => {
    expect(decide(facts({ type: aType({ critical: true }), sendAtMs: noon + 1 })).status).toBe('held');
  });
});

describe('quiet hours', () => {
  const quietPerson = { nowMs: night, preferences: wants({ quietHours: nights }) };

  it("hold an email until they end in the person's zone, and let the inbox have it at once", () => {
    expect(decide(facts(quietPerson))).toMatchObject({
      status: 'held',
      holdUntilMs: Date.parse('2026-12-02T06:00:00Z'),
      holdReason: 'quiet_hours',
      channels: { in_app: send, email: hold('2026-12-02T06:00:00.000Z', 'quiet_hours') },
    });
  });

  it('hold nothing when only the inbox is asked for', () => {
    expect(decide(facts({ ...quietPerson, requestedChannels: ['in_app'] })).status).toBe('sending');
  });

  it('are kept in the zone that they name', () => {
    const quietHours = { ...nights, timezone: 'America/New_York' };
    expect(decide(facts({ nowMs: night, preferences: wants({ quietHours }) })).status).toBe('sending');
  });

  it("are kept in the tenant's zone for whoever has none", () => {
    const contact = aContact({ timezone: undefined });
    const decided = decide(facts({ ...quietPerson, contact, tenant: aTenant({ timezone: 'Asia/Tokyo' }) }));
    // 22:00 UTC is 07:00 in Tokyo.
    expect(decided.status).toBe('sending');
  });

  it("fall back to the next zone where this runtime does not know the person's", () => {
    const contact = aContact({ timezone: 'Europe/Atlantis' });
    const decided = decide(facts({ ...quietPerson, contact, tenant: aTenant({ timezone: 'Europe/Paris' }) }));
    expect(decided.holdUntilMs).toBe(Date.parse('2026-12-02T06:00:00Z'));
  });

  it("are the tenant's for whoever has none of their own", () => {
    const tenant = aTenant({ quietHours: nights });
    expect(decide(facts({ nowMs: night, tenant })).status).toBe('held');
  });

  it('are none for whoever chose to have no window', () => {
    const tenant = aTenant({ quietHours: nights });
    const preferences = wants({ quietHours: { windows: [] } });
    expect(decide(facts({ nowMs: night, tenant, preferences })).status).toBe('sending');
  });

  it('begin to count at the scheduled time, not before', () => {
    const decided = decide(facts({ ...quietPerson, sendAtMs: night + HOUR_MS }));
    expect(decided).toMatchObject({ holdUntilMs: night + HOUR_MS, holdReason: 'scheduled' });
    expect(decide(facts({ ...quietPerson, nowMs: night + HOUR_MS }))).toMatchObject({
      holdReason: 'quiet_hours',
    });
  });
});

describe('a critical type', () => {
  const critical = { type: aType({ critical: true }), nowMs: night };

  it('passes preferences, unsubscribes, mute and quiet hours', () => {
    const suppressions: DecisionInput['suppressions'] = [{ channel: 'email', reason: 'unsubscribed' }];
    const preferences = wants({
      channels: { email: false },
      mutedUntil: '2027-01-01T00:00:00Z',
      quietHours: nights,
    });
    expect(decide(facts({ ...critical, preferences, suppressions })).channels).toMatchObject({
      email: send,
      in_app: send,
    });
  });

  it('does not pass another suppression, the actor, or an expiry', () => {
    const email = (values: Partial<DecisionInput>) =>
      decide(facts({ ...critical, ...values })).channels.email;
    for (const reason of ['bounced', 'complained', 'opted_out', 'manual'] as const) {
      expect(email({ suppressions: [{ channel: 'email', reason }] })).toEqual({
        ...skip('suppressed_address'),
        detail: reason,
      });
    }
    expect(email({ actor: 'u-42' })).toEqual(skip('actor_is_recipient'));
    expect(email({ expiresAtMs: night })).toEqual(skip('expired'));
  });
});

describe('an operator who expedites', () => {
  it('passes the scheduled time and quiet hours', () => {
    const waiting = { nowMs: night, preferences: wants({ quietHours: nights }), sendAtMs: night + HOUR_MS };
    expect(decide(facts({ ...waiting, expedite: true })).channels).toMatchObject({
      email: send,
      in_app: send,
    });
  });

  it('does not pass preferences, a mute or an expiry', () => {
    const email = (values: Partial<DecisionInput>) =>
      decide(facts({ expedite: true, ...values })).channels.email;
    expect(email({ preferences: wants({ channels: { email: false } }) })).toEqual(
      skip('turned_off_by_person'),
    );
    expect(email({ preferences: wants({ mutedUntil: '2027-01-01T00:00:00Z' }) })).toEqual(skip('muted'));
    expect(email({ expiresAtMs: noon })).toEqual(skip('expired'));
  });
});

describe('an expiry', () => {
  it('ends a hold that would outlast it', () => {
    const quiet = { nowMs: night, preferences: wants({ quietHours: nights }), expiresAtMs: night + HOUR_MS };
    expect(decide(facts(quiet))).toMatchObject({ status: 'held', holdUntilMs: night + HOUR_MS });
    expect(decide(facts({ ...quiet, nowMs: night + HOUR_MS })).status).toBe('expired');
    expect(decide(facts({ sendAtMs: noon + 2 * HOUR_MS, expiresAtMs: noon + HOUR_MS })).holdUntilMs).toBe(
      noon + HOUR_MS,
    );
  });

  it('does not hide why a channel would have been left out anyway', () => {
    const decided = decide(facts({ expiresAtMs: noon, preferences: wants({ channels: { email: false } }) }));
    expect(decided.channels).toMatchObject({ in_app: skip('expired'), email: skip('turned_off_by_person') });
    expect(decided.status).toBe('expired');
  });
});

describe('a channel that has ended', () => {
  const quiet = { nowMs: night, preferences: wants({ quietHours: nights }) };

  it('keeps its entry when the rest is planned again', () => {
    const first = decide(facts(quiet));
    const again = decide(
      facts({
        nowMs: first.holdUntilMs ?? 0,
        preferences: wants({ channels: { in_app: false } }),
        done: ['in_app'],
        previous: first.channels,
      }),
    );
    expect(again).toMatchObject({ status: 'sending', channels: { in_app: send, email: send } });
  });

  it('keeps the reason for which it was left out', () => {
    const decided = decide(
      facts({ done: ['email'], previous: { email: { action: 'skip', reason: 'expired' } } }),
    );
    expect(decided.channels.email).toEqual(skip('expired'));
  });

  it('no longer waits, whatever the plan before said', () => {
    const first = decide(facts(quiet));
    const again = decide(facts({ ...quiet, done: ['email', 'in_app'], previous: first.channels }));
    expect(again).toEqual({ status: 'sending', channels: { ...first.channels, email: send } });
  });

  it('does not make a notification suppressed whose rest is left out', () => {
    const decided = decide(facts({ done: ['in_app'], preferences: wants({ channels: { email: false } }) }));
    expect(decided.status).toBe('sending');
  });

  it('does not hide that the rest expired', () => {
    const decided = decide(facts({ done: ['in_app'], expiresAtMs: noon }));
    expect(decided).toMatchObject({ status: 'expired', channels: { in_app: send, email: skip('expired') } });
  });
});
