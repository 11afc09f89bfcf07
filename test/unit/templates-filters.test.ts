import { describe, expect, it } from 'vitest';
import { render } from '../../templates/render.js';
import { contextOf, typeNamed } from './templates-fixtures.js';

/** What a text comes to for a reader of this language, each kind of blank as one. */
async function written(text: string, data: Record<string, unknown>, locale = 'en'): Promise<string> {
  const request = {
    type: typeNamed('direct'),
    channel: 'whatsapp',
    locale,
    context: contextOf(data),
  } as const;
  return (await render({ ...request, content: { whatsapp: { text } } })).text.replace(/[\u00a0\u202f]/g, ' ');
}

describe('numbers', () => {
  it.each([
    ['{{ n | number }}', 1234567.891, 'en', '1,234,567.891'],
    ['{{ n | number }}', 1234567.891, 'fr', '1 234 567,891'],
    ['{{ n | number }}', '1234.5', 'fr-CA', '1 234,5'],
    ['{{ n | number: 2 }}', 3, 'en', '3.00'],
    ['{{ n | number: 0 }}', 3.7, 'en', '4'],
    ['{{ n | number: "x" }}', 3.75, 'en', '3.75'],
    ['{{ n | number: 99 }}', 3.75, 'en', '3.75'],
    ['{{ n | number }}', 'many', 'en', 'many'],
    ['{{ n | number }}', null, 'en', ''],
    ['{{ n | number }}', '', 'en', ''],
  ])('%s of %j for %s is %s', async (text, n, locale, shown) => {
    expect(await written(text, { n }, locale)).toBe(shown);
  });
});

describe('money', () => {
  it.each([
    ['{{ n | money: "EUR" }}', 1299.5, 'en', '€1,299.50'],
    ['{{ n | money: "EUR" }}', 1299.5, 'fr', '1 299,50 €'],
    ['{{ n | money: "usd" }}', '12', 'en', '$12.00'],
    ['{{ n | money: "JPY" }}', 1200, 'en', '¥1,200'],
    ['{{ n | money: currency }}', 5, 'en', '5.00 POINTS'],
    ['{{ n | money }}', 5, 'fr', '5,00'],
    ['{{ n | money: "EUR" }}', 'free', 'en', 'free'],
    ['{{ n | money: "EUR" }}', -3, 'en', '-€3.00'],
  ])('%s of %j for %s is %s', async (text, n, locale, shown) => {
    expect(await written(text, { n, currency: 'points' }, locale)).toBe(shown);
  });
});

describe('plurals', () => {
  const two = '{{ n | plural: "one item", "# items" }}';
  it.each([
    [two, 1, 'en', 'one item'],
    [two, 0, 'en', '0 items'],
    [two, 1500, 'en', '1,500 items'],
    ['{{ n | plural: "# élément", "# éléments" }}', 0, 'fr', '0 élément'],
    ['{{ n | plural: "# élément", "# éléments" }}', 2, 'fr', '2 éléments'],
    ['{{ n | plural: zero: "nothing", one: "one", other: "#" }}', 0, 'en', 'nothing'],
    ['{{ n | plural: one: "one", other: "# more" }}', 7, 'en', '7 more'],
    ['{{ n | plural: "#" }}', 7, 'en', '7'],
    ['{{ n | plural }}', 7, 'en', '7'],
    [two, ['a', 'b'], 'en', '2 items'],
    [two, 'some', 'en', 'some'],
    ['{{ n | plural: "one $&", "# $&" }}', 2, 'en', '2 $&'],
  ])('%s of %j for %s is %s', async (text, n, locale, shown) => {
    expect(await written(text, { n }, locale)).toBe(shown);
  });
});
