import { describe, expect, it } from 'vitest';
import { chooseLocale } from '../../templates/locales.js';

describe('the language of a text', () => {
  it.each([
    ['fr', 'en', 'fr', 'fr'],
    ['fr-CA', 'en', 'fr', 'fr-CA'],
    ['FR-ca', 'en', 'fr', 'FR-ca'],
    ['de', 'fr-BE', 'fr', 'fr-BE'],
    ['de-AT', 'de', 'en', 'en'],
    ['', 'fr', 'fr', 'fr'],
    [undefined, 'fr', 'fr', 'fr'],
    ['fra', 'en', 'en', 'en'],
  ])('for %s at a tenant of %s is %s, dates as in %s', (wanted, tenant, text, format) => {
    expect(chooseLocale(wanted, tenant)).toEqual({ text, format });
  });

  it('survives a tag that only looks like one', () => {
    expect(chooseLocale('en-ab-cd-ef-gh', 'fr')).toEqual({ text: 'en', format: 'en' });
    expect(chooseLocale('fr-zz1', 'en').text).toBe('fr');
  });
});
