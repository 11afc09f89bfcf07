import { describe, expect, it } from 'vitest';
import { retrySettings, retrySettingsPatch, saidOf } from '../../contracts/retries.js';

describe('a tenant’s retry rules', () => {
  it.each([
    ['nothing', {}],
    ['a part of one channel’s rule', { sms: { retries: 5 } }],
    ['an empty rule', { sms: {} }],
    ['the least there is', { email: { retries: 0, initial: 'PT1S', backoff: 1 } }],
    ['the most there is', { email: { retries: 10, initial: 'PT1H', backoff: 4 } }],
    ['a backoff that is no whole number', { push: { backoff: 1.5 } }],
  ])('may say %s', (_what, settings) => {
    expect(retrySettings.parse(settings)).toEqual(settings);
  });

  it.each([
    ['fewer retries than none', { sms: { retries: -1 } }, 'sms.retries'],
    ['more than ten', { sms: { retries: 11 } }, 'sms.retries'],
    ['half a retry', { sms: { retries: 0.5 } }, 'sms.retries'],
    ['a first wait of less than a second', { sms: { initial: 'PT0S' } }, 'sms.initial'],
    ['one of more than an hour', { sms: { initial: 'PT3601S' } }, 'sms.initial'],
    ['one that is no duration', { sms: { initial: 'soon' } }, 'sms.initial'],
    ['one in milliseconds', { sms: { initial: 30_000 } }, 'sms.initial'],
    ['waits that get shorter', { sms: { backoff: 0.5 } }, 'sms.backoff'],
    ['waits that grow faster than by four', { sms: { backoff: 4.1 } }, 'sms.backoff'],
    ['waits without an end', { sms: { backoff: Infinity } }, 'sms.backoff'],
    ['what there is no such field for', { sms: { attempts: 3 } }, 'sms'],
    ['anything of the inbox, which nothing fails to reach', { in_app: { retries: 1 } }, 'in_app'],
    ['anything of a channel that there is not', { pigeon: { retries: 1 } }, 'pigeon'],
  ])('may not say %s', (_what, settings, path) => {
    const places = [retrySettings, retrySettingsPatch].map((schema) =>
      schema.safeParse(settings).error?.issues.map((issue) => issue.path.join('.')),
    );
    expect(places).toEqual([[path], [path]]);
  });

  it('are taken away by null, one field or a whole channel', () => {
    const change = { sms: null, email: { retries: null } };
    expect(retrySettingsPatch.parse(change)).toEqual(change);
    expect(retrySettings.safeParse(change).success).toBe(false);
  });

  it('say nothing of channels that they do not name, nor of the inbox', () => {
    const settings = { sms: { initial: 'PT30S', retries: 5 } };
    expect([saidOf(settings, 'sms'), saidOf(settings, 'email'), saidOf(settings, 'in_app')]).toEqual([
      { initialMs: 30_000, retries: 5 },
      {},
      {},
    ]);
  });
});
