import { describe, expect, it } from 'vitest';
import { channelNames } from '../../contracts/channels.js';
import { noPreferences, preferences, preferencesPatch } from '../../contracts/preferences.js';
import { allowedByPerson, applyPreferencesPatch, type PreferenceAnswer } from '../../policy/preferences.js';
import { aTenant, aType, nights, wants } from './policy-facts.js';

const yes = (source: PreferenceAnswer['source']) => ({ allowed: true, source });
const no = (source: PreferenceAnswer['source']) => ({ allowed: false, source });
const type = aType({ name: 'mention', category: 'collaboration', defaultChannels: ['in_app', 'push'] });

describe('whether a person takes a type on a channel', () => {
  it('is what they said of the type on that channel, before all else', () => {
    const said = wants({
      types: { mention: { email: false } },
      categories: { collaboration: true },
      channels: { email: true },
    });
    expect(allowedByPerson('email', type, said, aTenant())).toEqual(no('type'));
  });

  it('is what they said of the category as a whole where they left the type open', () => {
    const said = wants({
      types: { mention: { sms: true, cadence: 'daily' } },
      categories: { collaboration: false },
      channels: { email: true },
    });
    expect(allowedByPerson('email', type, said, aTenant())).toEqual(no('category'));
  });

  it('is what they said of the category on that channel', () => {
    const said = wants({
      categories: { collaboration: { sms: true } },
      channels: { sms: false, email: false },
    });
    expect(allowedByPerson('sms', type, said, aTenant())).toEqual(yes('category'));
    expect(allowedByPerson('email', type, said, aTenant())).toEqual(no('channel'));
  });

  it('is what they said of the channel where nothing else was said', () => {
    expect(allowedByPerson('push', type, wants({ channels: { push: false } }), aTenant())).toEqual(
      no('channel'),
    );
  });

  it('is yes for the channels of the type, whatever the tenant says', () => {
    const tenant = aTenant({ channelDefaults: { push: false } });
    expect(allowedByPerson('push', type, noPreferences, tenant)).toEqual(yes('type_default'));
  });

  it('is what the tenant says for the channels that the type leaves out', () => {
    const tenant = aTenant({ channelDefaults: { sms: true, email: false } });
    expect(allowedByPerson('sms', type, noPreferences, tenant)).toEqual(yes('tenant'));
    expect(allowedByPerson('email', type, noPreferences, tenant)).toEqual(no('tenant'));
  });

  it('is yes for in-app and email and no for the rest when nobody said anything', () => {
    const bare = aType({ defaultChannels: [] });
    const on = channelNames.filter((name) => allowedByPerson(name, bare, noPreferences, aTenant()).allowed);
    expect(on).toEqual(['in_app', 'email']);
    expect(allowedByPerson('sms', bare, noPreferences, aTenant())).toEqual(no('default'));
  });

  it('is yes on a channel that the type locks, whatever anybody said', () => {
    const locked = aType({ ...type, lockedChannels: ['email'], enabledByDefault: false });
    const said = wants({ types: { mention: { email: false } }, channels: { email: false } });
    expect(allowedByPerson('email', locked, said, aTenant())).toEqual(yes('locked'));
  });

  describe('for a type that is off unless it is turned on', () => {
    const quiet = aType({ ...type, enabledByDefault: false });

    it('is no on the channels of the type, and though they, or the tenant, take the channel', () => {
      const tenant = aTenant({ channelDefaults: { sms: true } });
      expect(allowedByPerson('push', quiet, noPreferences, tenant)).toEqual(no('type_default'));
      expect(allowedByPerson('sms', quiet, noPreferences, tenant)).toEqual(no('type_default'));
      const said = wants({ channels: { push: true, email: false } });
      expect(allowedByPerson('push', quiet, said, tenant)).toEqual(no('type_default'));
      expect(allowedByPerson('email', quiet, said, tenant)).toEqual(no('channel'));
    });

    it('is yes where they turned on the type, or its category', () => {
      const said = wants({
        types: { mention: { email: true } },
        categories: { collaboration: { sms: true } },
      });
      expect(allowedByPerson('email', quiet, said, aTenant())).toEqual(yes('type'));
      expect(allowedByPerson('sms', quiet, said, aTenant())).toEqual(yes('category'));
      expect(allowedByPerson('push', quiet, said, aTenant())).toEqual(no('type_default'));
    });
  });

  it('does not take an inherited name for a rule', () => {
    const odd = aType({ name: 'constructor', category: 'constructor', defaultChannels: [] });
    expect(allowedByPerson('email', odd, noPreferences, aTenant())).toEqual(yes('default'));
  });
});

describe('a change of preferences', () => {
  const current = wants({
    channels: { email: true, sms: false },
    categories: { marketing: false, contracts: { sms: true } },
    types: { mention: { email: false, in_app: true, cadence: 'weekly' } },
    quietHours: nights,
    digestAt: '09:00',
    mutedUntil: '2026-12-01T08:00:00Z',
  });
  const change = (patch: unknown) => applyPreferencesPatch(current, preferencesPatch.parse(patch));

  it('leaves what it does not name', () => {
    expect(change({})).toEqual(current);
    expect(change({ channels: { push: true } })).toEqual({
      ...current,
      channels: { email: true, sms: false, push: true },
    });
  });

  it('removes a rule with null', () => {
    const next = change({
      channels: { sms: null },
      categories: { marketing: null },
      types: { mention: null },
    });
    expect(next.channels).toEqual({ email: true });
    expect(next.categories).toEqual({ contracts: { sms: true } });
    expect(next.types).toEqual({});
  });

  it('removes quiet hours, the time of digests and a mute with null', () => {
    expect(change({ quietHours: null, digestAt: null, mutedUntil: null })).toEqual({
      ...current,
      quietHours: null,
      digestAt: null,
      mutedUntil: null,
    });
  });

  it('does nothing by removing a rule that is not there', () => {
    expect(change({ channels: { push: null }, types: { survey: null } })).toEqual(current);
  });

  it('leaves the other switches of a type', () => {
    expect(change({ types: { mention: { email: true } } }).types).toEqual({
      mention: { email: true, in_app: true, cadence: 'weekly' },
    });
  });

  it('keeps one cadence for the channels that it does not name', () => {
    const { cadence } =
      change({ types: { mention: { cadence: { email: 'daily' } } } }).types['mention'] ?? {};
    expect(cadence).toMatchObject({ email: 'daily', push: 'weekly', sms: 'weekly' });
    expect(cadence).not.toHaveProperty('in_app');
  });

  it('leaves the other switches of a category', () => {
    expect(change({ categories: { contracts: { email: false } } }).categories['contracts']).toEqual({
      sms: true,
      email: false,
    });
  });

  it('keeps a category off on the channels that it does not turn on', () => {
    const next = change({ categories: { marketing: { email: true } } });
    const marketing = aType({ category: 'marketing' });
    expect(allowedByPerson('email', marketing, next, aTenant())).toEqual(yes('category'));
    expect(allowedByPerson('in_app', marketing, next, aTenant())).toEqual(no('category'));
  });

  it('turns a category on or off as a whole', () => {
    expect(change({ categories: { contracts: false } }).categories['contracts']).toBe(false);
  });

  it('mutes and unmutes topics one by one, or all anew', () => {
    const muted = (patch: unknown) =>
      applyPreferencesPatch(wants({ mutedTopics: ['w-1', 'w-2'] }), preferencesPatch.parse(patch))
        .mutedTopics;
    expect(muted({})).toEqual(['w-1', 'w-2']);
    expect(muted({ mutedTopics: { 'w-1': false, 'w-3': true, 'w-4': false } })).toEqual(['w-2', 'w-3']);
    expect(muted({ mutedTopics: ['w-9'] })).toEqual(['w-9']);
  });

  it('sets and removes the cadence of a channel', () => {
    const before = wants({ cadences: { email: 'daily', sms: 'hourly' } });
    const patch = preferencesPatch.parse({ cadences: { email: null, push: 'weekly' } });
    expect(applyPreferencesPatch(before, patch).cadences).toEqual({ sms: 'hourly', push: 'weekly' });
  });

  it('answers what the contract accepts, and leaves what it was given as it was', () => {
    const before = structuredClone(current);
    const next = change({
      types: { survey: { sms: true, cadence: { sms: 'hourly' } }, mention: { cadence: { sms: 'hourly' } } },
      quietHours: { windows: [] },
    });
    expect(preferences.parse(structuredClone(next))).toEqual(next);
    expect(current).toEqual(before);
  });
});
