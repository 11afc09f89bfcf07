import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contrast, mailLook, textOn } from '../../templates/mail-look.js';

const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

it('measures contrast as WCAG defines it', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(contrast('#777777', '#777777')).toBe(1);
});

it('writes on any colour in one that can be read, in a light mail and in a dark one', () => {
  fc.assert(
    fc.property(color, (primary) => {
      const { button, buttonText, darkButton, darkButtonText } = mailLook('#2563eb', primary);
      expect(contrast(buttonText, button)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(darkButtonText, darkButton)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(darkButton, '#1f2329')).toBeGreaterThanOrEqual(3);
    }),
  );
});

it('writes black on yellow and white on navy', () => {
  expect(textOn('#ffd400')).toBe('#000000');
  expect(textOn('#001f5b')).toBe('#ffffff');
});

it('leaves the type’s colour on the line where the tenant has none', () => {
  expect(mailLook('#2563eb', undefined)).toMatchObject({ line: '#2563eb', button: '#1b2028' });
});
