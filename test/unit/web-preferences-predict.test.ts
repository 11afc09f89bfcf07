import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cadences, canDigest } from '../../contracts/cadences.js';
import { channelNames } from '../../contracts/channels.js';
import { preferences, type Preferences, type PreferencesPatch } from '../../contracts/preferences.js';
import { effectivePreferences } from '../../policy/effective-preferences.js';
import { applyPreferencesPatch } from '../../policy/preferences.js';
import type { PreferencesInForce, TypeChoice } from '../../web/client/shapes.js';
import { withPatch } from '../../web/elements/preferences/predict.js';
import { aTenant, aType } from './policy-facts.js';

const types = [
  aType({ name: 'mention', category: 'collaboration', defaultChannels: ['in_app', 'push'] }),
  aType({ name: 'reply', category: 'collaboration', cadence: 'daily', lockedChannels: ['email'] }),
  aType({ name: 'alert', category: 'security', critical: true }),
  aType({ name: 'invoice', category: 'billing', supportedChannels: ['in_app', 'email', 'sms'] }),
];
const choices = types as unknown as TypeChoice[];
const tenant = aTenant({ channelDefaults: { slack: true, email: false } });

/** What the API answers to somebody who said this. */
function inForce(said: Preferences): PreferencesInForce {
  const chooser = { preferences: said, tenant, contact: undefined, configured: channelNames };
  return { ...said, effective: effectivePreferences(types, chooser) };
}

const channel = fc.constantFrom(...channelNames);
const collecting = fc.constantFrom(...channelNames.filter(canDigest));
const switches = fc.dictionary(channel, fc.boolean(), { maxKeys: 3 });
const cadence = fc.constantFrom(...cadences);
const byChannel = fc.dictionary(collecting, cadence, { maxKeys: 2 });
const oneOf = (names: string[]) => fc.constantFrom(...names);
const type = fc
  .record({ switches, cadence: fc.option(fc.oneof(cadence, byChannel), { nil: undefined }) })
  .map(({ switches: own, cadence: chosen }) => ({ ...own, ...(chosen ? { cadence: chosen } : {}) }));
const rules = fc.record({
  channels: switches,
  categories: fc.dictionary(oneOf(['collaboration', 'billing']), fc.oneof(fc.boolean(), switches)),
  types: fc.dictionary(oneOf(['mention', 'reply', 'invoice']), type),
  cadences: byChannel,
});

describe('what a preference page foresees', () => {
  it('is what the server makes of the change', () => {
    fc.assert(
      fc.property(rules, rules, (before, patch) => {
        const said = preferences.parse(before);
        const change = patch as PreferencesPatch;
        const foreseen = withPatch(inForce(said), change, choices);
        expect(foreseen).toEqual(inForce(applyPreferencesPatch(said, change)));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves a rule that is taken back to the server, and does the rest', () => {
    const said = preferences.parse({
      types: { mention: { email: true } },
      mutedTopics: ['a', 'b'],
      quietHours: { windows: [{ start: '22:00', end: '07:00' }] },
    });
    const foreseen = withPatch(
      inForce(said),
      {
        types: { mention: null },
        mutedTopics: { a: false, c: true },
        quietHours: null,
        digestAt: '07:30',
        mutedUntil: '2099-01-01T00:00:00Z',
      },
      choices,
    );
    expect(foreseen).toMatchObject({
      types: {},
      mutedTopics: ['b', 'c'],
      quietHours: null,
      digestAt: '07:30',
      mutedUntil: '2099-01-01T00:00:00Z',
      effective: { digestAt: { value: '07:30', source: 'person' } },
    });
  });
});
