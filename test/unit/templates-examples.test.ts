import { describe, expect, it } from 'vitest';
import { builtInTypes } from '../../templates/built-in-types.js';
import { exampleData } from '../../templates/example-data.js';
import { unknownVariables } from '../../templates/unknown-variables.js';
import { exampleOf } from './templates-fixtures.js';

const variables = {
  type: 'object',
  properties: {
    contractTitle: { type: 'string' },
    dueAt: { type: 'string', format: 'date-time' },
    count: { type: 'integer', minimum: 10 },
    who: { type: ['object', 'null'], properties: { name: { type: 'string', examples: ['Ann'] } } },
    lines: { type: 'array', items: { type: 'object', properties: { what: { enum: ['a', 'b'] } } } },
    urgent: { type: 'boolean', default: false },
    place: { anyOf: [{ type: 'string' }, { type: 'object' }] },
    free: { type: 'object' },
    map: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

describe('example data', () => {
  it('is made of what the schema of a type allows', () => {
    expect(exampleData({ name: 'own', variables })).toEqual({
      contractTitle: 'Contract title',
      dueAt: '2027-01-15T14:30:00Z',
      count: 10,
      who: { name: 'Ann' },
      lines: [{ what: 'a' }],
      urgent: false,
      place: 'Place',
      free: {},
      map: {},
    });
  });

  it('is the built-in type’s own', () => {
    for (const type of builtInTypes) expect(exampleData(type)).toMatchObject(exampleOf(type.name));
  });

  it('ends where a schema does not', () => {
    let deep: Record<string, unknown> = { type: 'string' };
    for (let depth = 0; depth < 100; depth += 1) deep = { type: 'object', properties: { a: deep } };
    expect(JSON.stringify(exampleData({ name: 'own', variables: deep })).length).toBeLessThan(100);
    expect(exampleData({ name: 'own', variables: null })).toEqual({});
    expect(exampleData({ name: 'own', variables: { type: 7, items: 'x' } })).toEqual({});
  });
});

describe('variables that nobody declared', () => {
  const told = (text: string, schema: Record<string, unknown> | null = variables, data = {}) =>
    unknownVariables({ text, body: { deep: [text] } }, schema, data);

  it.each([
    ['{{ contractTitel }}', ['contractTitel']],
    ['{{ who.nmae }} {{ who.name }}', ['who.nmae']],
    ['{% if overdue %}{{ count | plus: more }}{% endif %}', ['overdue', 'more']],
    ['{% for line in lines %}{{ line.what }}{{ line.whatever }}{{ forloop.index }}{% endfor %}', []],
    ['{{ lines[0].x }}{{ lines.first.what }}{{ lines.size }}', []],
    ['{{ recipient.id }}{{ tenant.name }}{{ mail.subject }}{{ unsubscribeUrl }}{{ locale }}', []],
    ['{% assign own = count %}{{ own }}{% capture x %}{% endcapture %}{{ x }}', []],
    ['{{ free.any }}{{ map.any }}{{ place.any }}', []],
    ['{% if %}', []],
  ])('in %s are %j', (text, names) => {
    expect(told(text)).toEqual(names);
  });

  it('are, where a type has no schema, those that the data lacks', () => {
    expect(told('{{ a.b }}{{ a.c }}{{ d }}{{ list.x }}', null, { a: { b: 1 }, list: [] })).toEqual([
      'a.c',
      'd',
    ]);
  });
});
