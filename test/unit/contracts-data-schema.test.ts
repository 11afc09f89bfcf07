import { describe, expect, it } from 'vitest';
import { dataSchema, MAX_SCHEMA_BYTES } from '../../contracts/data-schema.js';
import { builtInTypes } from '../../templates/built-in-types.js';

const problems = (schema: unknown) =>
  (dataSchema.safeParse(schema).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
const nested = (levels: number): object => (levels === 0 ? {} : { properties: { a: nested(levels - 1) } });
/** Each definition names the next one three times: as many schemas as 3 to the power of `links`. */
const multiplying = (links: number) => ({
  allOf: [{ $ref: '#/$defs/d0' }],
  $defs: Object.fromEntries(
    Array.from({ length: links }, (_, at) => [
      `d${at}`,
      at === links - 1
        ? { type: 'string' }
        : { allOf: Array.from({ length: 3 }, () => ({ $ref: `#/$defs/d${at + 1}` })) },
    ]),
  ),
});

describe('the schema of a type’s data', () => {
  it('is taken as the built-in types have theirs', () => {
    for (const { name, variables } of builtInTypes) {
      if (variables !== null) expect(problems(variables), name).toEqual([]);
    }
  });

  it('may have lists of objects that have lists of objects', () => {
    const object = (fields: object) => ({
      properties: {
        ...Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`p${at}`, { type: 'string' }])),
        ...fields,
      },
    });
    const line = object({ parts: { items: object({ marks: { items: object({}) } }) } });
    expect(problems({ properties: { lines: { items: line } } })).toEqual([]);
  });

  it('may use its own definitions, and any format that is checked', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { 'a/b': { $ref: '#/$defs/day' }, to: { type: 'array', items: { $ref: '#/$defs/day' } } },
      additionalProperties: false,
      $defs: { day: { type: 'string', format: 'date' } },
    };
    expect(dataSchema.parse(schema)).toEqual(schema);
  });

  it.each<[string, object, string]>([
    ['a pattern', { properties: { a: { pattern: '(a+)+$' } } }, 'properties.a.pattern: is not taken, since'],
    ['patterns of names', { patternProperties: { 'a+': {} } }, 'patternProperties: is not taken, since'],
    ['unique items', { items: { uniqueItems: true } }, 'items.uniqueItems: is not taken, since'],
    ['an ID', { $id: 'https://a.example' }, '$id: is not a keyword'],
    ['a keyword of nobody’s', { allOf: [{ instanceof: 'Date' }] }, 'allOf.0.instanceof: is not a keyword'],
    ['an unknown format', { properties: { a: { format: 'regex' } } }, 'properties.a.format: must be one of'],
    ['an inherited format', { format: 'constructor' }, 'format: must be one of'],
    ['a reference elsewhere', { $ref: 'https://a.example/s' }, '$ref: must name one of the schema’s own'],
    ['a reference to a file', { items: { $ref: 'file:///etc/passwd' } }, 'items.$ref: must name one'],
    ['a reference to itself', { $ref: '#' }, '$ref: must name one of the schema’s own $defs'],
    ['a definition that there is not', { $ref: '#/$defs/a' }, '$ref: must name one of the schema’s own'],
    ['definitions further in', { items: { $defs: {} } }, 'items.$defs: stand at the top'],
    ['too deep nesting', nested(20), 'is nested deeper than 16 schemas'],
    [
      'too many schemas for each element of a list',
      { items: { properties: Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`p${at}`, {}])) } },
      ': comes to more than 1000 schemas',
    ],
    ['too many schemas by reference', multiplying(7), ': comes to more than 1000 schemas'],
    [
      'a definition within itself',
      {
        $ref: '#/$defs/a',
        $defs: { a: { items: { $ref: '#/$defs/b' } }, b: { not: { $ref: '#/$defs/a' } } },
      },
      '$defs.b.not.$ref: leads back to itself',
    ],
    ['a definition that nothing uses', { $defs: { a: { pattern: '.' } } }, '$defs.a.pattern: is not taken'],
  ])('is refused with %s', (_what, schema, problem) => {
    expect(problems(schema).join('\n')).toContain(problem);
  });

  it('is refused when it is long, and tells of ten mistakes at the most', () => {
    expect(problems({ description: 'x'.repeat(MAX_SCHEMA_BYTES) })).toEqual([': is larger than 16 KiB']);
    const wrong = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`k${at}`, 1]));
    expect(problems(wrong)).toHaveLength(10);
  });

  it('is judged at once, however its definitions multiply', () => {
    const startedMs = performance.now();
    expect(problems(multiplying(7)).join()).toContain('comes to more than 1000 schemas');
    expect(performance.now() - startedMs).toBeLessThan(200);
  });
});
