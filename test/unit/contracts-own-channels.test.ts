import { describe, expect, it } from 'vitest';
import { channelName, sentChannelName, withBuiltIn, withOwnChannels } from '../../contracts/channels.js';
import { supports } from '../../contracts/notification-types.js';
import { noPreferences, preferences, typePreference } from '../../contracts/preferences.js';
import { content } from '../../contracts/trigger.js';
import { openApiDocument } from '../../api/openapi.js';
import { routes } from '../../api/routes/routes.js';
import { decide } from '../../policy/decide.js';
import { allowedByPerson, applyPreferencesPatch } from '../../policy/preferences.js';
import { checkContent } from '../../templates/check-content.js';
import { aTenant, aType, facts } from './policy-facts.js';

/* Channels that modules of a deployment's own bring, wherever channels have names. */

describe('the name of an own channel', () => {
  it.each(['x_pager', 'x_2', 'x__', `x_${'a'.repeat(30)}`])('may be %s', (name) => {
    expect(channelName.parse(name)).toBe(name);
    expect(sentChannelName.parse(name)).toBe(name);
  });

  it.each(['x_', 'pager', 'X_pager', 'x_Pager', 'x-pager', 'x_pa.ger', `x_${'a'.repeat(31)}`, 'x_pager\n'])(
    'may not be %j',
    (name) => {
      expect(channelName.safeParse(name).success).toBe(false);
    },
  );

  it('is taken from outside only where the deployment has the channel, and what is stored stays readable', () => {
    const stored = { channels: { x_pager: true, email: false } };
    expect(withOwnChannels(['x_pager'], () => preferences.safeParse(stored)).success).toBe(true);
    expect(withOwnChannels([], () => preferences.safeParse(stored)).success).toBe(false);
    expect(preferences.parse(stored).channels).toEqual(stored.channels);
  });

  it('is listed among those that there are when a name is none', () => {
    const said = withOwnChannels(['x_pager'], () => channelName.safeParse('pager').error?.issues[0]?.message);
    expect(said).toMatch(/^must be one of in_app, .+, whatsapp, x_pager$/);
  });

  it('is of no channel after a parse that failed in mid-air', () => {
    const fail = () => withOwnChannels([], () => channelName.parse(null));
    expect(fail).toThrow();
    expect(channelName.safeParse('x_pager').success).toBe(true);
  });
});

describe('what is said by channel', () => {
  it('stands beside the other fields, and what is neither is refused', () => {
    const wish = { x_pager: true, sms: false, cadence: { x_pager: 'daily' } };
    expect(typePreference.parse(wish)).toEqual(wish);
    for (const wrong of [{ pager: true }, { x_Pager: true }, { x_pager: 'daily' }, { cadence: true }])
      expect(typePreference.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  });

  it.each([
    [{ x_pager: { text: 'a' } }, true],
    [{ x_pager: { title: 'a', text: 'b' }, sms: { text: 'c' } }, true],
    [{ x_pager: { title: 'a' } }, false],
    [{ x_pager: { text: '' } }, false],
    [{ x_pager: { text: 'a', body: 'b' } }, false],
    [{ pager: { text: 'a' } }, false],
    [{}, false],
  ])('in a content is %j: %s', (said, fits) => {
    expect(content.safeParse(said).success).toBe(fits);
  });

  it('has its templates checked', () => {
    expect(() => checkContent({ x_pager: { text: '{{ oops' } })).toThrow(/^content\.x_pager\.text: /);
  });

  it('is described to callers as one object', () => {
    const { paths } = openApiDocument(routes, '0') as { paths: Record<string, Record<string, object>> };
    const put = JSON.stringify(paths['/v1/me/preferences']?.put);
    expect(put).toContain('"patternProperties":{"^x_[a-z0-9_]{1,30}$":{"type":"boolean"}}');
    expect(JSON.stringify(paths)).not.toContain('"allOf"');
  });
});

describe('a type', () => {
  it.each<[string, Parameters<typeof aType>[0], boolean]>([
    ['is kept from no channel that Carillon brings', {}, true],
    ['names it', { supportedChannels: ['email', 'x_pager'] }, true],
    ['is kept from others and does not name it', { supportedChannels: ['in_app', 'email'] }, false],
    ['is the digest’s', { name: 'digest', supportedChannels: ['email'] }, true],
  ])('that %s: may it go out on an own channel?', (_what, type, may) => {
    expect(supports(aType(type), 'x_pager')).toBe(may);
  });

  it('that does not name a channel of Carillon’s does not go out on it', () => {
    expect(supports(aType({ supportedChannels: ['email', 'x_pager'] }), 'sms')).toBe(false);
  });
});

describe('a decision', () => {
  const wanted = { tenant: aTenant({ channelDefaults: { x_pager: true } }) };

  it('is made for every own channel that is set up or asked for', () => {
    const { channels } = decide(
      facts({
        ...wanted,
        configuredChannels: ['in_app', 'x_pager', 'x_board'],
        requestedChannels: ['x_pager', 'x_gone'],
      }),
    );
    expect(channels).toMatchObject({
      email: { reason: 'not_requested' },
      x_pager: { action: 'send' },
      x_board: { action: 'skip', reason: 'not_requested' },
      x_gone: { action: 'skip', reason: 'channel_not_configured' },
    });
  });

  it('keeps an own channel that had ended, though the deployment has it no more', () => {
    const { channels } = decide(
      facts({ done: ['x_gone'], previous: { x_gone: { action: 'send' } }, configuredChannels: ['in_app'] }),
    );
    expect(channels.x_gone).toEqual({ action: 'send' });
  });

  it('leaves an own channel out unless somebody turned it on', () => {
    const answer = (tenant = aTenant()) => allowedByPerson('x_pager', aType(), noPreferences, tenant);
    expect(answer()).toEqual({ allowed: false, source: 'default' });
    expect(answer(wanted.tenant)).toEqual({ allowed: true, source: 'tenant' });
  });
});

it('keeps a category off on own channels, too, when it is turned on for another', () => {
  const current = { ...noPreferences, categories: { marketing: false } };
  const channels = withBuiltIn(['x_pager']);
  const next = applyPreferencesPatch(current, { categories: { marketing: { email: true } } }, channels);
  expect(next.categories.marketing).toMatchObject({ email: true, x_pager: false, sms: false });
});
