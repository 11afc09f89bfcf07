import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { e164Of } from '../../commands/phone-numbers.js';
import { CarillonError } from '../../contracts/errors.js';
import { e164Number, phoneNumber } from '../../contracts/primitives.js';

describe('a phone number', () => {
  it.each([
    ['+33612345678', null, '+33612345678'],
    ['+33 6 12 34 56 78', null, '+33612345678'],
    ['+33 (0)6.12.34.56.78', null, '+33612345678'],
    ['06 12 34 56 78', 'FR', '+33612345678'],
    ['06\u00a012\u202f34-56-78', 'FR', '+33612345678'],
    ['0033 6 12 34 56 78', 'FR', '+33612345678'],
    ['(020) 7946 0958', 'GB', '+442079460958'],
    ['011 33 6 12 34 56 78', 'US', '+33612345678'],
    ['+33612345678', 'US', '+33612345678'],
  ])('written %s in %s is %s', (text, region, number) => {
    expect(phoneNumber.parse(text)).toBe(text);
    expect(e164Of(text, region, 'phone')).toBe(number);
  });

  it.each([
    ['06 12 34 56 78', null, 'no region'],
    ['06 12 34', 'FR', 'dialled in FR'],
    ['+33612', null, '+33612345678'],
    ['+999 612 345 678', 'FR', 'not a possible'],
    ['+1 555 0100', 'US', 'not a possible'],
  ])('written %s in %s is refused at its place, and what is expected is said', (text, region, says) => {
    const read = () => e164Of(text, region, 'to.recipient.phone');
    expect(read).toThrow(CarillonError);
    expect(read).toThrow(says);
    expect(read).toThrow(/^to\.recipient\.phone: /);
  });

  it.each([
    '',
    'x',
    '12',
    '++33612345678',
    '+33 6 PARIS',
    '+33612345678\r\nX: y',
    '1'.repeat(41),
    '٠٦١٢٣٤٥٦٧٨',
  ])('is not %s', (text) => {
    expect(phoneNumber.safeParse(text).success).toBe(false);
  });

  it('is E.164 or refused, and read again stays what it is', () => {
    const typed = fc.stringMatching(/^[+(]?[\d ()./-]{3,38}$/);
    fc.assert(
      fc.property(typed, fc.constantFrom(null, 'FR', 'US', 'DE', 'JP'), (text, region) => {
        let number: string;
        try {
          number = e164Of(text, region, 'phone');
        } catch (error) {
          expect(error).toBeInstanceOf(CarillonError);
          return;
        }
        expect(e164Number.safeParse(number).success).toBe(true);
        expect(e164Of(number, region, 'phone')).toBe(number);
      }),
      { numRuns: 2000 },
    );
  });
});
