import { describe, expect, it } from 'vitest';
import { builtInTypes, findExample } from '../../templates/built-in-types.js';
import { dataErrors, schemaErrors } from '../../templates/check-data.js';

const schema = {
  type: 'object',
  properties: {
    contract: {
      type: 'object',
      properties: { title: { type: 'string', minLength: 3 }, dueAt: { type: 'string', format: 'date' } },
      required: ['title'],
    },
    mood: { enum: ['calm', 'cross'] },
    lines: { type: 'array', items: { type: 'integer' } },
  },
  required: ['contract'],
  additionalProperties: false,
};
const told = (data: Record<string, unknown>, within?: string) =>
  dataErrors(schema, data, within).map(({ path, message }) => `${path}: ${message}`);

describe('data', () => {
  it('is right where it fits, and where the type says nothing of it', () => {
    expect(
      told({ contract: { title: 'NDA', dueAt: '2026-12-04', more: 1 }, mood: 'calm', lines: [1] }),
    ).toEqual([]);
    expect(dataErrors(null, { anything: 1 })).toEqual([]);
  });

  it('is told of with the path of each thing that does not fit', () => {
    expect(told({ contract: { title: 7, dueAt: 'soon' }, mood: 'gay', lines: [1, 'two'], extra: 1 })).toEqual(
      [
        'data.extra: is not a known field',
        'data.contract.title: must be string',
        'data.contract.dueAt: must match format "date"',
        'data.mood: must be one of the values that the type allows',
        'data.lines.1: must be integer',
      ],
    );
    expect(told({})).toEqual(['data.contract: is missing']);
    expect(told({ contract: {} }, 'audience.recipients.3.data')).toEqual([
      'audience.recipients.3.data.contract.title: is missing',
    ]);
  });

  it('is never repeated', () => {
    const secret = 'ann@example.com';
    const errors = dataErrors(schema, {
      contract: { title: { secret }, dueAt: secret },
      mood: secret,
      lines: secret,
    });
    expect(errors).toHaveLength(4);
    expect(JSON.stringify(errors)).not.toContain(secret);
  });

  it('has one mistake told where it is long, and fifty at most', () => {
    const lines = Array.from({ length: 900 }, () => 'x');
    expect(told({ contract: { title: 'NDA' }, lines })).toHaveLength(50);
    const long = { contract: { title: 'x'.repeat(5_000) }, mood: 1, lines };
    expect(told(long)).toHaveLength(1);
  });

  it('has no fields by inheritance', () => {
    const required = { type: 'object', required: ['constructor', 'toString'] };
    expect(dataErrors(required, {}).map(({ path }) => path)).toEqual(['data.constructor', 'data.toString']);
  });

  it('fits each built-in type as its example has it, and empty', () => {
    for (const { name, variables } of builtInTypes) {
      expect(dataErrors(variables, findExample(name) ?? {}), name).toEqual([]);
      expect(dataErrors(variables, {}), name).toEqual([]);
    }
  });
});

describe('a schema', () => {
  it('is told of where a keyword has no value that fits', () => {
    expect(schemaErrors(schema)).toEqual([]);
    expect(schemaErrors({ properties: { a: { minLength: 'three' } } })).toEqual([
      { path: 'properties.a.minLength', message: 'must be integer' },
    ]);
    expect(schemaErrors({ type: 'text' }).map(({ path }) => path)).toEqual(['type']);
    expect(schemaErrors({ required: 'a' }).map(({ path }) => path)).toEqual(['required']);
  });

  it.each([
    "'); globalThis.broken = true; ('",
    '${globalThis.broken = true}',
    '`+(globalThis.broken=true)+`',
    '*/ globalThis.broken = true; /*',
    'a\u2028globalThis.broken = true\u2029',
    '\\"; globalThis.broken = true; //',
    '__proto__',
  ])('does nothing but check, though it names %j', (name) => {
    const hostile = {
      title: name,
      $comment: name,
      description: name,
      properties: { [name]: { const: name, enum: [name, { [name]: name }], default: name } },
      required: [name],
      dependentRequired: { [name]: [name] },
      additionalProperties: { $ref: '#/$defs/a' },
      $defs: { a: { examples: [name], anyOf: [{ const: name }, { type: 'number' }] } },
    };
    const parsed = JSON.parse(JSON.stringify(hostile)) as Record<string, unknown>;
    const data = JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(name)}}`) as Record<string, unknown>;
    expect(dataErrors(parsed, data)).toEqual([]);
    expect(dataErrors(parsed, {})).toEqual([{ path: `data.${name}`, message: 'is missing' }]);
    expect(globalThis).not.toHaveProperty('broken');
    expect({}).not.toHaveProperty('const');
  });

  it('is compiled once, also where the type was read anew', () => {
    const timed = (rounds: number, schemaOf: () => Record<string, unknown>) => {
      const startedMs = performance.now();
      for (let round = 0; round < rounds; round += 1) dataErrors(schemaOf(), { contract: { title: 'NDA' } });
      return performance.now() - startedMs;
    };
    timed(200, () => schema);
    expect(timed(10_000, () => schema) / 10_000, 'ms a check').toBeLessThan(0.02);
    expect(timed(500, () => structuredClone(schema)) / 500, 'ms a check of what was read anew').toBeLessThan(
      0.5,
    );
  });

  it('checks the longest data against the most schemas in a moment', () => {
    const worst = {
      properties: { a: { items: { allOf: Array.from({ length: 90 }, () => ({ type: 'integer' })) } } },
    };
    const data = { a: Array.from({ length: 30_000 }, () => 1) };
    const startedMs = performance.now();
    expect(dataErrors(worst, data)).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
