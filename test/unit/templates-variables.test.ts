import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { builtInTypes } from '../../templates/built-in-types.js';
import { exampleOf, typeNamed } from './templates-fixtures.js';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const types = builtInTypes.filter((type) => !type.contentRequired);
const schemas = new Map(types.map((type) => [type.name, ajv.compile(type.variables ?? {})]));

/** Where `data` does not fit the type's schema. */
function misfits(type: string, data: unknown): string[] {
  const fits = schemas.get(type);
  if (!fits) throw new Error(`no schema of ${type}`);
  fits(data);
  return (fits.errors ?? []).map((error) => error.instancePath);
}

describe.each(types.map(({ name }) => name))('the variables of %s', (name) => {
  const { variables, sensitive } = typeNamed(name);
  const properties = variables?.['properties'] as Record<string, { description: string }>;

  it('are all in the example, but for those that others stand in for', () => {
    const unseen = Object.keys(properties).filter((key) => !(key in exampleOf(name)));
    const known: Record<string, string[]> = {
      workspace_invitation: ['token'],
      password_reset: ['minutes'],
      reward_issued: ['name'],
      delivery_failing: ['state', 'since', 'waiting'],
    };
    expect(unseen).toEqual(known[name] ?? []);
    expect(Object.keys(exampleOf(name)).filter((key) => !(key in properties))).toEqual([]);
  });

  it('fit the example, nothing at all, nulls, and what is more', () => {
    const nulls = Object.fromEntries(Object.keys(properties).map((key) => [key, null]));
    for (const data of [exampleOf(name), {}, nulls, { somethingElse: [1] }]) {
      expect(misfits(name, data)).toEqual([]);
    }
  });

  it('refuse what no text could be made of, by its path', () => {
    for (const key of Object.keys(properties)) {
      expect(misfits(name, { [key]: true })).toEqual([`/${key}`]);
    }
  });

  it('say what they are for', () => {
    for (const { description } of Object.values(properties)) expect(description).toMatch(/^[A-Z`].*[^.]$/);
  });

  it('are known where they are sensitive', () => {
    expect(sensitive.filter((variable) => !(variable in properties))).toEqual([]);
  });
});

it('take people and things as text, as a number, or as an object with a name or title', () => {
  for (const contract of ['Lease', 17, { id: 'c-1', title: 'Lease' }, { name: 'Lease' }, { id: 'c-1' }]) {
    expect(misfits('approval_request', { contract })).toEqual([]);
  }
  expect(misfits('approval_request', { contract: { title: ['Lease'] } })).toEqual(['/contract/title']);
  expect(misfits('approval_request', { contract: ['Lease'] })).toEqual(['/contract']);
});

it('take a date as text or as milliseconds, and a count as a number', () => {
  expect(misfits('contract_expiring', { expiresAt: Date.UTC(2026, 11, 31), daysLeft: 0 })).toEqual([]);
  expect(misfits('contract_expiring', { expiresAt: {}, daysLeft: '30' })).toEqual([
    '/expiresAt',
    '/daysLeft',
  ]);
});
