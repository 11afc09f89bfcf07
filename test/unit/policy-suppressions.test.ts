import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelNames } from '../../contracts/channels.js';
import { suppressionReasons, type Suppression } from '../../contracts/suppressions.js';
import { decide, type DecisionInput } from '../../policy/decide.js';
import { suppressionOf } from '../../policy/suppressions.js';
import { anyFacts, suppressions } from './policy-any-facts.js';
import { aType, facts } from './policy-facts.js';

const onEmail = (values: Partial<DecisionInput>) =>
  decide(facts({ requestedChannels: ['email'], ...values })).channels.email;
const stopped = (reason: string) => ({ action: 'skip', reason: 'suppressed_address', detail: reason });
const send = { action: 'send' };
const unsubscribed = (category?: string): Suppression => ({
  channel: 'email',
  reason: 'unsubscribed',
  ...(category === undefined ? {} : { category }),
});

describe('a suppressed address', () => {
  it.each(suppressionReasons)('is left out and says why: %s', (reason) => {
    expect(onEmail({ suppressions: [{ channel: 'email', reason }] })).toEqual(stopped(reason));
  });

  it('is told the gravest of its reasons, in whatever order they are stored', () => {
    const both: Suppression[] = [unsubscribed(), { channel: 'email', reason: 'complained' }];
    expect(onEmail({ suppressions: both })).toEqual(stopped('complained'));
    expect(onEmail({ suppressions: both.reverse() })).toEqual(stopped('complained'));
  });

  it('is written to on its other channels', () => {
    expect(onEmail({ suppressions: [{ channel: 'sms', reason: 'opted_out' }] })).toEqual(send);
  });

  it('still takes other categories than the one unsubscribed from', () => {
    expect(onEmail({ suppressions: [unsubscribed('contracts')] })).toEqual(stopped('unsubscribed'));
    expect(onEmail({ suppressions: [unsubscribed('marketing')] })).toEqual(send);
  });

  it("is asked by the trigger's own category where it has one", () => {
    const marketing = { category: 'marketing' };
    expect(onEmail({ ...marketing, suppressions: [unsubscribed('marketing')] })).toEqual(
      stopped('unsubscribed'),
    );
    expect(onEmail({ ...marketing, suppressions: [unsubscribed('contracts')] })).toEqual(send);
  });

  it('gets critical types in spite of an unsubscribe, and of nothing graver', () => {
    const type = aType({ critical: true });
    expect(onEmail({ type, suppressions: [unsubscribed(), unsubscribed('contracts')] })).toEqual(send);
    expect(
      onEmail({ type, suppressions: [unsubscribed(), { channel: 'email', reason: 'bounced' }] }),
    ).toEqual(stopped('bounced'));
  });
});

describe('a suppression, whatever the facts', () => {
  const law = (check: (input: DecisionInput, more: Suppression[]) => void) =>
    fc.assert(fc.property(anyFacts, suppressions, check), { numRuns: 500 });

  it('never sends more than without it', () => {
    law((input, more) => {
      const before = decide({ ...input, suppressions: [] });
      const after = decide({ ...input, suppressions: more });
      for (const channel of channelNames) {
        if (before.channels[channel]?.action === 'skip') expect(after.channels[channel]?.action).toBe('skip');
      }
    });
  });

  it('changes nothing on a channel that it does not name', () => {
    law((input, more) => {
      const before = decide({ ...input, suppressions: [] });
      const after = decide({ ...input, suppressions: more });
      for (const channel of channelNames) {
        if (!more.some((one) => one.channel === channel))
          expect(after.channels[channel]).toEqual(before.channels[channel]);
      }
    });
  });

  it('of everything stops whatever a category’s stops', () => {
    law((input, more) => {
      const ofAll = more.map(({ channel, reason }) => ({ channel, reason }));
      for (const channel of channelNames) {
        if (suppressionOf(channel, { ...input, suppressions: more }))
          expect(suppressionOf(channel, { ...input, suppressions: ofAll })).toBeDefined();
      }
    });
  });

  it('is told in the plan wherever an address is left out for it', () => {
    law((input) => {
      for (const channel of channelNames) {
        const decision = decide({ ...input, done: [] }).channels[channel];
        if (decision?.action !== 'skip') continue;
        const isTold = decision.detail !== undefined;
        expect(isTold).toBe(decision.reason === 'suppressed_address');
        if (isTold) expect(decision.detail).toBe(suppressionOf(channel, input));
      }
    });
  });
});
