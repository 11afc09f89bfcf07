import { describe, expect, it } from 'vitest';
import { differences } from '../../web/console/pages/audit/differences.js';
import { fieldsOf, linesNamed, sourceFrom } from '../../web/console/pages/templates/source-fields.js';
import { variablesIn } from '../../web/console/pages/templates/variable-schema.js';

describe('what an entry of the audit trail changed', () => {
  it('is told field by field, however deep', () => {
    const before = { name: 'a', branding: { color: 'red', logo: null }, roles: ['x'] };
    const after = { name: 'a', branding: { color: 'blue', logo: null }, roles: ['x', 'y'], zone: 'UTC' };
    expect(differences(before, after)).toEqual([
      { path: 'branding.color', before: 'red', after: 'blue' },
      { path: 'roles', before: ['x'], after: ['x', 'y'] },
      { path: 'zone', before: undefined, after: 'UTC' },
    ]);
  });

  it.each([
    { what: 'something made', before: null, after: { a: 1 }, paths: ['a'] },
    { what: 'something removed', before: { a: 1, b: 2 }, after: null, paths: ['a', 'b'] },
    { what: 'a plain value', before: 1, after: 2, paths: [''] },
    { what: 'lists', before: ['a'], after: ['b'], paths: [''] },
    { what: 'nothing', before: null, after: null, paths: [] },
    { what: 'the same', before: { a: [1] }, after: { a: [1] }, paths: [] },
  ])('is $paths of $what', ({ before, after, paths }) => {
    expect(differences(before, after).map(({ path }) => path)).toEqual(paths);
  });
});

describe('a source in the editor', () => {
  it('is put together of what stands in its fields, without what is optional and empty', () => {
    const fields = fieldsOf('templates', 'email', 'mjml');
    expect(sourceFrom(fields, { subject: 'A', mjml: '<mj-text/>', layout: ' ', text: '' })).toEqual({
      subject: 'A',
      mjml: '<mj-text/>',
    });
    expect(sourceFrom(fieldsOf('templates', 'webhook', 'mjml'), { body: '{"a":1}' })).toEqual({
      body: { a: 1 },
    });
    expect(() => sourceFrom(fieldsOf('templates', 'webhook', 'mjml'), { body: '{' })).toThrow(SyntaxError);
  });

  it('has marks at the lines of its own errors, not of those of a partial', () => {
    const errors = [
      { path: 'source.mjml', message: 'line 3: mj-txt: …' },
      { path: 'source.mjml', message: 'line 9 of partial footer: …' },
      { path: 'source.subject', message: 'line 1: …' },
    ];
    expect(linesNamed(errors, 'mjml')).toEqual([3]);
  });

  it('knows the variables of a type as templates write them', () => {
    const schema = {
      required: ['requester'],
      properties: {
        contract: { type: 'object', properties: { title: { type: 'string' } } },
        requester: { type: 'string' },
      },
    };
    expect(variablesIn(schema)).toEqual([
      { path: 'contract.title', type: 'string', isRequired: false },
      { path: 'requester', type: 'string', isRequired: true },
    ]);
  });
});
