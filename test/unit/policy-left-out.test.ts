import { describe, expect, it } from 'vitest';
import { channelNames, type ChannelName } from '../../contracts/channels.js';
import { decide, type DecisionInput } from '../../policy/decide.js';
import { aContact, aTenant, aType, facts, night, nights, noon, wants } from './policy-facts.js';

const HOUR_MS = 3_600_000;
const skip = (reason: string) => ({ action: 'skip', reason });
const send = { action: 'send' };
const hold = (until: string, reason: string) => ({ action: 'hold', until, reason });
const onEvery = (...channels: ChannelName[]): Partial<DecisionInput> => ({
  requestedChannels: channels,
  type: aType({ defaultChannels: channels }),
});

describe('the channels asked for', () => {
  it("are the type's, and every other channel says that nobody asked for it", () => {
    const { channels, status } = decide(facts());
    expect(status).toBe('sending');
    expect(Object.keys(channels)).toEqual([...channelNames]);
    expect(channels).toMatchObject({ in_app: send, email: send, sms: skip('not_requested') });
  });

  it("are the trigger's where it names some", () => {
    const { channels } = decide(facts({ requestedChannels: ['email'] }));
    expect(channels).toMatchObject({ email: send, in_app: skip('not_requested') });
  });

  it('are those that the content has a text for where the trigger names none', () => {
    const { channels } = decide(facts({ contentChannels: ['email'] }));
    expect(channels).toMatchObject({ email: send, in_app: skip('not_requested') });
  });

  it("are the trigger's even where its content names others", () => {
    const { channels } = decide(facts({ requestedChannels: ['in_app'], contentChannels: ['email'] }));
    expect(channels).toMatchObject({ email: skip('not_requested'), in_app: send });
  });

  it('suppress the notification when there are none', () => {
    expect(decide(facts({ type: aType({ defaultChannels: [] }) })).status).toBe('suppressed');
  });
});

describe('a channel is left out', () => {
  it.each<[reason: string, Partial<DecisionInput>]>([
    ['type_disabled', { tenant: aTenant({ disabledTypes: ['approval_request'] }) }],
    ['channel_not_supported', { type: aType({ supportedChannels: ['in_app', 'sms'] }) }],
    ['turned_off_by_default', { type: aType({ enabledByDefault: false }) }],
    ['recipient_unknown', { contact: undefined }],
    ['recipient_erased', { erased: true }],
    ['recipient_erased', { erased: true, contact: undefined }],
    ['actor_is_recipient', { actor: 'u-42' }],
    ['channel_not_configured', { configuredChannels: ['in_app'] }],
    ['turned_off_by_person', { preferences: wants({ channels: { email: false } }) }],
    ['turned_off_by_person', { preferences: wants({ categories: { contracts: false } }) }],
    ['turned_off_by_person', { preferences: wants({ types: { approval_request: { email: false } } }) }],
    ['muted', { preferences: wants({ mutedUntil: '2026-12-02T00:00:00Z' }) }],
    ['no_address', { contact: aContact({ email: undefined }) }],
    ['no_content', { type: aType({ contentRequired: true }), contentChannels: ['sms'] }],
    ['no_content', { type: aType({ contentRequired: true }) }],
    ['expired', { expiresAtMs: noon }],
  ])('%s', (reason, values) => {
    const decided = decide(facts({ requestedChannels: ['email'], ...values }));
    expect(decided.channels.email).toEqual(skip(reason));
    expect(decided.status).toBe(reason === 'expired' ? 'expired' : 'suppressed');
    expect(decided.holdUntilMs).toBeUndefined();
  });

  it('turned_off_by_default when nobody turned it on', () => {
    const { channels } = decide(facts({ requestedChannels: ['sms', 'slack'] }));
    expect(channels).toMatchObject({
      sms: skip('turned_off_by_default'),
      slack: skip('turned_off_by_default'),
    });
  });

  it('no_inbox when the recipient is a bare address', () => {
    const { channels } = decide(facts({ contact: aContact({ hasInbox: false }) }));
    expect(channels).toMatchObject({ in_app: skip('no_inbox'), email: send });
  });

  it('no_address by what each channel needs', () => {
    const contact = aContact({ email: undefined, phone: undefined, pushTokens: [] });
    const { channels } = decide(facts({ ...onEvery(...channelNames), contact }));
    expect(channels).toEqual({
      in_app: send,
      email: skip('no_address'),
      sms: skip('no_address'),
      push: skip('no_address'),
      whatsapp: skip('no_address'),
      slack: send,
      teams: send,
      webhook: send,
    });
  });

  it('with the first reason that applies', () => {
    const everything: Partial<DecisionInput> = {
      requestedChannels: ['email'],
      tenant: aTenant({ disabledTypes: ['approval_request'] }),
      erased: true,
      suppressions: [{ channel: 'email', reason: 'bounced' }],
      actor: 'u-42',
      configuredChannels: [],
      preferences: wants({ channels: { email: false }, mutedUntil: '2027-01-01T00:00:00Z' }),
      contact: aContact({ email: undefined }),
      type: aType({ contentRequired: true }),
      expiresAtMs: noon - 1,
    };
    const mended: Partial<DecisionInput>[] = [
      { tenant: aTenant() },
      { erased: false },
      { suppressions: [] },
      { actor: 'u-7' },
      { configuredChannels: ['email'] },
      { preferences: wants({ mutedUntil: '2027-01-01T00:00:00Z' }) },
      { preferences: wants({}) },
      { contact: aContact() },
      { type: aType() },
      { expiresAtMs: undefined },
    ];
    const inTurn: unknown[] = [];
    let now = everything;
    for (const mend of mended) {
      const email = decide(facts(now)).channels.email;
      inTurn.push(email?.action === 'skip' ? email.reason : email?.action);
      now = { ...now, ...mend };
    }
    expect(inTurn).toEqual([
      'type_disabled',
      'recipient_erased',
      'suppressed_address',
      'actor_is_recipient',
      'channel_not_configured',
      'turned_off_by_person',
      'muted',
      'no_address',
      'no_content',
      'expired',
    ]);
    expect(decide(facts(now)).status).toBe('sending');
  });

  it("by the trigger's own category", () => {
    const preferences = wants({ categories: { marketing: { email: false } } });
    const { channels } = decide(facts({ preferences, category: 'marketing' }));
    expect(channels).toMatchObject({ email: skip('turned_off_by_person'), in_app: send });
  });
});

describe('a topic that the person muted', () => {
  const preferences = wants({ mutedTopics: ['w-1', 'w-2'] });

  it('leaves out what reaches them only through it, in the inbox too', () => {
    const { channels } = decide(facts({ preferences, onlyTopics: ['w-2', 'w-1'] }));
    expect(channels).toMatchObject({ in_app: skip('topic_muted'), email: skip('topic_muted') });
  });

  it('leaves alone what reaches them otherwise too, and what they cannot turn off', () => {
    expect(decide(facts({ preferences })).channels.email).toEqual(send);
    expect(decide(facts({ preferences, onlyTopics: [] })).channels.email).toEqual(send);
    expect(decide(facts({ preferences, onlyTopics: ['w-1', 'w-3'] })).channels.email).toEqual(send);
    const locked = aType({ lockedChannels: ['email'] });
    const { channels } = decide(facts({ preferences, onlyTopics: ['w-1'], type: locked }));
    expect(channels).toMatchObject({ in_app: skip('topic_muted'), email: send });
    const critical = aType({ critical: true });
    expect(decide(facts({ preferences, onlyTopics: ['w-1'], type: critical })).channels.email).toEqual(send);
  });
});

describe('a channel that the type locks', () => {
  const type = aType({ lockedChannels: ['email'] });

  it('is sent though the person turned it off, or is muted', () => {
    const preferences = wants({
      channels: { email: false, in_app: false },
      mutedUntil: '2026-12-02T00:00:00Z',
    });
    const { channels } = decide(facts({ type, preferences }));
    expect(channels).toMatchObject({ email: send, in_app: skip('turned_off_by_person') });
  });

  it('is sent though nobody turned it on', () => {
    const { channels } = decide(facts({ type: { ...type, enabledByDefault: false } }));
    expect(channels).toMatchObject({ email: send, in_app: skip('turned_off_by_default') });
  });

  it('waits out quiet hours, and respects an unsubscribe', () => {
    const quiet = decide(facts({ type, nowMs: night, preferences: wants({ quietHours: nights }) }));
    expect(quiet.channels.email).toMatchObject({ action: 'hold', reason: 'quiet_hours' });
    const suppressions = [{ channel: 'email', reason: 'unsubscribed' }] as const;
    expect(decide(facts({ type, suppressions })).channels.email).toMatchObject(skip('suppressed_address'));
  });
});

describe('a mute', () => {
  it('leaves the inbox alone', () => {
    const decided = decide(facts({ preferences: wants({ mutedUntil: '2026-12-01T12:00:00Z' }) }));
    expect(decided.channels).toMatchObject({ in_app: send, email: skip('muted') });
  });

  it('is over at its end', () => {
    const decided = decide(facts({ preferences: wants({ mutedUntil: '2026-12-01T12:00:00+01:00' }) }));
    expect(decided.channels.email).toEqual(send);
  });

  it('that ends before the scheduled time does not cost the notification', () => {
    const preferences = wants({ mutedUntil: '2026-12-02T00:00:00Z' });
    const later = { preferences, sendAtMs: noon + 24 * HOUR_MS };
    expect(decide(facts(later)).channels.email).toEqual(hold('2026-12-02T11:00:00.000Z', 'scheduled'));
    const sooner = { preferences, sendAtMs: noon + HOUR_MS };
    expect(decide(facts(sooner)).channels.email).toEqual(skip('muted'));
  });
});
