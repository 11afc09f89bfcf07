import { describe, expect, it } from 'vitest';
import type { AudienceFilter } from '../../contracts/audience-filter.js';
import { matchesFilter, type Filterable } from '../../policy/audience-filter.js';

const ann: Filterable = {
  locale: 'fr-CA',
  timezone: 'America/Toronto',
  attributes: { plan: 'pro', seats: 3, trial: false, tags: ['legal', 'sales'], none: [] },
};

describe('a filter holds for', () => {
  it.each<[string, AudienceFilter]>([
    ['an equal text', { locale: 'fr-CA' }],
    ['an equal number', { 'attributes.seats': 3 }],
    ['an equal truth value', { 'attributes.trial': false }],
    ['an element of a list', { 'attributes.tags': 'sales' }],
    ['one of several', { timezone: { in: ['Europe/Paris', 'America/Toronto'] } }],
    ['an element that is one of several', { 'attributes.tags': { in: ['x', 'legal'] } }],
    ['what is there', { 'attributes.trial': { exists: true } }],
    ['what is not there', { 'attributes.age': { exists: false } }],
    ['a list without elements, as if it were not there', { 'attributes.none': { exists: false } }],
    ['a number between bounds', { 'attributes.seats': { gt: 2, lte: 3 } }],
    ['a text between bounds', { 'attributes.plan': { gte: 'p', lt: 'q' } }],
    ['an element between bounds', { 'attributes.tags': { gt: 'm', lt: 'z' } }],
    [
      'all of several conditions',
      { locale: 'fr-CA', 'attributes.seats': { gte: 3 }, 'attributes.plan': 'pro' },
    ],
  ])('%s', (_what, filter) => {
    expect(matchesFilter(filter, ann)).toBe(true);
  });
});

describe('a filter does not hold for', () => {
  it.each<[string, AudienceFilter]>([
    ['a longer text', { locale: 'fr' }],
    ['a text in another case', { locale: 'FR-CA' }],
    ['a number as a text', { 'attributes.seats': '3' }],
    ['none of several', { locale: { in: ['fr', 'en'] } }],
    ['what is there, to be missing', { locale: { exists: false } }],
    ['what is missing', { 'attributes.age': { exists: true } }],
    ['a name that every object has', { 'attributes.constructor': { exists: true } }],
    ['a number below', { 'attributes.seats': { gt: 3 } }],
    ['a text, by numbers', { 'attributes.plan': { gt: 0 } }],
    ['a number, by texts', { 'attributes.seats': { gte: '' } }],
    // One is after "m" and another before "k"; none is both.
    ['two elements, one for each bound', { 'attributes.tags': { gt: 'm', lt: 'k' } }],
    ['one of two conditions', { locale: 'fr-CA', 'attributes.plan': 'free' }],
  ])('%s', (_what, filter) => {
    expect(matchesFilter(filter, ann)).toBe(false);
  });

  it('somebody of whom nothing is known', () => {
    expect(matchesFilter({ locale: 'fr' }, { attributes: {} })).toBe(false);
  });
});

it('orders texts by their bytes, as the database does, not by UTF-16', () => {
  const emoji: Filterable = { attributes: { mark: '\u{1f600}' } };
  expect('\u{1f600}' > '\uffee').toBe(false);
  expect(matchesFilter({ 'attributes.mark': { gt: '\uffee' } }, emoji)).toBe(true);
});
