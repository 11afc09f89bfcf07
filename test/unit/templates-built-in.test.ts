import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { channelNames } from '../../contracts/channels.js';
import { typeName } from '../../contracts/primitives.js';
import { builtInTypes, findType } from '../../templates/built-in-types.js';
import { textLocales } from '../../templates/locales.js';
import { contrast } from '../../templates/mail-look.js';
import { hasBuiltInTexts, render } from '../../templates/render.js';
import { contextOf, exampleOf, typeNamed } from './templates-fixtures.js';

const written = builtInTypes.filter((type) => !type.contentRequired);
const cases = written.flatMap((type) => textLocales.map((locale) => ({ type, locale, name: type.name })));

describe('the registry', () => {
  it('holds the built-in types by name', () => {
    expect(builtInTypes.map((type) => type.name)).toEqual([
      'approval_request',
      'contract_approved',
      'contract_rejected',
      'contract_updated',
      'contract_expiring',
      'mention',
      'report_ready',
      'report_error',
      'role_changed',
      'permission_denied',
      'comment_mention',
      'comment_reply',
      'row_assigned',
      'form_submitted',
      'workspace_invitation',
      'automation_succeeded',
      'automation_failed',
      'integration_event',
      ...['stage_update', 'document_upload', 'evaluation', 'survey', 'testimonial', 'request'].flatMap(
        (name) => [name, `${name}_approved`, `${name}_rejected`, `${name}_reminder`],
      ),
      'kpi_alert',
      'welcome',
      'interview_invite',
      'reward_issued',
      'security_alert',
      'password_reset',
      'direct',
      'digest',
      'system',
      'delivery_failing',
    ]);
    for (const type of builtInTypes) expect(findType(type.name)).toBe(type);
    expect(findType('constructor')).toBeUndefined();
  });

  it('gives every type a valid name, category and a colour that can be read on white', () => {
    for (const type of builtInTypes) {
      expect(typeName.safeParse(type.name).success).toBe(true);
      expect(typeName.safeParse(type.category).success).toBe(true);
      // It stands above the heading as text: WCAG 2.2, 1.4.3.
      expect(contrast(type.color, '#ffffff')).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('names every type so that people can tell it from the others, in each language', () => {
    for (const locale of textLocales) {
      const labels = written.map((type) => type.label[locale]);
      expect(labels.filter((label, index) => !label || labels.indexOf(label) !== index)).toEqual([]);
    }
  });

  it('escalates what is critical, by channels that people cannot turn off', () => {
    const critical = builtInTypes.filter((type) => type.critical);
    expect(critical.map((type) => type.name)).toEqual(['security_alert', 'password_reset']);
    for (const { escalation, lockedChannels } of critical) {
      expect(escalation).not.toEqual([]);
      expect(lockedChannels).toContain('email');
    }
  });

  it('asks by default for nothing but channels that the type supports', () => {
    for (const { defaultChannels, supportedChannels, escalation, lockedChannels } of builtInTypes) {
      const named = [...defaultChannels, ...lockedChannels, ...escalation.map((step) => step.channel)];
      expect(supportedChannels).toEqual(expect.arrayContaining(named));
    }
  });

  it('requires content of direct alone', () => {
    expect(builtInTypes.filter((type) => type.contentRequired).map((type) => type.name)).toEqual(['direct']);
  });

  it('knows that direct has nothing to say by itself', () => {
    expect(hasBuiltInTexts(typeNamed('direct'))).toBe(false);
    expect(hasBuiltInTexts(typeNamed('mention'))).toBe(true);
  });
});

describe.each(cases)('$name in $locale', ({ type, locale }) => {
  const complete = contextOf(exampleOf(type.name));

  it('has a mail with subject, HTML and text', async () => {
    const mail = await render({ type, channel: 'email', locale, context: complete });
    expect(mail.subject).not.toBe('');
    const $ = load(mail.html);
    expect($('html').attr('lang')).toBe(locale);
    expect($('title').text()).toBe(mail.subject);
    const link = exampleOf(type.name)['link'] ?? 'https://app.example/contracts/c-1';
    expect($('.button a').attr('href')).toBe(link);
    expect(mail.text).toContain(link);
    expect(mail.text).not.toContain('<');
  });

  it('says in the text whatever the HTML says', async () => {
    const mail = await render({ type, channel: 'email', locale, context: complete });
    const $ = load(mail.html);
    const said = [
      '.heading',
      '.pad:not(:has(li))',
      '.pad li',
      '.quote',
      '.entries td',
      '.facts td',
      '.foot a',
    ].flatMap((selector) =>
      $(selector)
        .toArray()
        .flatMap((element) => $(element).find('br').replaceWith('\n').end().text().split('\n')),
    );
    for (const sentence of said) expect(flat(mail.text)).toContain(flat(sentence));
  });

  it('loads nothing from outside', async () => {
    const { html } = await render({ type, channel: 'email', locale, context: complete });
    const $ = load(html);
    expect($('link, img, script, iframe, object').length).toBe(0);
    expect($('style').text()).not.toMatch(/@import|url\(/);
  });

  it('has a text for every other channel', async () => {
    for (const channel of channelNames) {
      const texts = await render({ type, channel, locale, context: complete });
      for (const text of Object.values(texts)) expect(text).toBeTruthy();
    }
  });

  it('says what its example holds', async () => {
    const { text } = await render({ type, channel: 'email', locale, context: complete });
    const { period: _period, more: _more, ...example } = exampleOf(type.name);
    const shown = { ...example, ...(type.name === 'kpi_alert' ? { direction: '' } : {}) };
    const written = (word: string) => word.replace('.', (4.5).toLocaleString(locale).charAt(1));
    for (const word of leaves(shown)) {
      expect(text).toContain(/^\d+\.\d+$/.test(word) ? written(word) : word);
    }
  });

  it('still reads well when every variable is missing', async () => {
    const empty = contextOf({});
    empty.actor = null;
    empty.notification.actionUrl = null;
    const mail = await render({ type, channel: 'email', locale, context: empty });
    const inApp = await render({ type, channel: 'in_app', locale, context: empty });
    const sms = await render({ type, channel: 'sms', locale, context: empty });
    for (const text of [mail.subject, mail.text, inApp.title, inApp.message, sms.text]) {
      expect(text).not.toBe('');
      expect(text).not.toMatch(/undefined|null|\[object|\{\{|NaN|Invalid/);
      expect(text, 'holes in a sentence').not.toMatch(/ {2}| \.|\(\)|“”/);
    }
    expect(load(mail.html)('.button').length).toBe(0);
  });
});

describe('the words for dates', () => {
  it('are the reader’s own, in the reader’s zone', async () => {
    const type = typeNamed('approval_request');
    const context = contextOf({ dueAt: '2026-12-04T23:30:00Z' });
    const french = await render({ type, channel: 'in_app', locale: 'fr-CA', context });
    expect(french.message).toMatch(/samedi 5 décembre 2026 à 00 h 30/);
    const british = await render({ type, channel: 'in_app', locale: 'en-GB', context });
    expect(british.message).toMatch(/Saturday,? 5 December 2026/);
  });

  it('name the day of a date without a time, whatever the zone', async () => {
    const type = typeNamed('contract_expiring');
    const context = contextOf({ expiresAt: '2026-12-31' });
    context.recipient.timezone = 'America/Los_Angeles';
    const { message } = await render({ type, channel: 'in_app', locale: 'en', context });
    expect(message).toContain('Thursday, December 31, 2026');
  });

  it.each([
    [0, 'expires today'],
    [1, 'expires tomorrow'],
    [30, 'expires in 30 days'],
  ])('count %i days left', async (daysLeft, words) => {
    const type = typeNamed('contract_expiring');
    const { message } = await render({
      type,
      channel: 'in_app',
      locale: 'en',
      context: contextOf({ daysLeft }),
    });
    expect(message).toContain(words);
  });

  it('leave alone what is no date', async () => {
    const context = contextOf({ dueAt: 'next Tuesday' });
    const { message } = await render({
      type: typeNamed('approval_request'),
      channel: 'in_app',
      locale: 'en',
      context,
    });
    expect(message).toContain('due next Tuesday');
  });
});

describe.each(textLocales)('an outage in %s', (locale) => {
  const type = typeNamed('delivery_failing');
  const told = { channel: 'sms', provider: 'twilio', since: '2026-12-04T23:30:00Z', reason: 'network_error' };
  const rendered = (data: Record<string, unknown>) => {
    const context = contextOf(data);
    return Promise.all([
      render({ type, channel: 'email', locale, context }),
      render({ type, channel: 'in_app', locale, context }),
      render({ type, channel: 'sms', locale, context }),
    ]);
  };

  it('is told with its provider, its beginning in the reader’s zone, and how many wait', async () => {
    const [mail, inApp, sms] = await rendered({ ...told, state: 'down', waiting: 12 });
    for (const text of [mail.text, `${inApp.title} ${inApp.message}`]) {
      for (const word of ['sms (via twilio)', '12', 'network_error']) expect(text).toContain(word);
      expect(text).toMatch(/December 5, 2026|5 décembre 2026/);
    }
    expect(mail.subject).toBe(inApp.title);
    expect(sms.text).toContain('network_error');
  });

  it('ends in other words, and reads well without any numbers', async () => {
    const texts = await Promise.all(
      ['failing', 'down', 'up'].map(async (state) => {
        const [mail, inApp, sms] = await rendered({ state });
        return [mail.subject, mail.text, inApp.title, inApp.message, sms.text];
      }),
    );
    expect(new Set(texts.map(([subject]) => subject)).size).toBe(3);
    for (const text of texts.flat()) {
      expect(text).not.toBe('');
      expect(text, 'holes in a sentence').not.toMatch(/ {2}| \.|\(\)/);
    }
  });
});

describe('the names of people and things', () => {
  it('may come as text or as an object, and fall back to the actor', async () => {
    const type = typeNamed('approval_request');
    const titles = [
      { requester: 'Zoë', contract: 'Lease' },
      { requester: { id: 'u-1', name: 'Zoë' }, contract: { name: 'Lease' } },
      { contract: { title: 'Lease' } },
    ].map(async (data) => render({ type, channel: 'sms', locale: 'en', context: contextOf(data) }));
    const texts = (await Promise.all(titles)).map((rendered) => rendered.text.split('. ')[0]);
    expect(texts).toEqual([
      'Northwind: Zoë asks you to approve Lease',
      'Northwind: Zoë asks you to approve Lease',
      'Northwind: Ann Marlow asks you to approve Lease',
    ]);
  });
});

describe('the button', () => {
  const type = typeNamed('system');
  const withLink = async (actionUrl: string | null, appUrl: string | null) => {
    const context = contextOf({});
    context.notification.actionUrl = actionUrl;
    context.tenant.appUrl = appUrl;
    const { html } = await render({ type, channel: 'email', locale: 'en', context });
    return load(html)('.button a').attr('href');
  };

  it('links to an absolute URL, or to a path within the tenant’s application', async () => {
    expect(await withLink('https://x.example/a?b=1&c="2"', null)).toBe('https://x.example/a?b=1&c="2"');
    expect(await withLink('/c/1?x=y#z', 'https://app.example/')).toBe('https://app.example/c/1?x=y#z');
  });

  it.each([
    ['a path, and no application is known', '/c/1', null],
    ['a script', 'javascript:alert(1)', 'https://app.example'],
    ['another host in disguise', '//evil.example/x', 'https://app.example'],
    ['within an application that is a script', '/c/1', 'javascript:alert(1)'],
    ['nothing', null, 'https://app.example'],
  ])('is left out when the link is %s', async (_what, actionUrl, appUrl) => {
    expect(await withLink(actionUrl, appUrl)).toBeUndefined();
  });
});

/** Every text and number in a value; of a date its year. */
function leaves(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)) return [value.slice(0, 4)];
  return String(value).split('\n');
}

function flat(text: string): string {
  return text
    .replace(/^[>*] /gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}
