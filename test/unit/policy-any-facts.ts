import fc from 'fast-check';
import { channelNames, type ChannelName } from '../../contracts/channels.js';
import { dayNames, type DayName, type QuietHours } from '../../contracts/quiet-hours.js';
import { suppressionReasons, type Suppression } from '../../contracts/suppressions.js';
import type { DecisionInput } from '../../policy/decide.js';
import { coversWholeWeek } from '../../policy/quiet-hours.js';
import { aContact, aTenant, aType, facts, wants } from './policy-facts.js';

const DAY_MS = 86_400_000;
const from = Date.parse('2026-03-20T00:00:00Z');
const to = Date.parse('2026-11-10T00:00:00Z');

const channels = fc.subarray<ChannelName>([...channelNames]);
const switches = fc.dictionary(fc.constantFrom(...channelNames), fc.boolean());
const zone = fc.constantFrom('Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'UTC');
const time = fc
  .integer({ min: 0, max: 47 })
  .map((half) => `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`);
const days = fc.subarray<DayName>([...dayNames], { minLength: 1 });
const quietHours: fc.Arbitrary<QuietHours> = fc
  .record({
    timezone: fc.option(zone, { nil: undefined }),
    windows: fc.array(fc.record({ days, start: time, end: time }), { maxLength: 4 }),
  })
  .filter(({ windows }) => !coversWholeWeek(windows));

/** A value now and then, and otherwise the usual one: with an obstacle in every place hardly anything would be sent. */
const seldom = <T, U>(value: fc.Arbitrary<T>, usual: U): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 1, arbitrary: value }, { weight: 5, arbitrary: fc.constant(usual) });
const aroundNow = seldom(fc.integer({ min: -DAY_MS, max: 2 * DAY_MS }), undefined);

/** Of the type's own category, of another, and of all. */
export const suppressions: fc.Arbitrary<Suppression[]> = fc.array(
  fc
    .record({
      channel: fc.constantFrom(...channelNames),
      reason: fc.constantFrom(...suppressionReasons),
      category: fc.constantFrom('contracts', 'marketing', undefined),
    })
    .map(({ category, ...one }) => (category === undefined ? one : { ...one, category })),
  { maxLength: 6 },
);

/** Any facts at all about one notification, in any week from March to November 2026. */
export const anyFacts: fc.Arbitrary<DecisionInput> = fc
  .record({
    nowMs: fc.integer({ min: from, max: to }),
    type: fc.record({
      defaultChannels: channels,
      critical: seldom(fc.constant(true), false),
      contentRequired: seldom(fc.constant(true), false),
      enabledByDefault: seldom(fc.constant(false), true),
      supportedChannels: seldom(channels, [...channelNames]),
      lockedChannels: seldom(channels, []),
    }),
    tenant: fc.record({
      timezone: zone,
      channelDefaults: switches,
      quietHours: fc.option(quietHours),
      disabledTypes: seldom<string[], string[]>(fc.constant(['approval_request']), []),
    }),
    contact: seldom(
      fc.record({
        hasInbox: fc.boolean(),
        email: fc.constantFrom(undefined, 'ann@example.com'),
        phone: fc.constantFrom(undefined, '+33612345678'),
        pushTokens: fc.constantFrom([], ['token']),
        timezone: fc.option(zone, { nil: undefined }),
      }),
      {},
    ),
    known: seldom(fc.constant(false), true),
    preferences: fc.record({
      channels: switches,
      categories: seldom(fc.record({ contracts: fc.oneof(fc.boolean(), switches) }), {}),
      types: seldom(fc.record({ approval_request: switches }), {}),
      quietHours: fc.option(quietHours),
    }),
    suppressions: seldom(suppressions, []),
    configuredChannels: seldom(channels, channelNames),
    actor: seldom(fc.constantFrom('u-7', 'u-42'), undefined),
    requestedChannels: fc.option(channels, { nil: undefined }),
    contentChannels: fc.option(channels, { nil: undefined }),
    mutedUntil: aroundNow,
    sendAt: aroundNow,
    expiresAt: fc.oneof(aroundNow, fc.integer({ min: 1, max: DAY_MS })),
    expedite: seldom(fc.constant(true), false),
    done: seldom(channels, []),
  })
  .map(({ type, tenant, contact, known, preferences, mutedUntil, sendAt, expiresAt, ...rest }) => {
    const after = (ms: number | undefined) => (ms === undefined ? undefined : rest.nowMs + ms);
    const muted = after(mutedUntil);
    return facts({
      ...rest,
      type: aType(type),
      tenant: aTenant(tenant),
      contact: known ? aContact(contact) : undefined,
      preferences: wants({
        ...preferences,
        mutedUntil: muted === undefined ? null : new Date(muted).toISOString(),
      }),
      sendAtMs: after(sendAt),
      expiresAtMs: after(expiresAt),
    });
  });
