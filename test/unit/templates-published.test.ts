import { describe, expect, it } from 'vitest';
import type { PublishedTemplate } from '../../contracts/templates.js';
import { formatLocale, localeChain } from '../../templates/locales.js';
import { PublishedTemplates, type WantedTemplate } from '../../templates/published-templates.js';
import { typesOf } from '../../templates/type-registry.js';

/** `id`s say what they are: `fr`, `fr for news`, `every fr`, `layout en`. */
function published(...ids: string[]): PublishedTemplates {
  return new PublishedTemplates(ids.map(one));
}

function one(id: string): PublishedTemplate {
  const [, every, layout, locale = '', topic] = /^(every )?(layout )?(\S+)(?: for (.+))?$/.exec(id) ?? [];
  return {
    id,
    version: 1,
    everyTenant: every !== undefined,
    locale,
    ...(layout
      ? { kind: 'layout', name: 'default' }
      : { kind: 'type', name: 'contract_signed', channel: 'email' }),
    ...(topic === undefined ? {} : { topic }),
  };
}

function found(ids: string[], wanted: Partial<WantedTemplate>, builtIn: string[] = []): string | undefined {
  const reader = {
    type: 'contract_signed',
    channel: 'email',
    locale: 'en',
    tenantLocale: 'en',
    ...wanted,
  } as const;
  return published(...ids).find(reader, (locale) => builtIn.includes(locale))?.id;
}

describe('the template of a type', () => {
  it.each([
    ['fr-CA', 'de', ['fr-CA', 'fr', 'de', 'en'], 'fr-CA'],
    ['fr-CA', 'de', ['fr', 'de', 'en'], 'fr'],
    ['FR-ca', 'de', ['fr-CA', 'de'], 'fr-CA'],
    ['fr-CA', 'de-AT', ['de', 'en'], 'de'],
    ['fr-CA', 'de', ['en', 'it'], 'en'],
    ['zh-Hant-TW', 'de', ['zh', 'zh-Hant', 'de'], 'zh-Hant'],
    ['fr', 'de', ['it'], 'it'],
    ['fr', 'de', [], undefined],
  ])('for a reader of %s at a tenant of %s is, of %j, %s', (locale, tenantLocale, ids, id) => {
    expect(found(ids, { locale, tenantLocale })).toBe(id);
  });

  it('is the tenant’s own before that of every tenant, and that before the built-in text', () => {
    expect(found(['every en', 'en'], {}, ['en'])).toBe('en');
    expect(found(['every en'], {}, ['en'])).toBe('every en');
    expect(found([], {}, ['en'])).toBeUndefined();
  });

  it('is in the reader’s language, whoever wrote it, before one in another', () => {
    expect(found(['en', 'every fr'], { locale: 'fr' }, ['en', 'fr'])).toBe('every fr');
    expect(found(['en'], { locale: 'fr' }, ['en', 'fr'])).toBeUndefined();
    expect(found(['fr'], { locale: 'de', tenantLocale: 'fr' }, ['en', 'fr'])).toBe('fr');
  });

  it('is the one for the topic where it goes to that, in the same language', () => {
    const ids = ['en', 'fr', 'en for news', 'every en for news'];
    expect(found(ids, { topic: 'news' })).toBe('en for news');
    expect(found(ids, { topic: 'sport' })).toBe('en');
    expect(found(ids, { topic: 'news', locale: 'fr' })).toBe('fr');
    expect(found(['every en for news', 'en'], { topic: 'news' })).toBe('every en for news');
  });

  it('is never one for a topic that it does not go to', () => {
    expect(found(['en for news'], {})).toBeUndefined();
    expect(found(['it for news'], { topic: 'sport' })).toBeUndefined();
    expect(found(['it for news'], { topic: 'news' })).toBe('it for news');
  });

  it('is none of another type or channel', () => {
    expect(found(['en'], { type: 'contract' })).toBeUndefined();
    expect(found(['en'], { channel: 'sms' })).toBeUndefined();
    expect([...published('en', 'fr').channelsOf('contract_signed')]).toEqual(['email']);
    expect([...published('layout en').channelsOf('default')]).toEqual([]);
  });
});

it('finds the layout in the reader’s language, or the nearest', () => {
  const layouts = published('every layout fr', 'layout en', 'en');
  const layoutFor = (locale: string) => layouts.defaultLayout({ locale, tenantLocale: 'en' })?.id;
  expect(['fr-CA', 'de', 'en'].map(layoutFor)).toEqual(['every layout fr', 'layout en', 'layout en']);
  expect(published('en').defaultLayout({ locale: 'en', tenantLocale: 'en' })).toBeUndefined();
});

it('stands with the types that a tenant has', () => {
  expect(typesOf(1, [], [one('en')]).templates.size).toBe(1);
  expect(typesOf(1, []).templates.size).toBe(0);
});

describe('languages', () => {
  it.each([
    ['fr-CA', 'de-AT', ['fr-ca', 'fr', 'de-at', 'de', 'en']],
    ['en', 'en-GB', ['en', 'en-gb']],
    [undefined, 'fr', ['fr', 'en']],
  ])('of a reader of %s at a tenant of %s are asked for as %j', (wanted, tenant, chain) => {
    expect(localeChain(wanted, tenant)).toEqual(chain);
  });

  it.each([
    ['fr', 'fr-CA', 'en', 'fr-CA'],
    ['de', 'fr-CA', 'de-AT', 'de-AT'],
    ['pt-BR', 'fr', 'en', 'pt-BR'],
    ['en', 'en-ab-cd-ef-gh', 'fr', 'en'],
  ])(
    'of a text in %s for a reader of %s at a tenant of %s has dates as in %s',
    (text, wanted, tenant, format) => {
      expect(formatLocale(text, wanted, tenant)).toBe(format);
    },
  );
});
