import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../channels/sms/segments.js';

const basic = fc.constantFrom(...'@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#%&\'()*+,-./0129:;<=>?¡AZÄÖÑÜ§¿azäöñüà');
const extension = fc.constantFrom(...'^{}\\[~]|€\f');
const foreign = fc.constantFrom('ж', '你', 'ê', '“', '…', '😀', '👍🏽', '`');
const text = (character: fc.Arbitrary<string>) =>
  fc.array(character, { maxLength: 700, size: 'max' }).map((characters) => characters.join(''));
const gsm = text(fc.oneof({ weight: 5, arbitrary: basic }, extension));
const any = text(fc.oneof({ weight: 20, arbitrary: basic }, extension, foreign));

describe('the segments of an SMS', () => {
  it.each([
    ['', 'GSM-7', 0, 1],
    ['a'.repeat(160), 'GSM-7', 160, 1],
    ['a'.repeat(161), 'GSM-7', 161, 2],
    ['a'.repeat(306), 'GSM-7', 306, 2],
    ['a'.repeat(307), 'GSM-7', 307, 3],
    ['a'.repeat(158) + '€', 'GSM-7', 160, 1],
    ['a'.repeat(159) + '€', 'GSM-7', 161, 2],
    // The escape and its code stay together, so one place is left empty.
    ['a'.repeat(152) + '€' + 'a'.repeat(151), 'GSM-7', 305, 2],
    ['a'.repeat(152) + '€' + 'a'.repeat(152), 'GSM-7', 306, 3],
    ['ê' + 'a'.repeat(69), 'UCS-2', 70, 1],
    ['ê' + 'a'.repeat(70), 'UCS-2', 71, 2],
    ['ê' + 'a'.repeat(133), 'UCS-2', 134, 2],
    ['ê' + 'a'.repeat(134), 'UCS-2', 135, 3],
    ['😀'.repeat(35), 'UCS-2', 70, 1],
    // A surrogate pair is not torn: 33 to a segment of 67.
    ['😀'.repeat(66), 'UCS-2', 132, 2],
    ['😀'.repeat(67), 'UCS-2', 134, 3],
  ])('%#: are counted with their encoding', (given, encoding, length, count) => {
    expect(segmentsOf(given)).toEqual({ encoding, length, count });
  });

  it('are of GSM-7 exactly where every character is in its alphabet', () => {
    fc.assert(
      fc.property(gsm, (given) => {
        expect(segmentsOf(given).encoding).toBe('GSM-7');
      }),
    );
    fc.assert(
      fc.property(gsm, foreign, gsm, (before, one, after) => {
        expect(segmentsOf(before + one + after).encoding).toBe('UCS-2');
      }),
    );
  });

  it('hold everything, and no more of them than tearing nothing can cost', () => {
    fc.assert(
      fc.property(any, (given) => {
        const { encoding, length, count } = segmentsOf(given);
        const [alone, together] = encoding === 'GSM-7' ? [160, 153] : [70, 67];
        expect(count === 1).toBe(length <= alone);
        if (count === 1) return;
        expect(count * together).toBeGreaterThanOrEqual(length);
        // Each but the last is full, but for one place.
        expect((count - 1) * (together - 1)).toBeLessThan(length);
      }),
    );
  });

  it('never become fewer by saying more', () => {
    fc.assert(
      fc.property(any, any, (one, other) => {
        expect(segmentsOf(one + other).count).toBeGreaterThanOrEqual(segmentsOf(one).count);
      }),
    );
  });
});
