import { describe, expect, it } from 'vitest';
import { parsePart } from '../../contracts/parse.js';
import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import { audienceFilter } from '../../contracts/audience-filter.js';
import { topicChange } from '../../contracts/topics.js';
import { z } from 'zod';

const body = z.strictObject({ filter: audienceFilter });

function errorsOf(schema: z.ZodType, value: unknown): readonly ErrorItem[] {
  try {
    parsePart(schema, value);
  } catch (error) {
    if (error instanceof CarillonError && error.errors) return error.errors;
    throw error;
  }
  return [];
}

describe('an audience filter', () => {
  it.each<[string, object]>([
    ['a value', { locale: 'fr', 'attributes.seats': 3, 'attributes.trial': false }],
    [
      'a list',
      { timezone: { in: ['Europe/Paris', 'Europe/Rome'] }, 'attributes.a_1': { in: [1, 'x', true] } },
    ],
    ['existence', { 'attributes.plan': { exists: true }, locale: { exists: false } }],
    ['a range', { 'attributes.seats': { gte: 3, lt: 10 }, locale: { gt: 'a' } }],
    ['an attribute named like a method', { 'attributes.constructor': 1 }],
  ])('may be by %s', (_what, filter) => {
    expect(audienceFilter.parse(filter)).toEqual(filter);
  });

  it.each<[string, unknown, ErrorItem]>([
    [
      'a field that is sealed',
      { email: 'ann@example.com' },
      {
        path: 'filter.email',
        message:
          'its name must be locale, timezone or attributes.<name>: people can be filtered by these only',
      },
    ],
    [
      'an attribute within another',
      { 'attributes.a.b': 1 },
      { path: 'filter.attributes.a.b', message: expect.stringContaining('attributes.<name>') as string },
    ],
    [
      'an operator of the database',
      { $where: 'true' },
      { path: 'filter.$where', message: expect.stringContaining('locale') as string },
    ],
    [
      'an operator that there is none of',
      { locale: { in: ['fr'], $ne: 'en' } },
      { path: 'filter.locale.$ne', message: 'is not a known field' },
    ],
    [
      'null',
      { locale: null },
      {
        path: 'filter.locale',
        message:
          'must be a text, a number, true or false, or one of { in }, { exists } or a range of { gt, gte, lt, lte }',
      },
    ],
    [
      'nothing',
      { locale: {} },
      {
        path: 'filter.locale',
        message: 'must be one of { in }, { exists } or a range of { gt, gte, lt, lte }',
      },
    ],
    [
      'two kinds at once',
      { locale: { in: ['fr'], exists: true } },
      {
        path: 'filter.locale',
        message: 'must be one of { in }, { exists } or a range of { gt, gte, lt, lte }',
      },
    ],
    [
      'bounds of two types',
      { 'attributes.seats': { gt: 1, lt: 'x' } },
      { path: 'filter.attributes.seats', message: 'must not mix texts and numbers' },
    ],
    [
      'a bound that has no order',
      { 'attributes.seats': { gt: true } },
      { path: 'filter.attributes.seats.gt', message: 'must be a text or a number' },
    ],
    ['an empty list', { locale: { in: [] } }, { path: 'filter.locale.in', message: 'must not be empty' }],
    [
      'a list of too many',
      { locale: { in: Array.from({ length: 101 }, String) } },
      { path: 'filter.locale.in', message: 'must be at most 100 items' },
    ],
    [
      'a list of anything else',
      { locale: { in: ['fr', null] } },
      { path: 'filter.locale.in.1', message: 'must be a text, a number, true or false' },
    ],
    [
      'half a character',
      { locale: '\ud800' },
      { path: 'filter.locale', message: 'must be well-formed Unicode' },
    ],
    ['no condition', {}, { path: 'filter', message: 'must hold at least one condition' }],
    [
      'eleven conditions',
      Object.fromEntries(Array.from({ length: 11 }, (_each, at) => [`attributes.a${at}`, 1])),
      { path: 'filter', message: 'must hold at most 10 conditions' },
    ],
  ])('must not be by %s', (_what, filter, error) => {
    expect(errorsOf(body, { filter })).toEqual([error]);
  });
});

describe('a change of a topic', () => {
  it('names people to add or to remove', () => {
    expect(topicChange.parse({ add: ['u-1'] })).toEqual({ add: ['u-1'], remove: [] });
  });

  it('must not name anybody for both', () => {
    expect(errorsOf(topicChange, { add: ['u-1', 'u-2'], remove: ['u-3', 'u-2'] })).toEqual([
      { path: 'remove.1', message: 'is to be added too' },
    ]);
  });

  it('names at most a thousand of each', () => {
    const many = Array.from({ length: 1001 }, (_each, at) => `u-${at}`);
    expect(errorsOf(topicChange, { add: many })).toEqual([
      { path: 'add', message: 'must be at most 1000 items' },
    ]);
  });
});
