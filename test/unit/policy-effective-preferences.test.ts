import { describe, expect, it } from 'vitest';
import { channelNames } from '../../contracts/channels.js';
import { preferences, preferencesPatch } from '../../contracts/preferences.js';
import { cadenceRule } from '../../policy/digest.js';
import { effectivePreferences } from '../../policy/effective-preferences.js';
import { aContact, aTenant, aType, nights, wants } from './policy-facts.js';

const mention = aType({ name: 'mention', category: 'collaboration', defaultChannels: ['in_app', 'push'] });
const nobody = {
  preferences: wants({}),
  tenant: aTenant(),
  contact: aContact({ timezone: undefined }),
  configured: channelNames,
};

describe('effective preferences', () => {
  it('tell for every type and channel what the rules come to, and which rule', () => {
    const said = wants({
      types: { mention: { email: false, cadence: { push: 'daily' } } },
      channels: { sms: true },
      cadences: { sms: 'weekly' },
    });
    const tenant = aTenant({ channelDefaults: { slack: true } });
    const { types } = effectivePreferences([mention, aType()], { ...nobody, preferences: said, tenant });
    expect(Object.keys(types)).toEqual(['mention', 'approval_request']);
    const usual = { cadence: 'immediate', cadenceSource: 'type_default', locked: false };
    expect(types.mention).toEqual({
      in_app: { enabled: true, source: 'type_default', locked: false },
      email: { enabled: false, source: 'type', ...usual },
      sms: { enabled: true, source: 'channel', locked: false, cadence: 'weekly', cadenceSource: 'channel' },
      push: { enabled: true, source: 'type_default', locked: false, cadence: 'daily', cadenceSource: 'type' },
      slack: { enabled: true, source: 'tenant', ...usual },
      teams: { enabled: false, source: 'default', ...usual },
      webhook: { enabled: false, source: 'default', locked: false },
      whatsapp: { enabled: false, source: 'default', ...usual },
    });
  });

  it('have channels that nobody can turn off as locked and on', () => {
    const said = wants({ channels: { email: false, in_app: false }, cadences: { email: 'daily' } });
    const of = (values: Parameters<typeof aType>[0]) =>
      effectivePreferences([aType({ supportedChannels: ['in_app', 'email'], ...values })], {
        ...nobody,
        preferences: said,
      }).types.approval_request;
    expect(of({ lockedChannels: ['email'] })).toEqual({
      in_app: { enabled: false, source: 'channel', locked: false },
      email: { enabled: true, source: 'locked', locked: true, cadence: 'daily', cadenceSource: 'channel' },
    });
    expect(of({ critical: true })).toEqual({
      in_app: { enabled: true, source: 'locked', locked: true },
      email: { enabled: true, source: 'locked', locked: true, cadence: 'immediate', cadenceSource: 'locked' },
    });
  });

  it('leave out types that are turned off, digests, and channels that a type does not go out on', () => {
    const offered = effectivePreferences(
      [mention, aType({ name: 'digest' }), aType({ name: 'sms_only', supportedChannels: ['sms'] })],
      { ...nobody, tenant: aTenant({ disabledTypes: ['mention'] }) },
    );
    expect(Object.keys(offered.types)).toEqual(['sms_only']);
    expect(Object.keys(offered.types.sms_only ?? {})).toEqual(['sms']);
  });

  it('tell of every channel what holds where nothing more is said, whether it is set up and whether it collects', () => {
    const { channels } = effectivePreferences([], {
      ...nobody,
      preferences: wants({ channels: { sms: true, email: false } }),
      tenant: aTenant({ channelDefaults: { slack: true, email: true } }),
      configured: ['in_app', 'email', 'slack'],
    });
    const off = { enabled: false, source: 'default', configured: false };
    expect(channels).toEqual({
      in_app: { enabled: true, source: 'default', configured: true, collects: false },
      email: { enabled: false, source: 'channel', configured: true, collects: true },
      sms: { enabled: true, source: 'channel', configured: false, collects: true },
      push: { ...off, collects: true },
      slack: { enabled: true, source: 'tenant', configured: true, collects: true },
      teams: { ...off, collects: true },
      webhook: { ...off, collects: false },
      whatsapp: { ...off, collects: true },
    });
  });

  it('tell whose quiet hours, zone and digest times are in force', () => {
    const times = (values: Partial<typeof nobody>) => {
      const {
        types: _types,
        channels: _channels,
        ...rest
      } = effectivePreferences([], { ...nobody, ...values });
      return rest;
    };
    const digests = {
      digestAt: { value: '09:00', source: 'default' },
      digestOn: { value: 'mon', source: 'default' },
    };
    expect(times({})).toEqual({
      quietHours: { value: null, source: 'default' },
      timezone: { value: 'UTC', source: 'tenant' },
      ...digests,
    });
    const tenant = aTenant({ quietHours: nights, timezone: 'Asia/Kolkata' });
    expect(times({ tenant })).toEqual({
      quietHours: { value: nights, source: 'tenant' },
      timezone: { value: 'Asia/Kolkata', source: 'tenant' },
      ...digests,
    });
    const own = wants({ quietHours: { windows: [] }, digestAt: '07:30', digestOn: 'fri' });
    expect(times({ tenant, preferences: own, contact: aContact() })).toEqual({
      quietHours: { value: { windows: [] }, source: 'person' },
      timezone: { value: 'Europe/Paris', source: 'person' },
      digestAt: { value: '07:30', source: 'person' },
      digestOn: { value: 'fri', source: 'person' },
    });
  });
});

describe('how often a person gets a type on a channel', () => {
  const type = aType({ name: 'mention', cadence: 'weekly' });

  it('is by the most specific rule: type and channel, type, channel, and the type’s default', () => {
    const all = {
      types: { mention: { cadence: { email: 'hourly' } } },
      cadences: { email: 'daily', sms: 'daily' },
    };
    expect(cadenceRule('email', type, wants(all as never))).toEqual({ cadence: 'hourly', source: 'type' });
    expect(cadenceRule('sms', type, wants(all as never))).toEqual({ cadence: 'daily', source: 'channel' });
    expect(cadenceRule('push', type, wants(all as never))).toEqual({
      cadence: 'weekly',
      source: 'type_default',
    });
    const whole = wants({ types: { mention: { cadence: 'immediate' } }, cadences: { email: 'daily' } });
    expect(cadenceRule('email', type, whole)).toEqual({ cadence: 'immediate', source: 'type' });
  });
});

describe('a cadence for a channel on which nothing is collected', () => {
  const pathsOf = (schema: typeof preferences | typeof preferencesPatch, value: unknown) =>
    schema.safeParse(value).error?.issues.map(({ path }) => path.join('.'));

  it('is refused, whatever it stands in', () => {
    for (const schema of [preferences, preferencesPatch]) {
      expect(pathsOf(schema, { cadences: { in_app: 'daily' } })).toEqual(['cadences.in_app']);
      expect(pathsOf(schema, { cadences: { webhook: 'hourly' } })).toEqual(['cadences.webhook']);
      expect(pathsOf(schema, { types: { mention: { cadence: { in_app: 'daily' } } } })).toEqual([
        'types.mention.cadence.in_app',
      ]);
      expect(pathsOf(schema, { cadences: { in_app: 'immediate', email: 'daily' } })).toBeUndefined();
    }
  });
});
