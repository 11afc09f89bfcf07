import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelNames, interrupts, type ChannelName } from '../../contracts/channels.js';
import { planReasons } from '../../contracts/plan.js';
import { decide, type DecisionInput } from '../../policy/decide.js';
import { quietFor } from '../../policy/hold.js';
import { suppressionOf } from '../../policy/suppressions.js';
import { anyFacts } from './policy-any-facts.js';

const runs = { numRuns: 1_000 };
const law = (check: (input: DecisionInput) => void) => fc.assert(fc.property(anyFacts, check), runs);

/** What is sent or held, among the channels that had not ended before. */
function going(input: DecisionInput): ChannelName[] {
  const decided = decide(input);
  return channelNames.filter(
    (channel) => !input.done.includes(channel) && decided.channels[channel]?.action !== 'skip',
  );
}

/** What the person said, the most specific first; undefined where they said nothing. */
function said({ preferences, type }: DecisionInput, channel: ChannelName): boolean | undefined {
  const category = preferences.categories[type.category];
  return [
    preferences.types[type.name]?.[channel],
    typeof category === 'object' ? category[channel] : category,
    preferences.channels[channel],
  ].find((rule) => rule !== undefined);
}

describe('a decision, whatever the facts', () => {
  it('names every channel, and gives each that is left out a reason', () => {
    law((input) => {
      const decided = decide(input);
      expect(Object.keys(decided.channels)).toEqual([...channelNames]);
      for (const decision of Object.values(decided.channels)) {
        if (decision.action === 'skip') expect(planReasons).toContain(decision.reason);
      }
    });
  });

  it('never sends or holds what the person turned off, unless the type is critical or locks the channel', () => {
    law((input) => {
      fc.pre(!input.type.critical);
      for (const channel of going(input)) {
        if (!input.type.lockedChannels.includes(channel)) expect(said(input, channel)).not.toBe(false);
      }
    });
  });

  it('says of a channel that the person turned it off only when they did', () => {
    law((input) => {
      for (const channel of channelNames.filter((name) => !input.done.includes(name))) {
        const decision = decide(input).channels[channel];
        if (decision?.action !== 'skip' || decision.reason !== 'turned_off_by_person') continue;
        expect(said(input, channel)).toBe(false);
        expect(input.type.lockedChannels).not.toContain(channel);
      }
    });
  });

  it('never sends or holds where it must not: not asked for, not set up, suppressed, unknown, or the actor', () => {
    law((input) => {
      for (const channel of going(input)) {
        expect(input.contact).toBeDefined();
        expect(input.actor).not.toBe(input.contact?.id);
        expect(input.tenant.disabledTypes).toEqual([]);
        expect(input.configuredChannels).toContain(channel);
        expect(input.type.supportedChannels).toContain(channel);
        expect(suppressionOf(channel, input)).toBeUndefined();
        if (input.requestedChannels?.length) expect(input.requestedChannels).toContain(channel);
      }
    });
  });

  it('never disturbs anybody in quiet hours or while muted, unless critical or expedited', () => {
    law((input) => {
      const { nowMs, preferences, type } = input;
      fc.pre(!type.critical && !input.expedite);
      const muted = preferences.mutedUntil !== null && Date.parse(preferences.mutedUntil) > nowMs;
      const decided = decide(input);
      for (const channel of channelNames.filter(interrupts)) {
        if (input.done.includes(channel) || decided.channels[channel]?.action !== 'send') continue;
        if (!type.lockedChannels.includes(channel)) expect(muted).toBe(false);
        expect(quietFor(input)).toBeUndefined();
      }
    });
  });

  it('never holds what an operator expedites', () => {
    law((input) => {
      const decided = decide({ ...input, expedite: true });
      expect(Object.values(decided.channels).map(({ action }) => action)).not.toContain('hold');
      expect(decided.status).not.toBe('held');
    });
  });

  it('never holds the inbox for quiet hours', () => {
    law((input) => {
      expect(decide(input).channels.in_app).not.toMatchObject({ reason: 'quiet_hours' });
    });
  });

  it('holds into the future, and never past the expiry', () => {
    law((input) => {
      const decided = decide(input);
      for (const decision of Object.values(decided.channels)) {
        if (decision.action !== 'hold') continue;
        const until = Date.parse(decision.until);
        expect(until).toBeGreaterThan(input.nowMs);
        expect(until).toBeLessThanOrEqual(input.expiresAtMs ?? Infinity);
        expect(decided.holdUntilMs).toBeLessThanOrEqual(until);
      }
    });
  });

  it('neither sends nor holds anything that has expired', () => {
    law((input) => {
      expect(going({ ...input, expiresAtMs: input.nowMs })).toEqual([]);
    });
  });

  it('never holds a second time for the same quiet hours', () => {
    law((input) => {
      const first = decide(input);
      // One in ten: to draw on until it is so each time would take too long.
      if (first.holdReason !== 'quiet_hours' || first.holdUntilMs === undefined) return;
      const again = decide({ ...input, nowMs: first.holdUntilMs });
      expect(again.status).not.toBe('held');
    });
  });

  it('has a status that its channels bear out', () => {
    law((input) => {
      const { channels: decisions, status, holdUntilMs } = decide(input);
      const actions = Object.values(decisions).map(({ action }) => action);
      expect(status === 'held').toBe(actions.includes('hold'));
      expect(status === 'held').toBe(holdUntilMs !== undefined);
      if (status === 'suppressed') expect(actions).not.toContain('send');
      if (status === 'sending') expect(actions).toContain('send');
      if (status === 'expired')
        expect(Object.values(decisions)).toContainEqual(expect.objectContaining({ reason: 'expired' }));
    });
  });

  it('lets an ended channel be', () => {
    law((input) => {
      const decided = decide({ ...input, done: channelNames });
      for (const decision of Object.values(decided.channels)) expect(decision).toEqual({ action: 'send' });
    });
  });

  it('is the same for the same facts, and for the same channels in another order', () => {
    law((input) => {
      const reversed = {
        ...structuredClone(input),
        requestedChannels: input.requestedChannels && [...input.requestedChannels].reverse(),
        contentChannels: input.contentChannels && [...input.contentChannels].reverse(),
        configuredChannels: [...input.configuredChannels].reverse(),
      };
      const before = structuredClone(input);
      expect(decide(reversed)).toEqual(decide(input));
      expect(input).toEqual(before);
    });
  });
});
